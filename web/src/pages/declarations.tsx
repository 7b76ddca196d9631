// declarations: a trader's own, newest first, and what is owed on each.

import { useDesk, useLoaded } from '../app/context';
import { useNews } from '../app/news';
import { usePlace } from '../app/router';
import { Pager } from '../parts/pager';
import { RowTable } from '../parts/rows';
import { Failed } from '../parts/trouble';
import { useWords } from '../words/words';

export function DeclarationsPage() {
    const { client } = useDesk();
    const words = useWords();
    const cursor = usePlace().search.get('cursor') ?? undefined;
    const [loaded, again] = useLoaded(() => client.declarations(cursor), cursor ?? '');
    useNews('', again);
    if (loaded.state === 'failed') return <Failed problem={loaded.problem} again={again} />;
    return (
        <>
            <h1 class="govuk-heading-l">{words.pages.declarations}</h1>
            <p>
                <a class="govuk-button" href="/desk/lodge" role="button">
                    {words.pages.lodge}
                </a>
            </p>
            {loaded.state === 'loading' && <p class="govuk-body">{words.app.loading}</p>}
            {loaded.state === 'there' && loaded.value.rows.length === 0 && (
                <p class="govuk-body">
                    {loaded.value.next === undefined && cursor === undefined
                        ? words.list.noDeclarations
                        : words.list.nothingHere}
                </p>
            )}
            {loaded.state === 'there' && loaded.value.rows.length > 0 && (
                <RowTable caption={words.pages.declarations} rows={loaded.value.rows} />
            )}
            {loaded.state === 'there' && <Pager next={loaded.value.next} />}
        </>
    );
}
