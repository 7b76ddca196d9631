// list: names and what they stand for; rows without a value are left out.

import type { ComponentChildren } from 'preact';

export interface ListRow {
    name: string;
    value: ComponentChildren;
}

export function isEmpty(value: ComponentChildren): boolean {
    return (
        value === undefined ||
        value === null ||
        value === false ||
        value === '' ||
        (Array.isArray(value) && value.every(isEmpty))
    );
}

export function List({ rows }: { rows: ListRow[] }) {
    return (
        <dl class="govuk-summary-list desk-list">
            {rows
                .filter(({ value }) => !isEmpty(value))
                .map(({ name, value }) => (
                    <div class="govuk-summary-list__row" key={name}>
                        <dt class="govuk-summary-list__key">{name}</dt>
                        <dd class="govuk-summary-list__value">{value}</dd>
                    </div>
                ))}
        </dl>
    );
}
