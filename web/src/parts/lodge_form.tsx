// lodge_form: the members of a declaration that a trader fills in by hand.
//
// A row names a member, reads it and puts it in; what the server finds wrong stands at its field.

import type { Declaration, Finding, Item } from '../api/types';
import { useWords, type Words } from '../words/words';
import { Input, TextArea } from './field';

interface Row<T> {
    field: string; // as findings name it
    label: (words: Words) => string;
    read: (from: T) => string | undefined;
    put: (into: T, value: string) => T;
    isNumber?: boolean;
    width?: 5 | 10 | 20 | 30;
}

// The first of a list with other members; an amended declaration keeps what has no field here.
function first<T extends object>(list: T[] | undefined, otherwise: T, change: T = otherwise): T[] {
    return [{ ...otherwise, ...list?.[0], ...change }, ...(list ?? []).slice(1)];
}

const heads: Row<Declaration>[] = [
    {
        field: 'typeCode',
        label: (words) => words.file.type,
        width: 5,
        read: (d) => d.typeCode,
        put: (d, typeCode) => ({ ...d, typeCode }),
    },
    {
        field: 'functionalReferenceId',
        label: (words) => words.file.reference,
        width: 20,
        read: (d) => d.functionalReferenceId,
        put: (d, functionalReferenceId) => ({ ...d, functionalReferenceId }),
    },
    {
        field: 'ucr',
        label: (words) => words.queue.consignment,
        width: 20,
        read: (d) => d.ucr,
        put: (d, ucr) => ({ ...d, ucr }),
    },
    {
        field: 'officeId',
        label: (words) => words.file.office,
        width: 10,
        read: (d) => d.officeId,
        put: (d, officeId) => ({ ...d, officeId }),
    },
    {
        field: 'importer',
        label: (words) => words.file.party.importer,
        width: 20,
        read: (d) => d.importer?.id,
        put: (d, id) => ({ ...d, importer: { ...d.importer, id } }),
    },
    {
        field: 'exporter',
        label: (words) => words.file.party.exporter,
        width: 20,
        read: (d) => d.exporter?.name,
        put: (d, name) => ({ ...d, exporter: { ...d.exporter, name } }),
    },
    {
        field: 'exportCountry',
        label: (words) => words.file.from,
        width: 5,
        read: (d) => d.exportCountry,
        put: (d, exportCountry) => ({ ...d, exportCountry }),
    },
    {
        field: 'destinationCountry',
        label: (words) => words.file.to,
        width: 5,
        read: (d) => d.destinationCountry,
        put: (d, destinationCountry) => ({ ...d, destinationCountry }),
    },
    {
        field: 'borderMeans.modeCode',
        label: (words) => words.lodge.mode,
        width: 5,
        read: (d) => d.borderMeans?.modeCode,
        put: (d, modeCode) => ({ ...d, borderMeans: { ...d.borderMeans, modeCode } }),
    },
    {
        field: 'goodsLocation',
        label: (words) => words.file.goodsLocation,
        width: 20,
        read: (d) => d.goodsLocation?.id,
        put: (d, id) => ({ ...d, goodsLocation: { ...d.goodsLocation, id } }),
    },
];

const parts: Row<Item>[] = [
    {
        field: 'classifications',
        label: (words) => words.file.code,
        width: 10,
        read: (item) => item.classifications?.[0]?.id,
        put: (item, id) => ({
            ...item,
            classifications: first(item.classifications, { id, typeCode: 'TSP' }),
        }),
    },
    {
        field: 'origins',
        label: (words) => words.file.origin,
        width: 5,
        read: (item) => item.origins?.[0]?.countryCode,
        put: (item, countryCode) => ({
            ...item,
            origins: first(item.origins, { countryCode, typeCode: '1' }),
        }),
    },
    {
        field: 'procedures',
        label: (words) => words.lodge.procedure,
        width: 5,
        read: (item) => item.procedures?.[0]?.currentCode,
        put: (item, currentCode) => ({
            ...item,
            procedures: first(item.procedures, { previousCode: '00' }, { currentCode }),
        }),
    },
    {
        field: 'price',
        label: (words) => words.file.price,
        width: 10,
        isNumber: true,
        read: (item) => item.price?.value,
        put: (item, value) => ({ ...item, price: { currency: item.price?.currency ?? '', value } }),
    },
    {
        field: 'price.currency',
        label: (words) => words.file.currency,
        width: 5,
        read: (item) => item.price?.currency,
        put: (item, currency) => ({ ...item, price: { value: item.price?.value ?? '', currency } }),
    },
    {
        field: 'netMass',
        label: (words) => words.file.net,
        width: 10,
        isNumber: true,
        read: (item) => item.netMass,
        put: (item, netMass) => ({ ...item, netMass }),
    },
    {
        field: 'grossMass',
        label: (words) => words.file.gross,
        width: 10,
        isNumber: true,
        read: (item) => item.grossMass,
        put: (item, grossMass) => ({ ...item, grossMass }),
    },
];

