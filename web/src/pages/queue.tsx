// queue: what waits for an officer, most worth a check first.
//
// Keys: j and k move from row to row, Enter opens (a row's link has the focus), c takes the task.

import { useCallback, useRef } from 'preact/hooks';
import type { Row as FileRow } from '../api/types';
import { useDesk, useDoing, useLoaded } from '../app/context';
import { useKeys } from '../app/keys';
import { type Mark, useLooked } from '../app/looked';
import { useNews } from '../app/news';
import { goSearch, usePlace } from '../app/router';
import { Code, MoneyText, Moment } from '../parts/data';
import { Select } from '../parts/field';
import { Pager } from '../parts/pager';
import { Cell, Table } from '../parts/table';
import { Failed, Trouble } from '../parts/trouble';
import { useWords } from '../words/words';

// Moves the focus among the links of the rows; 'c' presses the row's button.
function useRowKeys() {
    const body = useRef<HTMLDivElement>(null);
    const press = useCallback((key: string, at: Element) => {
        const links = [...(body.current?.querySelectorAll<HTMLElement>('a[data-row]') ?? [])];
        const row = at.closest('tr');
        const number = links.findIndex((link) => row?.contains(link));
        if (key === 'j') links[Math.min(number + 1, links.length - 1)]?.focus();
        else if (key === 'k') links[Math.max(number - 1, 0)]?.focus();
        else if (key === 'c') row?.querySelector<HTMLElement>('button[data-take]')?.click();
        else return false;
        return true;
    }, []);
    useKeys(press);
    return body;
}

const claims = ['anybody', 'nobody', 'mine'] as const;

function Filters({ offices, types }: { offices: string[]; types: string[] }) {
    const { search } = usePlace();
    const words = useWords();
    const set = (name: string, value: string) => {
        const changed = new URLSearchParams(search);
        changed.delete('cursor');
        if (value === '') changed.delete(name);
        else changed.set(name, value);
        goSearch(changed);
    };
    const all = { value: '', text: words.queue.all };
    // What is filtered by stays to be seen, also when nothing of it waits any more.
    const options = (name: string, values: string[]) => {
        const chosen = search.get(name) ?? '';
        const shown = chosen === '' || values.includes(chosen) ? values : [chosen, ...values];
        return [all, ...shown.map((value) => ({ value, text: value }))];
    };
    return (
        <div class="desk-row desk-row--close desk-filters">
            <Select
                id="office"
                label={words.queue.office}
                value={search.get('office') ?? ''}
                change={(value) => set('office', value)}
                options={options('office', offices)}
            />
            <Select
                id="type"
                label={words.queue.type}
                value={search.get('type') ?? ''}
                change={(value) => set('type', value)}
                options={options('type', types)}
            />
            <Select
                id="claimed"
                label={words.queue.claimed}
                value={search.get('claimed') ?? 'anybody'}
                change={(value) => set('claimed', value === 'anybody' ? '' : value)}
                options={claims.map((value) => ({ value, text: words.queue.claims[value] }))}
            />
        </div>
    );
}

function Task({ row, again }: { row: FileRow; again: () => void }) {
    const { client, session } = useDesk();
    const words = useWords();
    const [isBusy, problem, run] = useDoing();
    const mayTake = session?.role === 'officer' || session?.role === 'supervisor';
    const take = () =>
        run(async () => {
            await client.claim(row.file);
            again();
        });
    if (problem) return <Trouble problem={problem} />;
    if (row.claimedBy)
        return <bdi>{words.queue.takenBy({ name: row.claimedBy.replace(/^user:/, '') })}</bdi>;
    if (!mayTake) return null;
    return (
        <button
            type="button"
            class="govuk-button govuk-button--secondary desk-small"
            data-take
            disabled={isBusy}
            aria-label={words.queue.takeWhich({ file: row.file })}
            onClick={take}
        >
            {words.queue.take}
        </button>
    );
}

function Row({ row, mark, again }: { row: FileRow; mark: Mark; again: () => void }) {
    const words = useWords();
    return (
        <tr class={`govuk-table__row${mark ? ' desk-marked' : ''}`}>
            <Cell>
                <a class="govuk-link" data-row href={`/desk/file/${encodeURIComponent(row.file)}`}>
                    <Code text={row.file} />
                </a>{' '}
                {mark && <strong class="govuk-tag desk-mark">{words.queue[mark]}</strong>}
                {row.requestsOpen ? (
                    <div class="desk-quiet">{words.queue.asked({ count: row.requestsOpen })}</div>
                ) : null}
            </Cell>
            <Cell isNumber>
                <MoneyText money={row.worth} />
            </Cell>
            <Cell isNumber>
                {row.score}
                {row.random && <div class="desk-quiet">{words.queue.random}</div>}
            </Cell>
            <Cell>
                <Code text={row.commodity} />
            </Cell>
            <Cell>
                <Code text={row.origin} />
            </Cell>
            <Cell>
                <Code text={row.importer} />
            </Cell>
            <Cell>
                <Code text={row.office} />
            </Cell>
            <Cell>
                <Moment at={row.lodgedAt} />
            </Cell>
            <Cell>
                <Task row={row} again={again} />
            </Cell>
        </tr>
    );
}

export function QueuePage() {
    const { client, session } = useDesk();
    const { search } = usePlace();
    const words = useWords();
    const query = Object.fromEntries(search);
    const [loaded, again] = useLoaded(() => client.queue(query), search.toString());
    const body = useRowKeys();
    const there = loaded.state === 'there' ? loaded.value : undefined;
    const markOf = useLooked('queue', session?.name ?? '', there?.rows);
    const filters = useRef<{ offices: string[]; types: string[] }>({ offices: [], types: [] });
    if (there) filters.current = { offices: there.offices ?? [], types: there.types ?? [] };
    useNews('topic=queue', again);
    if (loaded.state === 'failed') return <Failed problem={loaded.problem} again={again} />;
    const head = [
        words.queue.consignment,
        words.queue.worth,
        words.queue.score,
        words.queue.goods,
        words.queue.origin,
        words.queue.importer,
        words.queue.office,
        words.queue.lodged,
        words.queue.task,
    ].map((text, i) => ({ text, isNumber: i === 1 || i === 2 }));
    return (
        <>
            <h1 class="govuk-heading-l">{words.pages.queue}</h1>
            <Filters {...filters.current} />
            {loaded.state === 'loading' && <p class="govuk-body">{words.app.loading}</p>}
            {loaded.state === 'there' && (
                <div ref={body}>
                    <p class="govuk-body" role="status">
                        <strong>{words.queue.waiting({ count: loaded.value.waiting })}</strong>{' '}
                        {loaded.value.rows.length === 0 ? words.queue.empty : words.queue.order}{' '}
                        <span class="desk-quiet desk-keys">{words.queue.keys}</span>
                    </p>
                    <Table caption={words.pages.queue} isCaptionHidden head={head}>
                        {loaded.value.rows.map((row) => (
                            <Row key={row.file} row={row} mark={markOf(row)} again={again} />
                        ))}
                    </Table>
                    <Pager next={loaded.value.next} />
                </div>
            )}
        </>
    );
}
