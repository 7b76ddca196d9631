// router: which page an address names; links within the desk go there without loading it anew.

import { useEffect, useState } from 'preact/hooks';

export interface Place {
    path: string;
    search: URLSearchParams;
}

function here(): Place {
    return { path: location.pathname, search: new URLSearchParams(location.search) };
}

const listeners = new Set<() => void>();

function moved(): void {
    for (const listener of listeners) listener();
}

export function go(address: string): void {
    history.pushState(null, '', address);
    moved();
}

// The same place, with another search: a filter changed. Going back goes behind it.
export function goSearch(search: URLSearchParams): void {
    history.replaceState(null, '', `${location.pathname}${search.size > 0 ? `?${search}` : ''}`);
    moved();
}

// A plain click on a link that leads to a page of the desk, in this window.
function ownLink(event: MouseEvent): HTMLAnchorElement | undefined {
    if (
        event.defaultPrevented ||
        event.button !== 0 ||
        event.metaKey ||
        event.ctrlKey ||
        event.shiftKey ||
        event.altKey ||
        !(event.target instanceof Element)
    )
        return undefined;
    const link = event.target.closest('a');
    if (
        link === null ||
        link.origin !== location.origin ||
        link.target !== '' ||
        link.hasAttribute('download') ||
        link.pathname.startsWith('/api/') ||
        (link.hash !== '' && link.pathname === location.pathname)
    )
        return undefined;
    return link;
}

export function usePlace(): Place {
    const [place, setPlace] = useState(here);
    useEffect(() => {
        const follow = () => setPlace(here());
        const click = (event: MouseEvent) => {
            const link = ownLink(event);
            if (link === undefined) return;
            event.preventDefault();
            go(link.href);
            window.scrollTo(0, 0);
        };
        listeners.add(follow);
        addEventListener('popstate', follow);
        document.addEventListener('click', click);
        return () => {
            listeners.delete(follow);
            removeEventListener('popstate', follow);
            document.removeEventListener('click', click);
        };
    }, []);
    return place;
}

// "/file/:ucr" of "/file/A%2FB" is ["A/B"]; undefined when the path is another.
export function match(pattern: string, path: string): string[] | undefined {
    const wanted = pattern.split('/');
    const given = path.split('/');
    const values: string[] = [];
    if (wanted.length !== given.length) return undefined;
    for (const [i, part] of wanted.entries()) {
        const value = given[i] as string;
        if (part.startsWith(':') && value !== '') values.push(decoded(value));
        else if (part !== value) return undefined;
    }
    return values;
}

function decoded(text: string): string {
    try {
        return decodeURIComponent(text);
    } catch {
        return text;
    }
}