// Is it about the field, or about a part of it?
export function covers(field: string, what: string): boolean {
    return what === field || what.startsWith(`${field}.`) || what.startsWith(`${field}[`);
}

// Of findings those about a field or a part of it that has no field of its own.
function at(findings: Finding[], field: string, ids: string[]): Finding[] {
    return findings.filter(
        ({ field: what = '' }) =>
            covers(field, what) && !ids.some((id) => id.length > field.length && covers(id, what)),
    );
}

function said(findings: Finding[]): string | undefined {
    return findings.length === 0
        ? undefined
        : findings.map(({ rule, text, hint = '' }) => `${rule}: ${text}. ${hint}`.trim()).join(' ');
}

// An error stops a declaration; anything less is said beside the field.
function saidAt(findings: Finding[], field: string, ids: string[]) {
    const here = at(findings, field, ids);
    return {
        error: said(here.filter(({ severity }) => severity === 'error')),
        hint: said(here.filter(({ severity }) => severity !== 'error')),
    };
}

interface FieldsProps<T> {
    rows: Row<T>[];
    of: T;
    change: (to: T) => void;
    findings: Finding[];
    leave: (field: string) => void;
    prefix: string;
}

function Fields<T>({ rows, of, change, findings, leave, prefix }: FieldsProps<T>) {
    const words = useWords();
    const ids = rows.map(({ field }) => prefix + field);
    return (
        <div class="desk-row">
            {rows.map((row) => (
                <Input
                    key={row.field}
                    id={`${prefix}${row.field}`}
                    label={row.label(words)}
                    width={row.width ?? 20}
                    isNumber={row.isNumber ?? false}
                    spellcheck={false}
                    value={row.read(of) ?? ''}
                    change={(value) => change(row.put(of, value))}
                    leave={() => leave(`${prefix}${row.field}`)}
                    {...saidAt(findings, `${prefix}${row.field}`, ids)}
                />
            ))}
        </div>
    );
}

interface Props {
    declaration: Declaration;
    change: (to: Declaration) => void;
    findings: Finding[]; // that are to be seen
    leave: (field: string) => void; // its writer went on from it
}

export function LodgeForm({ declaration, change, findings, leave }: Props) {
    const words = useWords();
    const items = declaration.items ?? [];
    const changeItem = (at: number, to: Item) =>
        change({ ...declaration, items: items.map((item, i) => (i === at ? to : item)) });
    const renumbered = (list: Item[]) => list.map((item, i) => ({ ...item, sequence: i + 1 }));
    return (
        <>
            <Fields
                rows={heads}
                of={declaration}
                change={change}
                findings={findings}
                leave={leave}
                prefix=""
            />
            {items.map((item, i) => (
                <fieldset class="govuk-fieldset desk-item" key={i}>
                    <legend class="govuk-fieldset__legend govuk-fieldset__legend--s">
                        {words.file.item} {i + 1}
                    </legend>
                    <TextArea
                        id={`items[${i}].description`}
                        label={words.file.description}
                        rows={2}
                        value={item.description ?? ''}
                        change={(description) => changeItem(i, { ...item, description })}
                        leave={() => leave(`items[${i}].description`)}
                        {...saidAt(findings, `items[${i}].description`, [])}
                    />
                    <Fields
                        rows={parts}
                        of={item}
                        change={(to) => changeItem(i, to)}
                        findings={findings}
                        leave={leave}
                        prefix={`items[${i}].`}
                    />
                    {items.length > 1 && (
                        <button
                            type="button"
                            class="desk-plain-button"
                            onClick={() =>
                                change({
                                    ...declaration,
                                    items: renumbered(items.filter((_, at) => at !== i)),
                                })
                            }
                        >
                            {words.lodge.removeItem({ item: i + 1 })}
                        </button>
                    )}
                </fieldset>
            ))}
            <button
                type="button"
                class="govuk-button govuk-button--secondary"
                onClick={() => change({ ...declaration, items: renumbered([...items, {}]) })}
            >
                {words.lodge.addItem}
            </button>
        </>
    );
}
