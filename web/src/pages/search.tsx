// search: consignments by reference, trader, commodity or country, and by state, office and day;
// what was asked stands in the address, so that it can be handed on.

import { useState } from 'preact/hooks';
import type { SearchQuery } from '../api/types';
import { useDesk, useLoaded } from '../app/context';
import { goSearch, usePlace } from '../app/router';
import { FieldFrame, Input, Select } from '../parts/field';
import { Pager } from '../parts/pager';
import { RowTable } from '../parts/rows';
import { Failed } from '../parts/trouble';
import { useWords } from '../words/words';

function Found({ query }: { query: SearchQuery }) {
    const { client } = useDesk();
    const words = useWords();
    const [loaded, again] = useLoaded(() => client.search(query), JSON.stringify(query));
    if (loaded.state === 'failed') return <Failed problem={loaded.problem} again={again} />;
    if (loaded.state === 'loading') return <p class="govuk-body">{words.app.loading}</p>;
    const { rows, next } = loaded.value;
    const nothing = next === undefined ? words.list.nothingFound : words.list.nothingHere;
    return (
        <>
            {rows.length === 0 ? (
                <p class="govuk-body" role="status">
                    {nothing}
                </p>
            ) : (
                <RowTable caption={words.pages.search} rows={rows} />
            )}
            <Pager next={next} />
        </>
    );
}

const filters = ['text', 'state', 'office', 'from', 'to'] as const;
type Filter = (typeof filters)[number];
type Form = Record<Filter, string>;

interface DayProps {
    id: 'from' | 'to';
    label: string;
    value: string;
    change: (value: string) => void;
}

function Day({ id, label, value, change }: DayProps) {
    return (
        <FieldFrame id={id} label={label}>
            <input
                type="date"
                id={id}
                class="govuk-input desk-date"
                value={value}
                onInput={(event) => change(event.currentTarget.value)}
            />
        </FieldFrame>
    );
}

function SearchForm({ search }: { search: URLSearchParams }) {
    const words = useWords();
    const [form, setForm] = useState(
        () => Object.fromEntries(filters.map((name) => [name, search.get(name) ?? ''])) as Form,
    );
    const put = (name: Filter) => (value: string) => setForm({ ...form, [name]: value });
    const find = (event: Event) => {
        event.preventDefault();
        const given = filters.map((name) => [name, form[name].trim()] as [Filter, string]);
        goSearch(new URLSearchParams(given.filter(([, value]) => value !== '')));
    };
    const states = Object.entries(words.state)
        .filter(([value]) => value !== 'empty')
        .map(([value, text]) => ({ value, text }));
    return (
        <form role="search" onSubmit={find}>
            <div class="desk-form">
                <Input
                    id="text"
                    label={words.list.searchFor}
                    hint={words.list.searchHint}
                    value={form.text}
                    change={put('text')}
                    autocomplete="off"
                    spellcheck={false}
                />
            </div>
            <div class="desk-row desk-row--close">
                <Select
                    id="state"
                    label={words.list.state}
                    value={form.state}
                    change={put('state')}
                    options={[{ value: '', text: words.queue.all }, ...states]}
                />
                <Input
                    id="office"
                    label={words.queue.office}
                    width={10}
                    value={form.office}
                    change={put('office')}
                    spellcheck={false}
                />
                <Day id="from" label={words.figures.from} value={form.from} change={put('from')} />
                <Day id="to" label={words.figures.to} value={form.to} change={put('to')} />
            </div>
            <button class="govuk-button">{words.list.find}</button>
        </form>
    );
}

export function SearchPage() {
    const words = useWords();
    const { search } = usePlace();
    return (
        <>
            <h1 class="govuk-heading-l">{words.pages.search}</h1>
            <SearchForm search={search} />
            {search.size > 0 && <Found query={Object.fromEntries(search)} />}
        </>
    );
}
