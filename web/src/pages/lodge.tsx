// lodge: a declaration by hand, or many from a file. What is written is kept as a draft in this
// browser until it is lodged.

import { useState } from 'preact/hooks';
import { ApiProblem } from '../api/client';
import type { Answer, Declaration, Finding, Session } from '../api/types';
import { useDesk, useDoing } from '../app/context';
import { dropDraft, keepDraft, readDraft } from '../app/draft';
import { Code, MoneyText, StateTag } from '../parts/data';
import { FindingList } from '../parts/facts';
import { Import } from '../parts/import';
import { LodgeForm } from '../parts/lodge_form';
import { Trouble } from '../parts/trouble';
import { useWords } from '../words/words';

function blank(session: Session | undefined): Declaration {
    return {
        functionCode: '9',
        typeCode: 'IMA',
        declarant: { id: session?.organisation ?? '' },
        items: [{ sequence: 1, procedures: [{ currentCode: '40', previousCode: '00' }] }],
    };
}

// Members that nobody filled in are left out: an empty text is not the same as none.
function filled<T>(value: T): T {
    if (Array.isArray(value)) return value.map(filled) as T;
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(
        Object.entries(value)
            .filter(([, member]) => member !== '' && member !== undefined)
            .map(([name, member]) => [name, filled(member)])
            .filter(([, member]) => typeof member !== 'object' || Object.keys(member).length > 0),
    ) as T;
}

function Lodged({ answer, another }: { answer: Answer; another: () => void }) {
    const words = useWords();
    return (
        <div class="desk-verdict desk-verdict--good" role="status">
            <h2 class="govuk-heading-m">{words.answer[answer.answer]}</h2>
            <p class="govuk-body">
                {answer.file && (
                    <a class="govuk-link" href={`/desk/file/${encodeURIComponent(answer.file)}`}>
                        <Code text={answer.file} />
                    </a>
                )}{' '}
                {answer.state && <StateTag state={answer.state} />}
            </p>
            {answer.owed && (
                <p class="govuk-body">
                    {words.file.owed}: <MoneyText money={answer.owed} />
                </p>
            )}
            <button type="button" class="govuk-button govuk-button--secondary" onClick={another}>
                {words.lodge.another}
            </button>
        </div>
    );
}

// Refused (422) is an answer, too: it comes with what to correct.
function findingsOf(trouble: unknown): Finding[] {
    if (trouble instanceof ApiProblem && trouble.problem.findings) return trouble.problem.findings;
    throw trouble;
}

export function LodgePage() {
    const { client, session } = useDesk();
    const words = useWords();
    const user = session?.name ?? '';
    const [declaration, setDeclaration] = useState(() => readDraft(user) ?? blank(session));
    const [findings, setFindings] = useState<Finding[]>([]);
    const [answer, setAnswer] = useState<Answer>();
    const [isBusy, problem, run] = useDoing();
    const change = (to: Declaration) => {
        setDeclaration(to);
        keepDraft(user, to);
    };
    const lodge = (event: Event) => {
        event.preventDefault();
        run(async () => {
            setFindings([]);
            const told = await client.lodge(filled(declaration)).catch(findingsOf);
            if (Array.isArray(told)) {
                setFindings(told);
                return;
            }
            setAnswer(told);
            dropDraft(user);
        });
    };
    const another = () => {
        setAnswer(undefined);
        setDeclaration(blank(session));
    };
    return (
        <>
            <h1 class="govuk-heading-l">{words.pages.lodge}</h1>
            {problem && <Trouble problem={problem} />}
            {answer ? (
                <Lodged answer={answer} another={another} />
            ) : (
                <form onSubmit={lodge} noValidate>
                    {findings.length > 0 && (
                        <div class="govuk-error-summary" role="alert">
                            <h2 class="govuk-error-summary__title">{words.lodge.refused}</h2>
                            <FindingList findings={findings} />
                        </div>
                    )}
                    <p class="govuk-body desk-prose">{words.lodge.lead}</p>
                    <LodgeForm declaration={declaration} change={change} findings={findings} />
                    <div class="desk-row">
                        <button class="govuk-button" disabled={isBusy}>
                            {words.pages.lodge}
                        </button>
                    </div>
                </form>
            )}
            <Import />
        </>
    );
}
