// secret: something that is shown this once: to be copied now.

import { useId, useRef, useState } from 'preact/hooks';
import { useWords } from '../words/words';

interface Props {
    title: string;
    text: string;
    label: string;
    value: string;
    done: () => void;
}

export function Secret({ title, text, label, value, done }: Props) {
    const words = useWords().app;
    const id = useId();
    const input = useRef<HTMLInputElement>(null);
    const [isCopied, setCopied] = useState(false);
    const copy = async () => {
        input.current?.select();
        // Without a clipboard of ours (no secure context) it is at least marked.
        await navigator.clipboard?.writeText(value).then(
            () => setCopied(true),
            () => undefined,
        );
    };
    return (
        <section class="desk-verdict desk-verdict--open" aria-live="polite">
            <h2 class="govuk-heading-m">{title}</h2>
            <p class="govuk-body desk-prose">{text}</p>
            <label class="govuk-label" for={id}>
                {label}
            </label>
            <div class="desk-row desk-row--close">
                <input
                    id={id}
                    ref={input}
                    class="govuk-input desk-secret"
                    dir="ltr"
                    readOnly
                    value={value}
                    onFocus={(event) => event.currentTarget.select()}
                />
                <button type="button" class="govuk-button desk-low" onClick={() => void copy()}>
                    {isCopied ? words.copied : words.copy}
                </button>
                <button
                    type="button"
                    class="govuk-button govuk-button--secondary desk-low"
                    onClick={done}
                >
                    {words.done}
                </button>
            </div>
        </section>
    );
}
