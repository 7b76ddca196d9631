// news: looks again when the server says that something changed, at most once a second.

import { useEffect } from 'preact/hooks';

const TOGETHER_MS = 1000;

// `wanted`: "topic=queue", "file=UCR" or nothing. The browser connects again by itself.
export function useNews(wanted: string, again: () => void): void {
    useEffect(() => {
        const source = new EventSource(`/api/v1/events?${wanted}`);
        let waiting: ReturnType<typeof setTimeout> | undefined;
        const hear = () => {
            waiting ??= setTimeout(() => {
                waiting = undefined;
                again();
            }, TOGETHER_MS);
        };
        source.addEventListener('file', hear);
        source.addEventListener('reset', hear);
        return () => {
            source.close();
            clearTimeout(waiting);
        };
    }, [wanted, again]);
}
