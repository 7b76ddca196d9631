// rules: the officers' rules: what is on and what it found; and where new ones are written, tried
// on the past, and switched.

import { useState } from 'preact/hooks';
import type { Rule } from '../api/types';
import { useDesk, useLoaded } from '../app/context';
import { Code } from '../parts/data';
import { RuleTable } from '../parts/rule_list';
import { RuleWriting } from '../parts/rule_writing';
import { Failed } from '../parts/trouble';
import { useWords } from '../words/words';

export function RulesPage() {
    const { client } = useDesk();
    const words = useWords();
    const [loaded, again] = useLoaded(() => client.rules(), '');
    const [text, setText] = useState('');
    if (loaded.state === 'failed') return <Failed problem={loaded.problem} again={again} />;
    if (loaded.state === 'loading') return <p class="govuk-body">{words.app.loading}</p>;
    const { rows, version, may } = loaded.value;
    const mayWrite = may.includes('write');
    const desk = rows.filter((row) => row.from === 'desk');
    const books = rows.filter((row) => row.from === 'books');
    const edit = (rule: Rule) => {
        setText(rule.text);
        document.getElementById('rule')?.focus();
    };
    return (
        <>
            <h1 class="govuk-heading-l">{words.pages.rules}</h1>
            <p class="govuk-body desk-prose">{words.rules.lead}</p>
            <p class="govuk-body desk-quiet">
                {words.rules.version} <Code text={version} />
            </p>
            <h2 class="govuk-heading-m">{words.rules.desk}</h2>
            {desk.length === 0 ? (
                <p class="govuk-body">{words.rules.noneYet}</p>
            ) : (
                <RuleTable
                    caption={words.rules.desk}
                    rows={desk}
                    again={again}
                    edit={mayWrite ? edit : undefined}
                />
            )}
            {mayWrite && <RuleWriting text={text} change={setText} written={again} />}
            <h2 class="govuk-heading-m">{words.rules.books}</h2>
            <p class="govuk-body">{words.rules.booksText}</p>
            <RuleTable
                caption={words.rules.books}
                rows={books}
                again={again}
                edit={mayWrite ? edit : undefined}
            />
        </>
    );
}
