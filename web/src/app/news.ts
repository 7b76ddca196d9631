// news: looks again when the server says that something changed, at most once in a while.
//
// A browser gives one server few connections: a page that nobody sees keeps none, and looks again
// when it is seen.

import { useEffect } from 'preact/hooks';

const TOGETHER_MS = 1000;

// `wanted`: "topic=queue", "file=UCR" or nothing. The browser connects again by itself.
export function useNews(wanted: string, again: () => void, togetherMs = TOGETHER_MS): void {
    useEffect(() => {
        let source: EventSource | undefined;
        let waiting: ReturnType<typeof setTimeout> | undefined;
        const hear = () => {
            waiting ??= setTimeout(() => {
                waiting = undefined;
                again();
            }, togetherMs);
        };
        const listen = () => {
            source = new EventSource(`/api/v1/events?${wanted}`);
            source.addEventListener('file', hear);
            source.addEventListener('reset', hear);
        };
        const turn = () => {
            if (document.hidden) {
                source?.close();
                source = undefined;
            } else if (source === undefined) {
                listen();
                hear();
            }
        };
        if (!document.hidden) listen();
        document.addEventListener('visibilitychange', turn);
        return () => {
            document.removeEventListener('visibilitychange', turn);
            source?.close();
            clearTimeout(waiting);
        };
    }, [wanted, again]);
}
