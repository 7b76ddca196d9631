// acts: what the one who looks may do next with a file. The server says what that is.

import { useState } from 'preact/hooks';
import type { Act, Decision, File } from '../api/types';
import { useDesk, useDoing } from '../app/context';
import { useWords } from '../words/words';
import { Input, Select, TextArea } from './field';
import { Folded } from './folded';
import { Trouble } from './trouble';

interface Props {
    file: File;
    again: () => void;
}

const decisions: Decision[] = ['release', 'examine', 'hold', 'documents', 'refuse'];

// "overrule" stands in place of "decide" where another decision would be replaced.
function DecideForm({ file, again, act }: Props & { act: 'decide' | 'overrule' }) {
    const { client, verified } = useDesk();
    const words = useWords();
    const [isBusy, problem, run] = useDoing();
    const [decision, setDecision] = useState('');
    const [reason, setReason] = useState('');
    const [isTried, setTried] = useState(false);
    const open = decisions.filter((one) => file.may.includes(`${act}:${one}`));
    const decide = (event: Event) => {
        event.preventDefault();
        setTried(true);
        const chosen = open.find((one) => one === decision);
        if (chosen === undefined || reason.trim() === '') return;
        run(async () => {
            await verified(() => client.decide(file, chosen, reason.trim()));
            again();
        });
    };
    if (open.length === 0) return null;
    return (
        <form onSubmit={decide} noValidate>
            <h2 class="govuk-heading-m">{words.file[act]}</h2>
            {problem && <Trouble problem={problem} />}
            <Select
                id="decision"
                label={words.file.decision}
                value={decision}
                change={setDecision}
                error={decision === '' && isTried ? words.file.chooseDecision : undefined}
                options={[
                    { value: '', text: '' },
                    ...open.map((one) => ({ value: one, text: words.decide[one] })),
                ]}
            />
            <TextArea
                id="reason"
                label={words.file.reason}
                hint={words.file.reasonHint}
                value={reason}
                change={setReason}
                error={reason.trim() === '' && isTried ? words.file.reasonMissing : undefined}
            />
            <button class="govuk-button" disabled={isBusy}>
                {words.file[act]}
            </button>
        </form>
    );
}

function RequestForm({ file, again }: Props) {
    const { client } = useDesk();
    const words = useWords().file;
    const [isBusy, problem, run] = useDoing();
    const [type, setType] = useState('');
    const [text, setText] = useState('');
    const [isTried, setTried] = useState(false);
    const ask = (event: Event) => {
        event.preventDefault();
        setTried(true);
        if (text.trim() === '') return;
        run(async () => {
            await client.request(file, {
                text: text.trim(),
                ...(type.trim() === '' ? {} : { type: type.trim() }),
            });
            again();
        });
    };
    return (
        <form onSubmit={ask} noValidate>
            {problem && <Trouble problem={problem} />}
            <Input
                id="document"
                label={words.document}
                hint={words.documentHint}
                width={10}
                value={type}
                change={setType}
            />
            <TextArea
                id="message"
                label={words.message}
                value={text}
                change={setText}
                error={text.trim() === '' && isTried ? words.messageMissing : undefined}
            />
            <button class="govuk-button govuk-button--secondary" disabled={isBusy}>
                {words.ask}
            </button>
        </form>
    );
}

