// trouble: what went wrong, in the reader's language first, then in the server's words.

import type { Problem } from '../api/types';
import { UNVERIFIED } from '../app/verified';
import { useWords, type Words } from '../words/words';

function unverified({ detail }: Problem, words: Words): string {
    return detail === undefined
        ? words.trouble.unverified
        : words.trouble.othersKey({ name: detail });
}

function sentence(problem: Problem, words: Words): string {
    const { trouble } = words;
    if (problem.status === 0) return trouble.unreachable;
    if (problem.status === 401) return words.app.sessionLostText;
    if (problem.status === 403) return trouble.forbidden;
    if (problem.status === 404) return trouble.notFound;
    if (problem.status === 409) return trouble.conflict;
    if (problem.status === UNVERIFIED) return unverified(problem, words);
    if (problem.status === 429) return trouble.tooMany;
    return problem.status >= 500 ? trouble.server : trouble.other;
}

export function Trouble({ problem }: { problem: Problem }) {
    const words = useWords();
    const said =
        problem.status === 401 || problem.status === UNVERIFIED
            ? []
            : [problem.detail ?? problem.title, problem.field, problem.hint];
    return (
        <div class="govuk-error-summary" role="alert">
            <h2 class="govuk-error-summary__title">{words.app.error}</h2>
            <p class="govuk-body">{sentence(problem, words)}</p>
            {problem.status === UNVERIFIED && (
                <a class="govuk-link" href="/desk/account" target="_blank">
                    {words.pages.account}
                </a>
            )}
            {said.filter(Boolean).map((text) => (
                <p class="govuk-body" key={text} dir="auto">
                    {text}
                </p>
            ))}
        </div>
    );
}

// Instead of a page.
export function Failed({ problem, again }: { problem: Problem; again?: () => void }) {
    const words = useWords();
    const heading = problem.status === 404 ? words.app.notFound : words.app.error;
    return (
        <>
            <h1 class="govuk-heading-l">{heading}</h1>
            <p class="govuk-body" role="alert">
                {sentence(problem, words)}
            </p>
            {problem.detail && (
                <p class="govuk-body">
                    <bdi>{problem.detail}</bdi>
                </p>
            )}
            {problem.hint && (
                <p class="govuk-body">
                    <bdi>{problem.hint}</bdi>
                </p>
            )}
            {again && (
                <button type="button" class="govuk-button" onClick={again}>
                    {words.app.tryAgain}
                </button>
            )}
        </>
    );
}
