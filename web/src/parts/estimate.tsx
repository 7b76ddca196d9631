// estimate: what a declaration would come to as it is written, and what is not right yet.

import { useEffect, useState } from 'preact/hooks';
import type { Declaration, Estimate, Finding } from '../api/types';
import { useDesk } from '../app/context';
import { useWords } from '../words/words';
import { Code, MoneyText } from './data';

const QUIET_MS = 500; // since the last letter

// The newest answer; an older question that is still under way is dropped. Asking is a help: where
// it fails there is none, and lodging says the same.
export function useEstimate(declaration: Declaration): Estimate | undefined {
    const { client } = useDesk();
    const [estimate, setEstimate] = useState<Estimate>();
    const text = JSON.stringify(declaration);
    useEffect(() => {
        const asked = new AbortController();
        const waiting = setTimeout(() => {
            client.estimate(JSON.parse(text) as Declaration, asked.signal).then(
                (told) => {
                    if (!asked.signal.aborted) setEstimate(told);
                },
                () => {
                    if (!asked.signal.aborted) setEstimate(undefined);
                },
            );
        }, QUIET_MS);
        return () => {
            clearTimeout(waiting);
            asked.abort();
        };
    }, [client, text]);
    return estimate;
}

// To the field that a finding is about: its own, or the one that it is part of.
function reach(field: string): void {
    for (let id = field; id !== ''; id = id.replace(/(\.\w+|\[\d+\]|^\w+)$/, '')) {
        const input = document.getElementById(id);
        if (input !== null) {
            input.focus();
            return;
        }
    }
}

function Line({ finding }: { finding: Finding }) {
    const words = useWords();
    const { rule, severity, field = '', text, hint } = finding;
    return (
        <li class={`desk-finding desk-finding--${severity}`}>
            <button type="button" class="desk-plain-button" onClick={() => reach(field)}>
                <bdi>{text}</bdi>
            </button>
            <div class="desk-quiet">
                <bdi>{hint}</bdi>{' '}
                <span>
                    <Code text={rule} /> ({words.severity[severity]}) <Code text={field} />
                </span>
            </div>
        </li>
    );
}

export function EstimatePanel({ estimate }: { estimate: Estimate | undefined }) {
    const words = useWords();
    if (estimate === undefined) return null;
    const { findings, owed, customsValue, assessed } = estimate;
    return (
        <aside class="desk-estimate" aria-label={words.lodge.estimate}>
            <h2 class="govuk-heading-s">{words.lodge.wouldOwe}</h2>
            {owed ? (
                <p class="desk-sum" role="status">
                    <MoneyText money={owed} />
                </p>
            ) : (
                <p class="govuk-body-s desk-quiet">{words.lodge.cannotSayYet}</p>
            )}
            {customsValue && (
                <p class="govuk-body-s">
                    {words.file.customsValue}: <MoneyText money={customsValue} />
                </p>
            )}
            <ul class="desk-plain">
                {assessed?.lines.map((line, i) => (
                    <li key={i}>
                        {words.file.item} {line.sequence}: <Code text={line.type} />{' '}
                        <MoneyText money={line.amount} />
                        <div class="desk-quiet">
                            <bdi>{line.text}</bdi>
                        </div>
                    </li>
                ))}
            </ul>
            <h2 class="govuk-heading-s">
                {findings.length === 0
                    ? words.lodge.allKept
                    : words.file.broken({ count: findings.length })}
            </h2>
            <ul class="desk-plain">
                {findings.map((finding) => (
                    <Line key={`${finding.rule} ${finding.field}`} finding={finding} />
                ))}
            </ul>
            <p class="govuk-body-s desk-quiet">{words.lodge.notKept}</p>
        </aside>
    );
}
