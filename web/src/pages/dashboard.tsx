// dashboard: how the desk does: what came, where it went, how long it took, what checks found and
// brought. What is drawn is rounded; the tables have it to the cent.

import type { ComponentChildren } from 'preact';
import type { Figures, Money, Tally } from '../api/types';
import { useDesk, useLoaded } from '../app/context';
import { goSearch, usePlace } from '../app/router';
import { Chart, type Series } from '../parts/chart';
import { Code, MoneyText } from '../parts/data';
import { FieldFrame, Select } from '../parts/field';
import { Cell, Table } from '../parts/table';
import { Failed } from '../parts/trouble';
import {
    formatDay,
    formatDuration,
    formatMoney,
    formatNumber,
    formatShare,
    useSpeech,
    useWords,
} from '../words/words';

const DAY_MS = 24 * 60 * 60 * 1000;
const periods = [7, 30, 90];

type Counted = Exclude<keyof Tally, 'recovered' | 'owed'>;

function useFilter(): [URLSearchParams, (change: Record<string, string>) => void] {
    const { search } = usePlace();
    const set = (change: Record<string, string>) => {
        const changed = new URLSearchParams(search);
        for (const [name, value] of Object.entries(change)) {
            if (value === '') changed.delete(name);
            else changed.set(name, value);
        }
        goSearch(changed);
    };
    return [search, set];
}

function DateInput({ id, label, value }: { id: 'from' | 'to'; label: string; value: string }) {
    const [, set] = useFilter();
    return (
        <FieldFrame id={id} label={label}>
            <input
                type="date"
                id={id}
                class="govuk-input desk-date"
                value={value}
                onChange={(event) => set({ [id]: event.currentTarget.value })}
            />
        </FieldFrame>
    );
}

function Filters({ figures }: { figures: Figures }) {
    const words = useWords();
    const [search, set] = useFilter();
    const backTo = (days: number) =>
        new Date(Date.parse(figures.to) - (days - 1) * DAY_MS).toISOString().slice(0, 10);
    return (
        <div class="desk-row desk-row--close desk-filters">
            <DateInput id="from" label={words.figures.from} value={figures.from} />
            <DateInput id="to" label={words.figures.to} value={figures.to} />
            <Select
                id="office"
                label={words.queue.office}
                value={search.get('office') ?? ''}
                change={(office) => set({ office })}
                options={[
                    { value: '', text: words.queue.all },
                    ...figures.offices.map((value) => ({ value, text: value })),
                ]}
            />
            <div class="govuk-form-group">
                <span class="govuk-label">{words.figures.period}</span>
                <span class="desk-buttons">
                    {periods.map((days) => (
                        <button
                            type="button"
                            key={days}
                            class="govuk-button govuk-button--secondary desk-small"
                            onClick={() => set({ from: backTo(days), to: figures.to })}
                        >
                            {words.figures.days({ count: days })}
                        </button>
                    ))}
                </span>
            </div>
        </div>
    );
}

function sum(rows: Tally[], name: Counted): number {
    return rows.reduce((total, row) => total + row[name], 0);
}

// To the cent: amounts are whole numbers of the smallest unit while they are added.
function sumMoney(rows: Tally[], name: 'recovered' | 'owed', currency: string): Money {
    const places = Math.max(0, ...rows.map((row) => row[name].value.split('.')[1]?.length ?? 0));
    const units = rows.reduce((total, row) => {
        const [whole = '0', part = ''] = row[name].value.split('.');
        return total + BigInt(whole + part.padEnd(places, '0'));
    }, 0n);
    const digits = String(units).padStart(places + 1, '0');
    const value = places === 0 ? digits : `${digits.slice(0, -places)}.${digits.slice(-places)}`;
    return { currency, value };
}

function rateOf({ inspected, found }: Pick<Tally, 'inspected' | 'found'>): number | null {
    return inspected > 0 ? found / inspected : null;
}

function Tile({ name, children }: { name: string; children: ComponentChildren }) {
    return (
        <div class="desk-tile">
            <dt>{name}</dt>
            <dd>{children}</dd>
        </div>
    );
}

function Tiles({ figures }: { figures: Figures }) {
    const { language, words } = useSpeech();
    const { days, currency } = figures;
    const lodged = sum(days, 'lodged');
    const released = sum(days, 'released');
    const rate = rateOf({ inspected: sum(days, 'inspected'), found: sum(days, 'found') });
    const none = words.figures.nothingYet;
    return (
        <dl class="desk-tiles">
            <Tile name={words.figures.lodged}>{formatNumber(language, lodged)}</Tile>
            <Tile name={words.figures.releasedAtOnce}>
                {lodged > 0 ? formatShare(language, released / lodged) : none}
            </Tile>
            <Tile name={words.figures.hitRate}>
                {rate === null ? none : formatShare(language, rate)}
            </Tile>
            <Tile name={words.figures.owed}>
                <MoneyText money={sumMoney(days, 'owed', currency)} />
            </Tile>
            <Tile name={words.figures.recovered}>
                <MoneyText money={sumMoney(days, 'recovered', currency)} />
            </Tile>
        </dl>
    );
}

