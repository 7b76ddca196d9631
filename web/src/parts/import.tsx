// import: many declarations from a file, a line each; answers are told as they come.

import { useState } from 'preact/hooks';
import type { AnswerKind, Line } from '../api/types';
import { useDesk, useDoing } from '../app/context';
import { useWords } from '../words/words';
import { Code } from './data';
import { describedBy, FieldFrame } from './field';
import { FindingList } from './facts';
import { Trouble } from './trouble';

const BAD_SHOWN_MAX = 100;
const kinds: AnswerKind[] = [
    'lodged',
    'refused',
    'repeated',
    'conflict',
    'unreadable',
    'unavailable',
];

interface Progress {
    lines: number;
    answers: number;
    counts: Partial<Record<AnswerKind, number>>;
    bad: Line[];
}

function counted(progress: Progress, answer: Line): Progress {
    const { answers, counts, bad } = progress;
    const isBad = answer.answer !== 'lodged' && answer.answer !== 'repeated';
    return {
        ...progress,
        answers: answers + 1,
        counts: { ...counts, [answer.answer]: (counts[answer.answer] ?? 0) + 1 },
        bad: isBad && bad.length < BAD_SHOWN_MAX ? [...bad, answer] : bad,
    };
}

function Answers({ progress }: { progress: Progress }) {
    const words = useWords();
    const { lines, answers, counts, bad } = progress;
    return (
        <section>
            <div role="status">
                <label class="govuk-label" for="progress">
                    {words.lodge.progress({ answers, lines })}
                </label>
            </div>
            <progress id="progress" class="desk-progress" value={answers} max={lines} />
            <ul class="desk-plain">
                {kinds
                    .filter((kind) => counts[kind])
                    .map((kind) => (
                        <li key={kind}>
                            {words.answer[kind]}: {counts[kind]}
                        </li>
                    ))}
            </ul>
            {bad.map((answer, i) => (
                <div key={i}>
                    <h3 class="govuk-heading-s">
                        <Code text={answer.file} /> {words.answer[answer.answer]}
                    </h3>
                    {answer.problem?.detail && (
                        <p class="govuk-body-s">
                            <bdi>{answer.problem.detail}</bdi>
                        </p>
                    )}
                    {answer.findings && <FindingList findings={answer.findings} />}
                </div>
            ))}
        </section>
    );
}

export function Import() {
    const { client } = useDesk();
    const words = useWords().lodge;
    const [isBusy, problem, run] = useDoing();
    const [progress, setProgress] = useState<Progress>();
    const take = (event: Event & { currentTarget: HTMLInputElement }) => {
        const file = event.currentTarget.files?.[0];
        if (file === undefined) return;
        run(async () => {
            const lines = (await file.text())
                .split('\n')
                .filter((line) => line.trim() !== '').length;
            let now: Progress = { lines, answers: 0, counts: {}, bad: [] };
            setProgress(now);
            await client.lodgeMany(file, (answer) => {
                now = counted(now, answer);
                setProgress(now);
            });
        });
    };
    const frame = { id: 'import', label: words.importLabel, hint: words.importHint };
    return (
        <section>
            <h2 class="govuk-heading-m">{words.importTitle}</h2>
            {problem && <Trouble problem={problem} />}
            <FieldFrame {...frame}>
                <input
                    type="file"
                    id="import"
                    class="govuk-file-upload"
                    disabled={isBusy}
                    accept=".ndjson,.jsonl"
                    onChange={take}
                    aria-describedby={describedBy(frame)}
                />
            </FieldFrame>
            {progress && <Answers progress={progress} />}
        </section>
    );
}
