// acts: what the one who looks may do next with a file. The server says what that is.

import { useState } from 'preact/hooks';
import type { Act, Decision, File } from '../api/types';
import { useDesk, useDoing } from '../app/context';
import { useWords } from '../words/words';
import { Checkbox, Input, Select, TextArea } from './field';
import { Trouble } from './trouble';

interface Props { file: File; again: () => void }

const decisions: (Decision | 'settle')[] = [
    'release', 'examine', 'hold', 'documents', 'refuse', 'settle',
];

function DecideForm({ file, again }: Props) {
    const { client } = useDesk(), words = useWords();
    const [isBusy, problem, run] = useDoing();
    const [decision, setDecision] = useState(''), [reason, setReason] = useState('');
    const [isTried, setTried] = useState(false);
    const open = decisions.filter((one) => file.may.includes(one));
    const decide = (event: Event) => {
        event.preventDefault();
        setTried(true);
        const chosen = open.find((one) => one === decision);
        if (chosen === undefined || reason.trim() === '') return;
        run(async () => {
            await client.decide(file.file, chosen, reason.trim());
            again();
        });
    };
    if (open.length === 0) return null;
    return (
        <form onSubmit={decide} noValidate>
            <h2 class="govuk-heading-m">{words.file.decide}</h2>
            {problem && <Trouble problem={problem} />}
            <Select id="decision" label={words.file.decision} value={decision} change={setDecision}
                error={decision === '' && isTried ? words.file.chooseDecision : undefined}
                options={[{ value: '', text: '' },
                    ...open.map((one) => ({ value: one, text: words.act[one] }))]} />
            <TextArea id="reason" label={words.file.reason} hint={words.file.reasonHint}
                value={reason} change={setReason}
                error={reason.trim() === '' && isTried ? words.file.reasonMissing : undefined} />
            <button class="govuk-button" disabled={isBusy}>{words.file.decide}</button>
        </form>
    );
}

function RequestForm({ file, again }: Props) {
    const { client } = useDesk(), words = useWords().file;
    const [isBusy, problem, run] = useDoing();
    const [type, setType] = useState(''), [text, setText] = useState('');
    const [isTried, setTried] = useState(false);
    const ask = (event: Event) => {
        event.preventDefault();
        setTried(true);
        if (type.trim() === '') return;
        run(async () => {
            await client.request(file.file, type.trim(), text.trim());
            again();
        });
    };
    return (
        <form onSubmit={ask} noValidate>
            {problem && <Trouble problem={problem} />}
            <Input id="document" label={words.document} hint={words.documentHint} width={10}
                value={type} change={setType}
                error={type.trim() === '' && isTried ? words.documentMissing : undefined} />
            <TextArea id="message" label={words.message} value={text} change={setText} />
            <button class="govuk-button govuk-button--secondary" disabled={isBusy}>{words.ask}</button>
        </form>
    );
}

function InspectForm({ file, again }: Props) {
    const { client } = useDesk(), words = useWords().file;
    const [isBusy, problem, run] = useDoing();
    const [found, setFound] = useState(''), [isIrregular, setIrregular] = useState(false);
    const [value, setValue] = useState(''), [currency, setCurrency] = useState('EUR');
    const [isTried, setTried] = useState(false);
    const record = (event: Event) => {
        event.preventDefault();
        setTried(true);
        if (found.trim() === '') return;
        run(async () => {
            await client.inspect(file.file, {
                found: found.trim(),
                irregular: isIrregular,
                ...(value.trim() === '' ? {} : { revenue: { value: value.trim(), currency } }),
            });
            again();
        });
    };
    return (
        <form onSubmit={record} noValidate>
            {problem && <Trouble problem={problem} />}
            <TextArea id="found" label={words.found} value={found} change={setFound}
                error={found.trim() === '' && isTried ? words.foundMissing : undefined} />
            <Checkbox id="irregular" label={words.irregular} value={isIrregular}
                change={setIrregular} />
            <div class="desk-row">
                <Input id="revenue" label={words.revenue} width={10} isNumber
                    value={value} change={setValue} />
                <Input id="currency" label={words.currency} width={5} value={currency}
                    change={setCurrency} />
            </div>
            <button class="govuk-button govuk-button--secondary" disabled={isBusy}>
                {words.inspection}
            </button>
        </form>
    );
}

function TaskButton({ file, again, act }: Props & { act: 'claim' | 'unclaim' }) {
    const { client } = useDesk(), words = useWords();
    const [isBusy, problem, run] = useDoing();
    const press = () => run(async () => {
        await client[act](file.file);
        again();
    });
    return (
        <>
            {problem && <Trouble problem={problem} />}
            <button type="button" class="govuk-button govuk-button--secondary" disabled={isBusy}
                onClick={press}>{words.act[act]}</button>
        </>
    );
}

export function FileActs({ file, again }: Props) {
    const words = useWords(), may = (act: Act) => file.may.includes(act);
    if (file.may.length === 0) return null;
    return (
        <section class="desk-acts desk-screen">
            {may('claim') && <TaskButton file={file} again={again} act="claim" />}
            {may('unclaim') && <TaskButton file={file} again={again} act="unclaim" />}
            <DecideForm file={file} again={again} />
            {may('request') && (
                <details class="govuk-details">
                    <summary class="govuk-details__summary">
                        <span class="govuk-details__summary-text">{words.act.request}</span>
                    </summary>
                    <div class="govuk-details__text"><RequestForm file={file} again={again} /></div>
                </details>)}
            {may('inspect') && (
                <details class="govuk-details">
                    <summary class="govuk-details__summary">
                        <span class="govuk-details__summary-text">{words.act.inspect}</span>
                    </summary>
                    <div class="govuk-details__text"><InspectForm file={file} again={again} /></div>
                </details>)}
        </section>
    );
}