// --- Over time ---

interface Drawn {
    name: Counted;
    colour: string;
    dash?: number[];
}

const coming: Drawn[] = [
    { name: 'lodged', colour: '#0b5351' },
    { name: 'refused', colour: '#b3281b', dash: [3, 4] },
];
const channels: Drawn[] = [
    { name: 'released', colour: '#0f6b44' },
    { name: 'documents', colour: '#1d4f91', dash: [12, 4] },
    { name: 'examined', colour: '#a34700', dash: [6, 4] },
    { name: 'held', colour: '#b3281b', dash: [2, 4] },
];

function CountChart({
    figures,
    drawn,
    title,
}: {
    figures: Figures;
    drawn: Drawn[];
    title: string;
}) {
    const { language, words } = useSpeech();
    const { days } = figures;
    const names = days.map(({ date }) => formatDay(language, date));
    const number = (value: number) => formatNumber(language, value);
    const totals = drawn.map(({ name }) => `${words.figures[name]} ${number(sum(days, name))}`);
    return (
        <Chart
            title={title}
            summary={words.figures.summary({ title, said: totals.join(', ') })}
            names={names}
            series={drawn.map(({ name, ...look }) => ({
                label: words.figures[name],
                values: days.map((day) => day[name]),
                ...look,
            }))}
            format={number}
        >
            <Table
                caption={title}
                isCaptionHidden
                head={[
                    { text: words.figures.day },
                    ...drawn.map(({ name }) => ({ text: words.figures[name], isNumber: true })),
                ]}
            >
                {days.map((day, i) => (
                    <tr class="govuk-table__row" key={day.date}>
                        <Cell>{names[i]}</Cell>
                        {drawn.map(({ name }) => (
                            <Cell key={name} isNumber>
                                {number(day[name])}
                            </Cell>
                        ))}
                    </tr>
                ))}
            </Table>
        </Chart>
    );
}

function HitChart({ figures }: { figures: Figures }) {
    const { language, words } = useSpeech();
    const { days } = figures;
    const title = words.figures.hitRate;
    const names = days.map(({ date }) => formatDay(language, date));
    const share = (value: number | null) =>
        value === null ? words.figures.nothingYet : formatShare(language, value);
    const all = rateOf({ inspected: sum(days, 'inspected'), found: sum(days, 'found') });
    const head = [
        { text: words.figures.day },
        { text: words.figures.inspected, isNumber: true },
        { text: words.figures.found, isNumber: true },
        { text: title, isNumber: true },
    ];
    return (
        <Chart
            title={title}
            summary={words.figures.summary({ title, said: share(all) })}
            names={names}
            series={[{ label: title, values: days.map(rateOf), colour: '#0b5351' }]}
            format={share}
        >
            <Table caption={title} isCaptionHidden head={head}>
                {days.map((day, i) => (
                    <tr class="govuk-table__row" key={day.date}>
                        <Cell>{names[i]}</Cell>
                        <Cell isNumber>{formatNumber(language, day.inspected)}</Cell>
                        <Cell isNumber>{formatNumber(language, day.found)}</Cell>
                        <Cell isNumber>{share(rateOf(day))}</Cell>
                    </tr>
                ))}
            </Table>
        </Chart>
    );
}

function RevenueChart({ figures }: { figures: Figures }) {
    const { language, words } = useSpeech();
    const { days, currency } = figures;
    const title = words.figures.revenue;
    const names = days.map(({ date }) => formatDay(language, date));
    const kinds = ['owed', 'recovered'] as const;
    const series: Series[] = kinds.map((kind, i) => ({
        label: words.figures[kind],
        values: days.map((day) => Number(day[kind].value)),
        colour: i === 0 ? '#0b5351' : '#a34700',
        ...(i === 0 ? {} : { dash: [6, 4] }),
    }));
    const totals = kinds.map(
        (kind) => `${words.figures[kind]} ${formatMoney(language, sumMoney(days, kind, currency))}`,
    );
    const head = [
        { text: words.figures.day },
        ...kinds.map((kind) => ({ text: words.figures[kind], isNumber: true })),
    ];
    return (
        <Chart
            title={`${title} (${currency})`}
            summary={words.figures.summary({ title, said: totals.join(', ') })}
            names={names}
            series={series}
            format={(value) => formatNumber(language, value, true)}
        >
            <Table caption={title} isCaptionHidden head={head}>
                {days.map((day, i) => (
                    <tr class="govuk-table__row" key={day.date}>
                        <Cell>{names[i]}</Cell>
                        {kinds.map((kind) => (
                            <Cell key={kind} isNumber>
                                <MoneyText money={day[kind]} />
                            </Cell>
                        ))}
                    </tr>
                ))}
            </Table>
        </Chart>
    );
}

