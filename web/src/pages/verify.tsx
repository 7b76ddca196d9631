// verify: drop a proof, and see what it shows. Nothing is sent anywhere.

import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import type { Decision } from '../api/types';
import { useDesk, useDoing } from '../app/context';
import { Code } from '../parts/data';
import { FactList } from '../parts/facts';
import { describedBy, FieldFrame, Input } from '../parts/field';
import { List } from '../parts/list';
import { Trouble } from '../parts/trouble';
import { type PaperVerdict, verifyPaper } from '../verify/paper';
import { type Verdict, type Why } from '../verify/verdict';
import { useWords, type Words } from '../words/words';

const FILE_MAX = 16 * 1024 * 1024;
const looks: Record<Verdict, string> = {
    true: 'good',
    'cannot-tell': 'open',
    'not-sealed': 'bad',
    forged: 'bad',
    malformed: 'bad',
};

function decisionName({ decision }: Words, name: string): string {
    return Object.hasOwn(decision, name) ? decision[name as Decision] : name;
}

function sentence(words: Words, why: Why): string {
    const { why: says, notAProof } = words.verify;
    switch (why.code) {
        case 'sealed':
            return says.sealed({ ...why, decision: decisionName(words, why.decision) });
        case 'sealed-in-part':
            return says['sealed-in-part']({
                ...why,
                shown: why.facts - why.withheld,
                decision: decisionName(words, why.decision),
            });
        case 'no-key':
            return says['no-key'](why);
        case 'witness-alone':
            return says['witness-alone'](why);
        case 'fact-changed':
            return says['fact-changed'](why);
        case 'fact-of-other-file':
        case 'other-checkpoint':
        case 'proof-unreadable':
            return says[why.code](why);
        case 'not-a-proof':
            return says['not-a-proof']({ what: notAProof[why.what] });
        default:
            return says[why.code];
    }
}

function Result({ found }: { found: PaperVerdict }) {
    const words = useWords();
    const isProved = found.verdict === 'true';
    return (
        <section aria-live="polite">
            <div class={`desk-verdict desk-verdict--${looks[found.verdict]}`}>
                <h2 class="govuk-heading-m">{words.verify.verdict[found.verdict]}</h2>
                <p class="govuk-body">{sentence(words, found.why)}</p>
            </div>
            {found.key !== '' && (
                <List rows={[{ name: words.verify.namedKey, value: <Code text={found.key} /> }]} />
            )}
            {found.facts.length > 0 && (
                <>
                    <h2 class="govuk-heading-m">
                        {isProved ? words.verify.facts : words.verify.factsUnproved}
                    </h2>
                    <FactList facts={found.facts} />
                </>
            )}
        </section>
    );
}

interface DropProps {
    take: (file: File) => void;
    children: ComponentChildren;
}

function DropBox({ take, children }: DropProps) {
    const [isOver, setOver] = useState(false);
    const drop = (event: DragEvent) => {
        event.preventDefault();
        setOver(false);
        const file = event.dataTransfer?.files[0];
        if (file) take(file);
    };
    return (
        <div
            class={`desk-drop${isOver ? ' desk-drop--over' : ''}`}
            onDrop={drop}
            onDragOver={(event) => {
                event.preventDefault();
                setOver(true);
            }}
            onDragLeave={() => setOver(false)}
        >
            {children}
        </div>
    );
}

interface FileInputProps {
    id: string;
    label: string;
    hint?: string;
    error?: string | undefined;
    chosen?: string | undefined;
    take: (file: File) => void;
}

function FileInput({ id, label, hint, error, chosen, take }: FileInputProps) {
    const choose = (event: Event & { currentTarget: HTMLInputElement }) => {
        const file = event.currentTarget.files?.[0];
        if (file) take(file);
    };
    return (
        <FieldFrame id={id} label={label} hint={hint} error={error}>
            <input
                type="file"
                id={id}
                class="govuk-file-upload"
                onChange={choose}
                aria-describedby={describedBy({ id, label, hint, error })}
            />
            {chosen && (
                <p class="govuk-body-s desk-chosen">
                    <bdi>{chosen}</bdi>
                </p>
            )}
        </FieldFrame>
    );
}

function KeyFields({ value, change }: { value: string; change: (key: string) => void }) {
    const { client } = useDesk();
    const words = useWords().verify;
    const [isBusy, problem, run] = useDoing();
    return (
        <fieldset class="govuk-fieldset">
            <Input
                id="key"
                label={words.key}
                hint={words.keyHint}
                value={value}
                change={change}
                spellcheck={false}
                autocomplete="off"
            />
            {problem && <Trouble problem={problem} />}
            <div class="desk-row">
                <FileInput
                    id="key-file"
                    label={words.keyFile}
                    take={(file) => run(async () => change((await file.text()).trim()))}
                />
                <div class="govuk-form-group">
                    <button
                        type="button"
                        class="govuk-button govuk-button--secondary desk-low"
                        disabled={isBusy}
                        aria-describedby="key-server-note"
                        onClick={() => run(async () => change(await client.ledgerKey()))}
                    >
                        {words.keyServer}
                    </button>
                    <p class="govuk-hint" id="key-server-note">
                        {words.keyServerNote}
                    </p>
                </div>
            </div>
        </fieldset>
    );
}

export function VerifyPage() {
    const words = useWords();
    const [file, setFile] = useState<File>();
    const [key, setKey] = useState('');
    const [dropped, setDropped] = useState(''); // the browser shows the name of one that was chosen
    const [error, setError] = useState<string>();
    const [isBusy, setBusy] = useState(false);
    const [found, setFound] = useState<PaperVerdict>();
    const take = (chosen: File, isDropped: boolean) => {
        setFile(chosen);
        setDropped(isDropped ? chosen.name : '');
        setFound(undefined);
        setError(chosen.size > FILE_MAX ? words.verify.tooLarge : undefined);
    };
    const verify = async (event: Event) => {
        event.preventDefault();
        if (file === undefined) setError(words.verify.noFile);
        if (file === undefined || file.size > FILE_MAX) return;
        setBusy(true);
        setFound(await verifyPaper(new Uint8Array(await file.arrayBuffer()), key.trim()));
        setBusy(false);
    };
    return (
        <>
            <h1 class="govuk-heading-l">{words.pages.verify}</h1>
            <p class="govuk-body desk-prose">{words.verify.lead}</p>
            <form class="desk-form" onSubmit={(event) => void verify(event)} noValidate>
                <DropBox take={(chosen) => take(chosen, true)}>
                    <FileInput
                        id="proof"
                        label={words.verify.file}
                        hint={words.verify.fileHint}
                        error={error}
                        chosen={dropped}
                        take={(chosen) => take(chosen, false)}
                    />
                </DropBox>
                <KeyFields
                    value={key}
                    change={(value) => {
                        setKey(value);
                        setFound(undefined);
                    }}
                />
                <button class="govuk-button" disabled={isBusy}>
                    {isBusy ? words.verify.verifying : words.verify.verify}
                </button>
            </form>
            {found && <Result found={found} />}
        </>
    );
}
