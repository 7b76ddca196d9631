// file: one consignment whole: what was decided and why, what it is, and all that happened to it.

import { useDesk, useLoaded } from '../app/context';
import { useNews } from '../app/news';
import { FileActs } from '../parts/acts';
import { Code, StateTag } from '../parts/data';
import { DecisionPanel } from '../parts/decision';
import { Documents, Goods, Parties, Route, Summary } from '../parts/declaration';
import { Duties, Findings } from '../parts/duties';
import { FactList } from '../parts/facts';
import { FileKeys } from '../parts/file_keys';
import { TraderActs } from '../parts/trader_acts';
import { Failed } from '../parts/trouble';
import { useWords } from '../words/words';
import type { PageProps } from '../app/pages';

function Proof({ ucr }: { ucr: string }) {
    const { client } = useDesk();
    const words = useWords();
    return (
        <section class="desk-screen">
            <h2 class="govuk-heading-m">{words.file.proof}</h2>
            <p class="govuk-body desk-prose">{words.file.proofText}</p>
            <p class="govuk-body desk-row">
                <a
                    class="govuk-link"
                    href={client.proofAddress(ucr)}
                    download={`${ucr}.proof.json`}
                >
                    {words.file.proofSave}
                </a>
                <a class="govuk-link" href="/desk/verify">
                    {words.file.proofVerify}
                </a>
            </p>
        </section>
    );
}

export function FilePage({ values: [ucr = ''] }: PageProps) {
    const { client } = useDesk();
    const words = useWords();
    const [loaded, again] = useLoaded(() => client.file(ucr), ucr);
    useNews(`file=${encodeURIComponent(ucr)}`, again);
    if (loaded.state === 'failed') return <Failed problem={loaded.problem} again={again} />;
    if (loaded.state === 'loading') return <p class="govuk-body">{words.app.loading}</p>;
    const file = loaded.value;
    return (
        <article>
            <div class="desk-title">
                <h1 class="govuk-heading-l">
                    <Code text={file.file} />
                </h1>
                <StateTag state={file.state} />
                <button type="button" class="desk-plain-button desk-screen" onClick={() => print()}>
                    {words.app.print}
                </button>
            </div>
            <DecisionPanel file={file} />
            <FileActs file={file} again={again} />
            <FileKeys />
            <TraderActs file={file} again={again} />
            <Summary file={file} />
            <Findings facts={file.facts} />
            <Goods items={file.declaration.items ?? []} />
            <Duties facts={file.facts} />
            <Parties declaration={file.declaration} />
            <Route declaration={file.declaration} />
            <Documents declaration={file.declaration} />
            <section>
                <h2 class="govuk-heading-m">{words.file.history}</h2>
                <FactList
                    facts={file.facts}
                    documentAddress={(sha256) => client.documentAddress(file.file, sha256)}
                />
            </section>
            <Proof ucr={file.file} />
        </article>
    );
}
