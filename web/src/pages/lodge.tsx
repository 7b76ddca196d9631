// lodge: a declaration by hand, or many from a file; with "?amend=UCR" a lodged one anew. What is
// written is kept as a draft in this browser until it is lodged.

import { useState } from 'preact/hooks';
import { ApiProblem } from '../api/client';
import type { Answer, Declaration, Finding, Session } from '../api/types';
import { useDesk, useDoing, useLoaded } from '../app/context';
import { dropDraft, keepDraft, readDraft } from '../app/draft';
import { usePlace } from '../app/router';
import { Code, MoneyText, StateTag } from '../parts/data';
import { EstimatePanel, useEstimate } from '../parts/estimate';
import { FindingList } from '../parts/facts';
import { TextArea } from '../parts/field';
import { Import } from '../parts/import';
import { covers, LodgeForm } from '../parts/lodge_form';
import { Failed, Trouble } from '../parts/trouble';
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

function Lodged({ answer, another }: { answer: Answer; another: (() => void) | undefined }) {
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
            {another && (
                <button
                    type="button"
                    class="govuk-button govuk-button--secondary"
                    onClick={another}
                >
                    {words.lodge.another}
                </button>
            )}
        </div>
    );
}

// Refused (422) is an answer, too: it comes with what to correct.
function findingsOf(trouble: unknown): Finding[] {
    if (trouble instanceof ApiProblem && trouble.problem.findings) return trouble.problem.findings;
    throw trouble;
}

interface FormProps {
    first: Declaration;
    ucr: string; // of the file that is amended; empty: a new one
}

// Why a declaration is amended stands in it, as its first statement.
function AmendReason({ declaration, change }: { declaration: Declaration; change: Change }) {
    const words = useWords().mine;
    return (
        <TextArea
            id="amend-reason"
            label={words.amendReason}
            rows={2}
            value={declaration.statements?.[0]?.description ?? ''}
            change={(description) => change({ ...declaration, statements: [{ description }] })}
        />
    );
}

type Change = (to: Declaration) => void;

function Form({ first, ucr }: FormProps) {
    const { client, session } = useDesk();
    const words = useWords();
    const user = session?.name ?? '';
    const [declaration, setDeclaration] = useState(() => readDraft(user, ucr) ?? first);
    const [refused, setRefused] = useState<Finding[]>([]);
    const [left, setLeft] = useState<string[]>([]);
    const [answer, setAnswer] = useState<Answer>();
    const [isBusy, problem, run] = useDoing();
    const estimate = useEstimate(filled(declaration));
    const findings = estimate?.findings ?? refused;
    // Nobody is told of a field that he has not come to, until he lodges.
    const isTold = ({ field = '' }: Finding) => left.some((one) => covers(one, field));
    const seen = refused.length > 0 ? findings : findings.filter(isTold);
    const change = (to: Declaration) => {
        setDeclaration(to);
        keepDraft(user, to, ucr);
    };
    const lodge = (event: Event) => {
        event.preventDefault();
        run(async () => {
            setRefused([]);
            const whole = filled(declaration);
            const told = await (ucr === '' ? client.lodge(whole) : client.amend(ucr, whole)).catch(
                findingsOf,
            );
            if (Array.isArray(told)) {
                setRefused(told);
                return;
            }
            setAnswer(told);
            dropDraft(user, ucr);
        });
    };
    const another = () => {
        setAnswer(undefined);
        setLeft([]);
        setDeclaration(blank(session));
    };
    if (answer) return <Lodged answer={answer} another={ucr === '' ? another : undefined} />;
    return (
        <div class="desk-aside">
            <form onSubmit={lodge} noValidate>
                {problem && <Trouble problem={problem} />}
                {refused.length > 0 && (
                    <div class="govuk-error-summary" role="alert">
                        <h2 class="govuk-error-summary__title">{words.lodge.refused}</h2>
                        <FindingList findings={refused} />
                    </div>
                )}
                <p class="govuk-body desk-prose">
                    {ucr === '' ? words.lodge.lead : words.mine.amendLead}
                </p>
                {ucr !== '' && <AmendReason declaration={declaration} change={change} />}
                <LodgeForm
                    declaration={declaration}
                    change={change}
                    findings={seen}
                    leave={(field) => setLeft((now) => [...now, field])}
                />
                <div class="desk-row">
                    <button class="govuk-button" disabled={isBusy}>
                        {ucr === '' ? words.pages.lodge : words.mine.lodgeAmended}
                    </button>
                </div>
            </form>
            <EstimatePanel estimate={estimate} />
        </div>
    );
}

function Amend({ ucr }: { ucr: string }) {
    const { client } = useDesk();
    const words = useWords();
    const [loaded, again] = useLoaded(() => client.file(ucr), ucr);
    if (loaded.state === 'failed') return <Failed problem={loaded.problem} again={again} />;
    return (
        <>
            <h1 class="govuk-heading-l">{words.mine.amendWhich({ file: ucr })}</h1>
            {loaded.state === 'loading' && <p class="govuk-body">{words.app.loading}</p>}
            {loaded.state === 'there' && (
                <Form
                    ucr={ucr}
                    first={{ ...loaded.value.declaration, functionCode: '13', statements: [] }}
                />
            )}
        </>
    );
}

export function LodgePage() {
    const { session } = useDesk();
    const words = useWords();
    const ucr = usePlace().search.get('amend');
    if (ucr !== null) return <Amend key={ucr} ucr={ucr} />;
    return (
        <>
            <h1 class="govuk-heading-l">{words.pages.lodge}</h1>
            <Form key="new" ucr="" first={blank(session)} />
            <Import />
        </>
    );
}
