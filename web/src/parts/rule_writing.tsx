// rule_writing: a rule is written, tried on the past, and saved. Where it cannot be read, the place
// is shown under the text and chosen in it.

import { useRef, useState } from 'preact/hooks';
import type { Problem, RuleTrial } from '../api/types';
import { useDesk, useDoing } from '../app/context';
import { useWords } from '../words/words';
import { MoneyText } from './data';
import { Input, TextArea } from './field';
import { List } from './list';
import { RowTable } from './rows';
import { RuleHelp } from './rule_help';
import { placeIn } from './rule_place';
import { Trouble } from './trouble';

const LAST_MAX = 20000;

// The line with the mistake, and a mark under its place.
function Place({ text, problem }: { text: string; problem: Problem }) {
    const words = useWords().rules;
    const place = placeIn(text, problem.line, problem.column);
    if (place === undefined) return null;
    return (
        <pre
            class="desk-raw desk-source desk-place"
            dir="ltr"
            tabIndex={0}
            aria-label={words.place}
        >
            {place.lineText}
            {'\n'}
            <span class="desk-mark" aria-hidden="true">
                {' '.repeat(place.before.length)}^
            </span>
        </pre>
    );
}

function Tried({ trial, last }: { trial: RuleTrial; last: number }) {
    const words = useWords().rules;
    const rows = [
        { name: words.hits, value: String(trial.hits) },
        { name: words.alreadyStopped, value: String(trial.alreadyStopped) },
        { name: words.newlyStopped, value: String(trial.hits - trial.alreadyStopped) },
        { name: words.inspected, value: String(trial.inspected) },
        { name: words.found, value: String(trial.found) },
        { name: words.recovered, value: <MoneyText money={trial.recovered} /> },
    ];
    return (
        <section class="desk-trial" aria-labelledby="trial" role="status">
            <h3 class="govuk-heading-s" id="trial">
                {words.triedOn(trial)}
            </h3>
            {trial.endedEarly && (
                <p class="govuk-body">{words.endedEarly({ tried: trial.tried, last })}</p>
            )}
            <List rows={rows} />
            {trial.rows.length > 0 && (
                <>
                    <p class="govuk-body desk-quiet">
                        {words.firstHits({ rows: trial.rows.length })}
                    </p>
                    <RowTable caption={words.hits} rows={trial.rows} />
                </>
            )}
        </section>
    );
}

interface Props {
    text: string;
    change: (text: string) => void;
    written: () => void;
}

export function RuleWriting({ text, change, written }: Props) {
    const { client } = useDesk();
    const words = useWords().rules;
    const [isBusy, problem, run] = useDoing();
    const [asked, setAsked] = useState(''); // the text that the problem is in
    const [last, setLast] = useState('1000');
    const [reason, setReason] = useState('');
    const [wanted, setWanted] = useState<'try' | 'save'>();
    const [trial, setTrial] = useState<RuleTrial>();
    const [saved, setSaved] = useState('');
    const form = useRef<HTMLFormElement>(null);

    const isInText = problem?.field === 'text' && problem.line !== undefined;
    const isMissing = wanted !== undefined && text.trim() === '';
    const isUnreasoned = wanted === 'save' && reason.trim() === '';
    const isLastWrong =
        wanted === 'try' && !(/^[1-9][0-9]*$/.test(last.trim()) && Number(last) <= LAST_MAX);

    // Chooses the place in the text, where the next key will be typed.
    const show = (wrong: Problem) => {
        const area = form.current?.querySelector('textarea');
        const place = placeIn(text, wrong.line, wrong.column);
        if (!area || place === undefined || wrong.field !== 'text') return;
        area.focus();
        area.setSelectionRange(place.at, place.at);
    };
    const ask = (work: () => Promise<void>) => {
        setAsked(text);
        setSaved('');
        run(() =>
            work().catch((trouble: unknown) => {
                if (typeof trouble === 'object' && trouble !== null && 'problem' in trouble)
                    show(trouble.problem as Problem);
                throw trouble;
            }),
        );
    };
    const tryIt = () => {
        setWanted('try');
        setTrial(undefined);
        if (text.trim() === '' || !/^[1-9][0-9]*$/.test(last.trim()) || Number(last) > LAST_MAX)
            return;
        ask(async () => setTrial(await client.tryRule(text, Number(last))));
    };
    const save = (event: Event) => {
        event.preventDefault();
        setWanted('save');
        if (text.trim() === '' || reason.trim() === '') return;
        ask(async () => {
            const rule = await client.writeRule(text, reason.trim());
            setSaved(rule.name);
            setWanted(undefined);
            change('');
            setReason('');
            setTrial(undefined);
            written();
        });
    };
    const errorOfText = isMissing
        ? words.textMissing
        : isInText && problem
          ? words.wrongAt({
                line: problem.line ?? 0,
                column: problem.column ?? 0,
                what: problem.detail ?? '',
            })
          : undefined;
    return (
        <section class="desk-acts desk-wide" aria-labelledby="write">
            <h2 class="govuk-heading-m" id="write">
                {words.write}
            </h2>
            <form ref={form} onSubmit={save} noValidate>
                {problem && !isInText && <Trouble problem={problem} />}
                <p class="govuk-body" role="status">
                    {saved !== '' && <strong>{words.saved({ name: saved })}</strong>}
                </p>
                <TextArea
                    id="rule"
                    label={words.text}
                    hint={words.textHint}
                    isCode
                    rows={6}
                    value={text}
                    change={change}
                    error={errorOfText}
                />
                {isInText && problem && (
                    <div role="alert">
                        <Place text={asked} problem={problem} />
                        {problem.hint && (
                            <p class="govuk-body">
                                <bdi>{problem.hint}</bdi>
                            </p>
                        )}
                    </div>
                )}
                <RuleHelp take={(example) => change(example)} />
                <div class="desk-row desk-low-row">
                    <Input
                        id="last"
                        label={words.last}
                        hint={words.lastHint({ most: LAST_MAX })}
                        width={10}
                        isNumber
                        value={last}
                        change={setLast}
                        error={isLastWrong ? words.lastWrong({ most: LAST_MAX }) : undefined}
                    />
                    <button
                        type="button"
                        class="govuk-button govuk-button--secondary"
                        disabled={isBusy}
                        onClick={tryIt}
                    >
                        {isBusy && wanted === 'try' ? words.trying : words.try}
                    </button>
                </div>
                {trial && <Tried trial={trial} last={Number(last)} />}
                <Input
                    id="why"
                    label={words.reason}
                    hint={words.reasonHint}
                    value={reason}
                    change={setReason}
                    error={isUnreasoned ? words.reasonMissing : undefined}
                />
                <button class="govuk-button" disabled={isBusy}>
                    {words.save}
                </button>
            </form>
        </section>
    );
}
