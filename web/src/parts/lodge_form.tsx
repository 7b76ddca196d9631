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
        put: (item, id) => ({ ...item, classifications: [{ id, typeCode: 'TSP' }] }),
    },
    {
        field: 'origins',
        label: (words) => words.file.origin,
        width: 5,
        read: (item) => item.origins?.[0]?.countryCode,
        put: (item, countryCode) => ({ ...item, origins: [{ countryCode, typeCode: '1' }] }),
    },
    {
        field: 'procedures',
        label: (words) => words.lodge.procedure,
        width: 5,
        read: (item) => item.procedures?.[0]?.currentCode,
        put: (item, currentCode) => ({
            ...item,
            procedures: [{ currentCode, previousCode: '00' }],
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

function errorAt(findings: Finding[], field: string): string | undefined {
    const here = findings.filter((finding) => finding.field === field);
    return here.length === 0
        ? undefined
        : here.map(({ text, hint }) => `${text}. ${hint}`).join(' ');
}

interface FieldsProps<T> {
    rows: Row<T>[];
    of: T;
    change: (to: T) => void;
    findings: Finding[];
    prefix: string;
}

function Fields<T>({ rows, of, change, findings, prefix }: FieldsProps<T>) {
    const words = useWords();
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
                    error={errorAt(findings, `${prefix}${row.field}`)}
                />
            ))}
        </div>
    );
}

interface Props {
    declaration: Declaration;
    change: (to: Declaration) => void;
    findings: Finding[];
}

export function LodgeForm({ declaration, change, findings }: Props) {
    const words = useWords();
    const items = declaration.items ?? [];
    const changeItem = (at: number, to: Item) =>
        change({ ...declaration, items: items.map((item, i) => (i === at ? to : item)) });
    const renumbered = (list: Item[]) => list.map((item, i) => ({ ...item, sequence: i + 1 }));
    return (
        <>
            <Fields rows={heads} of={declaration} change={change} findings={findings} prefix="" />
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
                        error={errorAt(findings, `items[${i}].description`)}
                    />
                    <Fields
                        rows={parts}
                        of={item}
                        change={(to) => changeItem(i, to)}
                        findings={findings}
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
                            {words.lodge.removeItem(i + 1)}
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
