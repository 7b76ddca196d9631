// table: a table that scrolls in its own frame when it is wider than the screen.

import type { ComponentChildren } from 'preact';

interface Props {
    caption: string;
    isCaptionHidden?: boolean;
    head: { text: string; isNumber?: boolean }[];
    children: ComponentChildren;
}

export function Table({ caption, isCaptionHidden = false, head, children }: Props) {
    return (
        <div class="desk-table-frame" tabIndex={0} role="region" aria-label={caption}>
            <table class="govuk-table desk-table">
                <caption
                    class={`govuk-table__caption govuk-table__caption--m${
                        isCaptionHidden ? ' govuk-visually-hidden' : ''
                    }`}
                >
                    {caption}
                </caption>
                <thead class="govuk-table__head">
                    <tr class="govuk-table__row">
                        {head.map(({ text, isNumber }) => (
                            <th
                                key={text}
                                scope="col"
                                class={
                                    'govuk-table__header' +
                                    (isNumber ? ' govuk-table__header--numeric' : '')
                                }
                            >
                                {text}
                            </th>
                        ))}
                    </tr>
                </thead>
                <tbody class="govuk-table__body">{children}</tbody>
            </table>
        </div>
    );
}

export function Cell({ isNumber, children }: { isNumber?: boolean; children: ComponentChildren }) {
    return (
        <td class={`govuk-table__cell${isNumber ? ' govuk-table__cell--numeric' : ''}`}>
            {children}
        </td>
    );
}
