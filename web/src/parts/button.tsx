// button: what cannot be undone is asked for twice, in the same place.

import { useEffect, useRef, useState } from 'preact/hooks';
import { useWords } from '../words/words';

interface Props {
    text: string; // what is on it
    of: string; // what it does it to, for those who hear it alone
    isBusy: boolean;
    press: () => void;
}

function Of({ of }: { of: string }) {
    return (
        <span class="govuk-visually-hidden">
            {' '}
            <bdi>{of}</bdi>
        </span>
    );
}

export function SmallButton({ text, of, isBusy, press }: Props) {
    return (
        <button
            type="button"
            class="govuk-button govuk-button--secondary desk-small"
            disabled={isBusy}
            onClick={press}
        >
            {text}
            <Of of={of} />
        </button>
    );
}

export function AskedTwice({ text, of, isBusy, press }: Props) {
    const words = useWords().app;
    const [isAsked, setAsked] = useState(false);
    const sure = useRef<HTMLButtonElement>(null);
    useEffect(() => {
        if (isAsked) sure.current?.focus();
    }, [isAsked]);
    if (!isAsked)
        return <SmallButton text={text} of={of} isBusy={isBusy} press={() => setAsked(true)} />;
    return (
        <span class="desk-buttons" role="group">
            <button
                type="button"
                ref={sure}
                class="govuk-button govuk-button--warning desk-small"
                disabled={isBusy}
                onClick={() => {
                    setAsked(false);
                    press();
                }}
            >
                {words.really({ what: text })}
                <Of of={of} />
            </button>
            <button
                type="button"
                class="govuk-button govuk-button--secondary desk-small"
                onClick={() => setAsked(false)}
            >
                {words.cancel}
            </button>
        </span>
    );
}
