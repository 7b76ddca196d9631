// pager: on to the next rows, and back to the first; the place stands in the address.

import { goSearch, usePlace } from '../app/router';
import { useWords } from '../words/words';

export function Pager({ next }: { next: string | undefined }) {
    const { search } = usePlace();
    const words = useWords();
    const to = (cursor: string | undefined) => {
        const moved = new URLSearchParams(search);
        if (cursor === undefined) moved.delete('cursor');
        else moved.set('cursor', cursor);
        goSearch(moved);
        window.scrollTo(0, 0);
    };
    if (next === undefined && !search.has('cursor')) return null;
    return (
        <div class="desk-row">
            {search.has('cursor') && (
                <button
                    type="button"
                    class="govuk-button govuk-button--secondary"
                    onClick={() => to(undefined)}
                >
                    {words.app.firstPage}
                </button>
            )}
            {next !== undefined && (
                <button
                    type="button"
                    class="govuk-button govuk-button--secondary"
                    onClick={() => to(next)}
                >
                    {words.app.nextPage}
                </button>
            )}
        </div>
    );
}