interface BarsProps {
    title: string;
    label: string;
    names: string[];
    counts: number[];
    children: ComponentChildren; // its table
}

function Bars({ title, label, names, counts, children }: BarsProps) {
    const { language, words } = useSpeech();
    const number = (value: number) => formatNumber(language, value);
    const said = counts.map((count, i) => `${names[i]} ${number(count)}`).join(', ');
    return (
        <Chart
            title={title}
            summary={words.figures.summary({ title, said })}
            names={names}
            isBars
            series={[{ label, values: counts, colour: '#0b5351' }]}
            format={number}
        >
            {children}
        </Chart>
    );
}

// --- How long, and where ---

function ClearanceChart({ figures: { clearance } }: { figures: Figures }) {
    const { language, words } = useSpeech();
    const title = words.figures.clearance;
    const names = clearance.map(({ upToSeconds }, i) =>
        upToSeconds === undefined
            ? words.figures.longer({
                  time: formatDuration(language, clearance[i - 1]?.upToSeconds ?? 0),
              })
            : words.figures.upTo({ time: formatDuration(language, upToSeconds) }),
    );
    const number = (value: number) => formatNumber(language, value);
    const head = [{ text: title }, { text: words.figures.released, isNumber: true }];
    return (
        <Bars
            title={title}
            label={words.figures.released}
            names={names}
            counts={clearance.map(({ count }) => count)}
        >
            <Table caption={title} isCaptionHidden head={head}>
                {clearance.map(({ count }, i) => (
                    <tr class="govuk-table__row" key={i}>
                        <Cell>{names[i]}</Cell>
                        <Cell isNumber>{number(count)}</Cell>
                    </tr>
                ))}
            </Table>
        </Bars>
    );
}

const ofOffice: Counted[] = [
    'lodged',
    'refused',
    'released',
    'documents',
    'examined',
    'held',
    'inspected',
    'found',
];

function OfficeTable({ figures }: { figures: Figures }) {
    const { language, words } = useSpeech();
    const head = [
        { text: words.queue.office },
        ...ofOffice.map((name) => ({ text: words.figures[name], isNumber: true })),
        { text: words.figures.hitRate, isNumber: true },
        { text: words.figures.owed, isNumber: true },
        { text: words.figures.recovered, isNumber: true },
    ];
    return (
        <Table caption={words.figures.byOffice} isCaptionHidden head={head}>
            {figures.byOffice.map((row) => {
                const rate = rateOf(row);
                return (
                    <tr class="govuk-table__row" key={row.office}>
                        <Cell>
                            {row.office === '' ? (
                                words.figures.noOffice
                            ) : (
                                <Code text={row.office} />
                            )}
                        </Cell>
                        {ofOffice.map((name) => (
                            <Cell key={name} isNumber>
                                {formatNumber(language, row[name])}
                            </Cell>
                        ))}
                        <Cell isNumber>{rate !== null && formatShare(language, rate)}</Cell>
                        <Cell isNumber>
                            <MoneyText money={row.owed} />
                        </Cell>
                        <Cell isNumber>
                            <MoneyText money={row.recovered} />
                        </Cell>
                    </tr>
                );
            })}
        </Table>
    );
}

function OfficeChart({ figures }: { figures: Figures }) {
    const words = useWords();
    const { byOffice } = figures;
    const title = words.figures.byOffice;
    const names = byOffice.map(({ office }) => (office === '' ? words.figures.noOffice : office));
    return (
        <Bars
            title={title}
            label={words.figures.lodged}
            names={names}
            counts={byOffice.map(({ lodged }) => lodged)}
        >
            <OfficeTable figures={figures} />
        </Bars>
    );
}

export function DashboardPage() {
    const { client } = useDesk();
    const { search } = usePlace();
    const words = useWords();
    const query = Object.fromEntries(search);
    const [loaded, again] = useLoaded(() => client.figures(query), search.toString());
    if (loaded.state === 'failed') return <Failed problem={loaded.problem} again={again} />;
    if (loaded.state === 'loading') return <p class="govuk-body">{words.app.loading}</p>;
    const figures = loaded.value;
    return (
        <>
            <div class="desk-title">
                <h1 class="govuk-heading-l">{words.pages.dashboard}</h1>
                <button type="button" class="desk-plain-button desk-screen" onClick={() => print()}>
                    {words.app.print}
                </button>
            </div>
            <Filters figures={figures} />
            <Tiles figures={figures} />
            <div class="desk-charts">
                <CountChart figures={figures} drawn={coming} title={words.figures.coming} />
                <CountChart figures={figures} drawn={channels} title={words.figures.channels} />
                <ClearanceChart figures={figures} />
                <HitChart figures={figures} />
                <RevenueChart figures={figures} />
                <OfficeChart figures={figures} />
            </div>
        </>
    );
}
