// notices: what happened that concerns whoever looks, newest first.

import { useEffect, useState } from 'preact/hooks';
import type { Notice } from '../api/types';
import { useDesk, useLoaded } from '../app/context';
import { useNews } from '../app/news';
import { noticeTopic, readNow, readUntil } from '../app/notices';
import { usePlace } from '../app/router';
import { Code, Moment, StateTag } from '../parts/data';
import { Pager } from '../parts/pager';
import { Failed } from '../parts/trouble';
import { useWords } from '../words/words';

function Row({ notice, isNew }: { notice: Notice; isNew: boolean }) {
    const words = useWords();
    const { at, file, reference, kind, decision, text, state } = notice;
    return (
        <li class={`desk-notice${isNew ? ' desk-notice--new' : ''}`}>
            <p class="desk-notice-head">
                {isNew && <strong class="govuk-tag desk-new">{words.notices.new}</strong>}
                <strong>
                    {words.kind[kind] ?? kind}
                    {decision && `: ${words.decision[decision] ?? decision}`}
                </strong>
                <span class="desk-quiet">
                    <Moment at={at} /> UTC
                </span>
            </p>
            {text && (
                <p class="desk-notice-text">
                    <bdi>{text}</bdi>
                </p>
            )}
            <p class="desk-notice-head">
                <a class="govuk-link" href={`/desk/file/${encodeURIComponent(file)}`}>
                    <Code text={file} />
                </a>
                <Code text={reference} />
                <StateTag state={state} />
            </p>
        </li>
    );
}

export function NoticesPage() {
    const { client, session } = useDesk();
    const words = useWords();
    const user = session?.name ?? '';
    const [until] = useState(() => readUntil(user)); // what was new when he came stays marked
    const cursor = usePlace().search.get('cursor') ?? undefined;
    const [loaded, again] = useLoaded(() => client.notices(cursor), cursor ?? '');
    useNews(noticeTopic(session?.role), again);
    const rows = loaded.state === 'there' ? loaded.value.rows : undefined;
    useEffect(() => {
        if (rows !== undefined) readNow(user, rows);
    }, [user, rows]);
    if (loaded.state === 'failed') return <Failed problem={loaded.problem} again={again} />;
    return (
        <>
            <h1 class="govuk-heading-l">{words.pages.notices}</h1>
            <p class="govuk-body desk-prose">
                {session?.role === 'trader' ? words.notices.traderLead : words.notices.officerLead}
            </p>
            {loaded.state === 'loading' && <p class="govuk-body">{words.app.loading}</p>}
            {loaded.state === 'there' && loaded.value.rows.length === 0 && (
                <p class="govuk-body">{words.notices.empty}</p>
            )}
            {loaded.state === 'there' && loaded.value.rows.length > 0 && (
                <>
                    <ol class="desk-notices">
                        {loaded.value.rows.map((notice) => (
                            <Row
                                key={`${notice.file} ${notice.fact}`}
                                notice={notice}
                                isNew={notice.at > until}
                            />
                        ))}
                    </ol>
                    <Pager next={loaded.value.next} />
                </>
            )}
        </>
    );
}
