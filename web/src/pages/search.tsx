// search: consignments by reference, trader, commodity or goods; what was asked stands in the
// address, so that it can be handed on.

import { useState } from 'preact/hooks';
import { useDesk, useLoaded } from '../app/context';
import { goSearch, usePlace } from '../app/router';
import { Input } from '../parts/field';
import { Pager } from '../parts/pager';
import { RowTable } from '../parts/rows';
import { Failed } from '../parts/trouble';
import { useWords } from '../words/words';

function Found({ text, cursor }: { text: string; cursor: string | undefined }) {
    const { client } = useDesk();
    const words = useWords();
    const [loaded, again] = useLoaded(() => client.search(text, cursor), `${text} ${cursor}`);
    if (loaded.state === 'failed') return <Failed problem={loaded.problem} again={again} />;
    if (loaded.state === 'loading') return <p class="govuk-body">{words.app.loading}</p>;
    if (loaded.value.rows.length === 0)
        return (
            <p class="govuk-body" role="status">
                {words.list.nothingFound}
            </p>
        );
    return (
        <>
            <RowTable caption={words.pages.search} rows={loaded.value.rows} />
            <Pager next={loaded.value.next} />
        </>
    );
}

export function SearchPage() {
    const words = useWords();
    const { search } = usePlace();
    const asked = search.get('text') ?? '';
    const [text, setText] = useState(asked);
    const find = (event: Event) => {
        event.preventDefault();
        goSearch(new URLSearchParams(text.trim() === '' ? {} : { text: text.trim() }));
    };
    return (
        <>
            <h1 class="govuk-heading-l">{words.pages.search}</h1>
            <form class="desk-form" role="search" onSubmit={find}>
                <Input
                    id="text"
                    label={words.list.searchFor}
                    hint={words.list.searchHint}
                    value={text}
                    change={setText}
                    autocomplete="off"
                    spellcheck={false}
                />
                <button class="govuk-button">{words.list.find}</button>
            </form>
            {asked !== '' && <Found text={asked} cursor={search.get('cursor') ?? undefined} />}
        </>
    );
}
