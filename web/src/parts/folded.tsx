// folded: something that is opened when it is wanted.

import type { ComponentChildren } from 'preact';

interface Props {
    title: string;
    isOpen?: boolean;
    children: ComponentChildren;
}

export function Folded({ title, isOpen = false, children }: Props) {
    return (
        <details class="govuk-details" open={isOpen}>
            <summary class="govuk-details__summary">
                <span class="govuk-details__summary-text">{title}</span>
            </summary>
            <div class="govuk-details__text">{children}</div>
        </details>
    );
}
