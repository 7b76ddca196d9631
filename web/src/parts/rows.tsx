// rows: consignments in a list, each a link to its page.

import type { Row } from '../api/types';
import { useWords } from '../words/words';
import { Code, MoneyText, Moment, StateTag } from './data';
import { Cell, Table } from './table';

export function RowTable({ caption, rows }: { caption: string; rows: Row[] }) {
    const words = useWords();
    const head = [
        { text: words.queue.consignment },
        { text: words.list.state },
        { text: words.file.reference },
        { text: words.queue.goods },
        { text: words.queue.origin },
        { text: words.queue.importer },
        { text: words.file.owed, isNumber: true },
        { text: words.queue.lodged },
    ];
    return (
        <Table caption={caption} isCaptionHidden head={head}>
            {rows.map((row) => (
                <tr class="govuk-table__row" key={row.file}>
                    <Cell>
                        <a class="govuk-link" href={`/desk/file/${encodeURIComponent(row.file)}`}>
                            <Code text={row.file} />
                        </a>
                    </Cell>
                    <Cell>
                        <StateTag state={row.state} />
                    </Cell>
                    <Cell>
                        <Code text={row.reference} />
                    </Cell>
                    <Cell>
                        <Code text={row.commodity} />
                    </Cell>
                    <Cell>
                        <Code text={row.origin} />
                    </Cell>
                    <Cell>
                        <Code text={row.importer} />
                    </Cell>
                    <Cell isNumber>
                        <MoneyText money={row.owed} />
                    </Cell>
                    <Cell>
                        <Moment at={row.lodgedAt} />
                    </Cell>
                </tr>
            ))}
        </Table>
    );
}
