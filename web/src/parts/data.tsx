// data: money, moments, codes and states, written one way everywhere.

import type { FileState, Money } from '../api/types';
import { formatDecimal, formatMoment, formatMoney, useSpeech, useWords } from '../words/words';

// Codes, numbers of documents and names: in their own direction wherever they stand.
export function Code({ text }: { text: string | undefined }) {
    return text === undefined || text === '' ? null : <bdi class="desk-code">{text}</bdi>;
}

// Of a declaration it may lack a part: what is there is shown.
export function MoneyText({ money }: { money: Partial<Money> | undefined }) {
    const { language } = useSpeech();
    if (!money?.value) return null;
    const { value, currency = '' } = money;
    return <bdi class="desk-number">{formatMoney(language, { value, currency })}</bdi>;
}

export function DecimalText({ value }: { value: string | undefined }) {
    const { language } = useSpeech();
    return value === undefined ? null : (
        <bdi class="desk-number">{formatDecimal(language, value)}</bdi>
    );
}

// In UTC: what is sealed has one time, wherever it is read.
export function Moment({ at }: { at: string }) {
    const { language } = useSpeech();
    return (
        <time class="desk-number" dateTime={at} title={at}>
            {formatMoment(language, at)}
        </time>
    );
}

const colours: Record<FileState, string> = {
    empty: 'grey',
    lodged: 'blue',
    amended: 'blue',
    refused: 'red',
    accepted: 'blue',
    assessed: 'blue',
    'awaiting-documents': 'yellow',
    'under-control': 'orange',
    held: 'red',
    released: 'green',
    cleared: 'green',
    withdrawn: 'grey',
};

export function StateTag({ state }: { state: FileState }) {
    const words = useWords();
    return <strong class={`govuk-tag govuk-tag--${colours[state]}`}>{words.state[state]}</strong>;
}
