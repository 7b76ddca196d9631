// facts: what happened to a consignment, one after the other, each in words.

import { type ComponentChildren, createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { Attachment, BodyOf, Fact, FactKind, Finding } from '../api/types';
import type { SealedFact } from '../verify/fact';
import { useWords } from '../words/words';
import { Code, MoneyText, Moment } from './data';
import { Guard } from './guard';

type Teller<K extends FactKind> = (props: { body: BodyOf<K> }) => ComponentChildren;

export function FindingList({ findings }: { findings: Finding[] }) {
    const words = useWords();
    return (
        <ul class="desk-plain">
            {findings.map(({ rule, severity, field, text, hint }) => (
                <li key={`${rule} ${field}`}>
                    <Code text={rule} /> ({words.severity[severity]}) <Code text={field} />:{' '}
                    <bdi>{text}</bdi>{' '}
                    <span class="desk-quiet">
                        <bdi>{hint}</bdi>
                    </span>
                </li>
            ))}
        </ul>
    );
}

const Declared: Teller<'declared'> = ({ body: { declaration } }) => {
    const words = useWords();
    return (
        <ul class="desk-plain">
            <li>
                {words.file.type} <Code text={declaration.typeCode} />
            </li>
            {declaration.functionalReferenceId && (
                <li>
                    {words.file.reference} <Code text={declaration.functionalReferenceId} />
                </li>
            )}
            {declaration.items?.map((item, i) => (
                <li key={i}>
                    {words.file.item} {item.sequence ?? i + 1}:{' '}
                    <Code text={item.classifications?.[0]?.id} /> <bdi>{item.description}</bdi>{' '}
                    <MoneyText money={item.price} />
                </li>
            ))}
        </ul>
    );
};

const Amended: Teller<'amended'> = ({ body }) => (
    <>
        {body.reason && (
            <p class="govuk-body-s">
                <bdi>{body.reason}</bdi>
            </p>
        )}
        <Declared body={body} />
    </>
);

const Withdrawn: Teller<'withdrawn'> = ({ body }) =>
    body.reason ? (
        <p class="govuk-body-s">
            <bdi>{body.reason}</bdi>
        </p>
    ) : null;

const Checked: Teller<'checked'> = ({ body: { findings, rules } }) => {
    const words = useWords();
    if (findings.length === 0) return <p class="govuk-body-s">{words.file.rulesKept({ rules })}</p>;
    return (
        <>
            <p class="govuk-body-s">{words.file.broken({ count: findings.length })}</p>
            <FindingList findings={findings} />
        </>
    );
};

const Valued: Teller<'valued'> = ({ body }) => {
    const words = useWords();
    return (
        <>
            <p class="govuk-body-s">
                {words.file.customsValue}: <MoneyText money={body.total} />
            </p>
            <details class="govuk-details">
                <summary class="govuk-details__summary">
                    <span class="govuk-details__summary-text">{words.file.value}</span>
                </summary>
                <ul class="desk-plain govuk-details__text">
                    {body.items.flatMap((item) =>
                        item.lines.map((line, i) => (
                            <li key={`${item.sequence} ${i}`}>
                                {words.file.item} {item.sequence}: <MoneyText money={line.amount} />
                                , <bdi>{line.text}</bdi>
                                {line.note && (
                                    <>
                                        {' '}
                                        (<bdi>{line.note}</bdi>)
                                    </>
                                )}
                            </li>
                        )),
                    )}
                    {body.missing?.map((text) => (
                        <li key={text}>
                            <bdi>{text}</bdi>
                        </li>
                    ))}
                </ul>
            </details>
        </>
    );
};

const Assessed: Teller<'assessed'> = ({ body }) => {
    const words = useWords();
    return (
        <ul class="desk-plain">
            {body.lines.map((line, i) => (
                <li key={i}>
                    {words.file.item} {line.sequence}: <Code text={line.type} />{' '}
                    <MoneyText money={line.amount} /> <bdi>{line.text}</bdi>
                    {line.suspended && <> ({words.file.suspended})</>}
                </li>
            ))}
            <li>
                <strong>
                    {words.file.total}: <MoneyText money={body.total} />
                </strong>
            </li>
        </ul>
    );
};

const Scored: Teller<'scored'> = ({ body }) => {
    const words = useWords();
    return (
        <ul class="desk-plain">
            {body.reasons?.map(({ rule, text, points }) => (
                <li key={rule}>
                    <Code text={rule} />: <bdi>{text}</bdi> ({words.file.points({ points })})
                </li>
            ))}
            <li>
                {words.file.risk}: {words.file.scoreOf({ score: body.score })}
            </li>
            {body.random && <li>{words.file.chosenByLot}</li>}
        </ul>
    );
};

const Decided: Teller<'decided'> = ({ body }) => {
    const words = useWords();
    return (
        <>
            <p class="govuk-body-s">
                <strong>{words.decision[body.decision] ?? body.decision}</strong>,{' '}
                {words.file.decidedBy({ by: body.by })}
                {body.overrules && ` (${words.file.overrules({ fact: body.overrules })})`}
            </p>
            <ul class="desk-plain">
                {body.reasons?.map((reason) => (
                    <li key={reason}>
                        <bdi>{reason}</bdi>
                    </li>
                ))}
            </ul>
        </>
    );
};

const Settled: Teller<'settled'> = ({ body }) => (
    <p class="govuk-body-s">
        <MoneyText money={body.amount} /> <Code text={body.reference} />
    </p>
);

const Handed = ({ body }: { body: BodyOf<'claimed' | 'unclaimed'> }) =>
    body.from ? (
        <p class="govuk-body-s">
            <bdi>{body.from}</bdi>
        </p>
    ) : null;

const Requested: Teller<'requested'> = ({ body }) => {
    const words = useWords().file;
    return (
        <p class="govuk-body-s">
            <Code text={body.code} /> <bdi>{body.text}</bdi>
            {body.until && <> ({words.until({ day: body.until })})</>}
        </p>
    );
};

// Where a document can be had by its hash; there is no such place for those on a proof.
type DocumentAddress = (sha256: string) => string;
const DocumentPlace = createContext<DocumentAddress | undefined>(undefined);

function PaperName({ paper }: { paper: Attachment }) {
    const addressOf = useContext(DocumentPlace);
    if (addressOf === undefined) return <bdi>{paper.name}</bdi>;
    return (
        <a class="govuk-link" href={addressOf(paper.sha256)} download={paper.name}>
            <bdi>{paper.name}</bdi>
        </a>
    );
}

const Supplied: Teller<'supplied'> = ({ body }) => (
    <ul class="desk-plain">
        {body.text && (
            <li>
                <bdi>{body.text}</bdi>
            </li>
        )}
        {body.attachments.map((paper) => (
            <li key={paper.sha256}>
                <Code text={paper.code} /> <PaperName paper={paper} />{' '}
                <span class="desk-quiet">
                    SHA-256 <Code text={paper.sha256} />
                </span>
            </li>
        ))}
    </ul>
);

const Inspected: Teller<'inspected'> = ({ body }) => {
    const words = useWords().file;
    return (
        <ul class="desk-plain">
            {body.conforms && <li>{words.conforms}</li>}
            {body.found?.map((text) => (
                <li key={text}>
                    <bdi>{text}</bdi>
                </li>
            ))}
            {body.recovered && (
                <li>
                    {words.revenue}: <MoneyText money={body.recovered} />
                </li>
            )}
            {body.text && (
                <li>
                    <bdi>{body.text}</bdi>
                </li>
            )}
        </ul>
    );
};

const tellers: { [K in FactKind]: Teller<K> } = {
    declared: Declared,
    amended: Amended,
    withdrawn: Withdrawn,
    checked: Checked,
    valued: Valued,
    assessed: Assessed,
    scored: Scored,
    decided: Decided,
    settled: Settled,
    claimed: Handed,
    unclaimed: Handed,
    requested: Requested,
    supplied: Supplied,
    inspected: Inspected,
};

// As it is kept: a kind that is not known here, or a body that is not what its kind has.
function Raw({ body }: { body: object }) {
    return (
        <pre class="desk-raw" dir="ltr">
            {JSON.stringify(body, null, 2)}
        </pre>
    );
}

function Telling({ fact }: { fact: Fact | SealedFact }) {
    if (!(fact.kind in tellers)) return <Raw body={fact.body} />;
    const Tell = tellers[fact.kind as FactKind] as Teller<FactKind>;
    return (
        <Guard instead={<Raw body={fact.body} />}>
            <Tell body={fact.body as BodyOf<FactKind>} />
        </Guard>
    );
}

interface ListProps {
    facts: (Fact | SealedFact)[];
    documentAddress?: DocumentAddress;
}

export function FactList({ facts, documentAddress }: ListProps) {
    const words = useWords();
    const list = (
        <ol class="desk-facts">
            {facts.map((fact) => (
                <li key={fact.seq} class="desk-fact">
                    <h3 class="govuk-heading-s desk-fact-head">
                        {fact.seq}.{' '}
                        {fact.kind in words.kind ? words.kind[fact.kind as FactKind] : fact.kind}
                    </h3>
                    <p class="govuk-body-s desk-quiet">
                        <Moment at={fact.at} /> UTC
                        {fact.who && (
                            <>
                                , <bdi>{words.file.by({ who: fact.who })}</bdi>
                            </>
                        )}
                        {'leaf' in fact && <>, {words.file.leaf({ leaf: fact.leaf })}</>}
                    </p>
                    <Telling fact={fact} />
                </li>
            ))}
        </ol>
    );
    return <DocumentPlace.Provider value={documentAddress}>{list}</DocumentPlace.Provider>;
}