function InspectForm({ file, again }: Props) {
    const { client } = useDesk();
    const words = useWords().file;
    const [isBusy, problem, run] = useDoing();
    const [found, setFound] = useState('');
    const [text, setText] = useState('');
    const [minutes, setMinutes] = useState('');
    const [isTried, setTried] = useState(false);
    const [value, setValue] = useState('');
    const [currency, setCurrency] = useState(file.owed?.currency ?? 'EUR');
    const isWhole = /^[0-9]+$/.test(minutes);
    const record = (event: Event) => {
        event.preventDefault();
        setTried(true);
        if (!isWhole) return;
        run(async () => {
            await client.inspect(file, {
                found: found
                    .split('\n')
                    .map((line) => line.trim())
                    .filter((line) => line !== ''),
                minutes: Number(minutes),
                ...(text.trim() === '' ? {} : { text: text.trim() }),
                ...(value.trim() === '' ? {} : { recovered: { value: value.trim(), currency } }),
            });
            again();
        });
    };
    return (
        <form onSubmit={record} noValidate>
            {problem && <Trouble problem={problem} />}
            <TextArea
                id="found"
                label={words.found}
                hint={words.foundHint}
                value={found}
                change={setFound}
            />
            <TextArea id="remarks" label={words.remarks} rows={2} value={text} change={setText} />
            <div class="desk-row">
                <Input
                    id="minutes"
                    label={words.minutes}
                    width={5}
                    isNumber
                    value={minutes}
                    change={setMinutes}
                    error={!isWhole && isTried ? words.minutesWrong : undefined}
                />
                <Input
                    id="revenue"
                    label={words.revenue}
                    width={10}
                    isNumber
                    value={value}
                    change={setValue}
                />
                <Input
                    id="currency"
                    label={words.currency}
                    width={5}
                    value={currency}
                    change={setCurrency}
                />
            </div>
            <button class="govuk-button govuk-button--secondary" disabled={isBusy}>
                {words.inspection}
            </button>
        </form>
    );
}

function SettleForm({ file, again }: Props) {
    const { client, verified } = useDesk();
    const words = useWords();
    const [isBusy, problem, run] = useDoing();
    const [reference, setReference] = useState('');
    const [isTried, setTried] = useState(false);
    const settle = (event: Event) => {
        event.preventDefault();
        setTried(true);
        if (reference.trim() === '') return;
        run(async () => {
            await verified(() => client.decide(file, 'settle', reference.trim()));
            again();
        });
    };
    return (
        <form onSubmit={settle} noValidate>
            {problem && <Trouble problem={problem} />}
            <Input
                id="payment"
                label={words.file.payment}
                width={20}
                value={reference}
                change={setReference}
                error={reference.trim() === '' && isTried ? words.file.paymentMissing : undefined}
            />
            <button class="govuk-button govuk-button--secondary" disabled={isBusy}>
                {words.act.settle}
            </button>
        </form>
    );
}

function TaskButton({ file, again, act }: Props & { act: 'claim' | 'unclaim' }) {
    const { client } = useDesk();
    const words = useWords();
    const [isBusy, problem, run] = useDoing();
    const press = () =>
        run(async () => {
            await client[act](file.file);
            again();
        });
    return (
        <>
            {problem && <Trouble problem={problem} />}
            <button
                type="button"
                class="govuk-button govuk-button--secondary"
                data-task
                disabled={isBusy}
                onClick={press}
            >
                {words.act[act]}
            </button>
        </>
    );
}

const shown: Act[] = ['claim', 'unclaim', 'request', 'inspect', 'settle'];

export function FileActs({ file, again }: Props) {
    const words = useWords();
    const may = (act: Act) => file.may.includes(act);
    if (!file.may.some((act) => shown.includes(act) || act.includes(':'))) return null;
    const props = { file, again };
    return (
        <section class="desk-acts desk-screen">
            {may('claim') && <TaskButton {...props} act="claim" />}
            {may('unclaim') && <TaskButton {...props} act="unclaim" />}
            <DecideForm {...props} act="decide" />
            <DecideForm {...props} act="overrule" />
            {may('request') && (
                <Folded title={words.act.request}>
                    <RequestForm {...props} />
                </Folded>
            )}
            {may('inspect') && (
                <Folded title={words.act.inspect}>
                    <InspectForm {...props} />
                </Folded>
            )}
            {may('settle') && (
                <Folded title={words.act.settle}>
                    <SettleForm {...props} />
                </Folded>
            )}
        </section>
    );
}
