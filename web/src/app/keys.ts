// keys: single letters that do something on a page, for those who do it a hundred times a day.
// They are silent while somebody types, and with Ctrl, Alt or Meta.

import { useEffect } from 'preact/hooks';

function isTyping(target: EventTarget | null): boolean {
    return (
        target instanceof HTMLElement &&
        (target.isContentEditable || ['INPUT', 'TEXTAREA', 'SELECT'].includes(target.tagName))
    );
}

// `press` hears of the letter and of where the focus is; it says whether it did something.
export function useKeys(press: (key: string, at: Element) => boolean): void {
    useEffect(() => {
        const hear = (event: KeyboardEvent) => {
            if (isTyping(event.target) || event.ctrlKey || event.metaKey || event.altKey) return;
            if (event.target instanceof Element && press(event.key, event.target))
                event.preventDefault(); // the letter is not typed into what has the focus now
        };
        document.addEventListener('keydown', hear);
        return () => document.removeEventListener('keydown', hear);
    }, [press]);
}
