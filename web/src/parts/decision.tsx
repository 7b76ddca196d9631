// decision: what holds now, by whom and why, and what the risk was.

import type { File } from '../api/types';
import { useWords } from '../words/words';
import { Code, MoneyText, Moment } from './data';
import { latest } from './latest';

function Risk({ file }: { file: File }) {
    const words = useWords().file;
    const scored = latest(file.facts, 'scored');
    if (scored === undefined) return null;
    return (
        <div>
            <h3 class="govuk-heading-s">
                {words.risk}: {words.scoreOf({ score: scored.score })}
            </h3>
            <ul class="desk-plain">
                {scored.reasons.map(({ rule, text, points }) => (
                    <li key={rule}>
                        <bdi>{text}</bdi>{' '}
                        <span class="desk-quiet">
                            <Code text={rule} />, {words.points({ points })}
                        </span>
                    </li>
                ))}
                {scored.random && <li>{words.chosenByLot}</li>}
                <li>
                    {words.worth}: <MoneyText money={scored.worth} />
                </li>
            </ul>
        </div>
    );
}

function OpenRequests({ file }: { file: File }) {
    const words = useWords().file;
    const open = file.requests.filter((request) => request.open);
    if (open.length === 0) return null;
    return (
        <>
            <h3 class="govuk-heading-s">{words.openRequests}</h3>
            <ul class="desk-plain">
                {open.map((request) => (
                    <li key={request.fact}>
                        <Code text={request.code} /> <bdi>{request.text}</bdi>
                        {request.until && <> ({words.until({ day: request.until })})</>}
                    </li>
                ))}
            </ul>
        </>
    );
}

export function DecisionPanel({ file }: { file: File }) {
    const words = useWords();
    const { decision } = file;
    return (
        <section class={`desk-decision desk-decision--${decision?.decision ?? 'none'}`}>
            <div>
                <h2 class="govuk-heading-m">
                    {words.file.decision}:{' '}
                    {decision ? words.decision[decision.decision] : words.app.none}
                </h2>
                {decision ? (
                    <>
                        <p class="govuk-body-s desk-quiet">
                            {words.file.decidedBy({ by: decision.by })}, <Moment at={decision.at} />{' '}
                            UTC
                        </p>
                        <ul class="desk-plain">
                            {decision.reasons?.map((reason) => (
                                <li key={reason}>
                                    <bdi>{reason}</bdi>
                                </li>
                            ))}
                        </ul>
                    </>
                ) : (
                    <p class="govuk-body">{words.file.undecided}</p>
                )}
                <OpenRequests file={file} />
            </div>
            <Risk file={file} />
        </section>
    );
}
