// duties: which rules a declaration breaks, and what is owed on it.

import type { Fact } from '../api/types';
import { useWords } from '../words/words';
import { Code, MoneyText } from './data';
import { latest } from './latest';
import { Cell, Table } from './table';
import { FindingList } from './facts';

export function Findings({ facts }: { facts: Fact[] }) {
    const words = useWords().file;
    const checked = latest(facts, 'checked');
    if (checked === undefined || checked.findings.length === 0) return null;
    return (
        <section>
            <h2 class="govuk-heading-m">{words.findings}</h2>
            <FindingList findings={checked.findings} />
        </section>
    );
}

export function Duties({ facts }: { facts: Fact[] }) {
    const words = useWords().file;
    const assessed = latest(facts, 'assessed');
    if (assessed === undefined) return null;
    const head = [
        { text: words.item },
        { text: words.duty },
        { text: words.description },
        { text: words.base, isNumber: true },
        { text: words.amount, isNumber: true },
    ];
    return (
        <section>
            <Table caption={words.duties} head={head}>
                {assessed.lines.map((line, i) => (
                    <tr class="govuk-table__row" key={i}>
                        <Cell>{line.sequence}</Cell>
                        <Cell>
                            <Code text={line.type} />
                        </Cell>
                        <Cell>
                            <bdi>{line.text}</bdi>
                            {line.suspended && ` (${words.suspended})`}
                        </Cell>
                        <Cell isNumber>
                            <MoneyText money={line.base} />
                        </Cell>
                        <Cell isNumber>
                            <MoneyText money={line.amount} />
                        </Cell>
                    </tr>
                ))}
                <tr class="govuk-table__row desk-total">
                    <th scope="row" class="govuk-table__header" colSpan={4}>
                        {words.total}
                    </th>
                    <Cell isNumber>
                        <MoneyText money={assessed.total} />
                    </Cell>
                </tr>
            </Table>
        </section>
    );
}
