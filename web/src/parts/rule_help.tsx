// rule_help: the language of the rules, short: examples that can be taken over, names and operators.
// All of it is in docs/rule-language.md.

import { type RuleName, useWords } from '../words/words';
import { Code } from './data';
import { Cell, Table } from './table';

const examples = [
    'rule NEW-01 "telephones far below their price" score 300 examine when\n' +
        '    any item (commodity starts with "8517" and value_per_kilo < 20)',
    'rule NEW-02 "medicines without leave of the health authority" documents when\n' +
        '    any item (commodity starts with "30" and not any document (typeCode = "H01"))',
    'rule NEW-03 "light electronics from a free zone" score 150 when\n' +
        '    any item (commodity starts with "85" and origin in ("CN", "HK"))\n' +
        '    and gross_mass < 20 and mode = "4"',
];

const names: RuleName[] = [
    'commodity',
    'origin',
    'procedure',
    'regime',
    'value',
    'value_per_kilo',
    'price',
    'price_per_kilo',
    'currency',
    'duty',
    'gross_mass',
    'net_mass',
    'packages',
    'items',
    'warnings',
    'dispatch',
    'destination',
    'incoterm',
    'mode',
    'office',
    'type',
    'now',
    'importer.id',
    'exporter.name',
    'description',
];

const operators = [
    '= != < <= > >=',
    'in ("A", "B")   not in',
    'starts with   contains',
    'is missing   is not missing',
    'and   or   not   ( )',
    '+ - * /',
    'any item (…)   all items (…)',
    'count item (…)   sum item (…)',
    'date "2026-03-01"',
];

export function RuleHelp({ take }: { take: (example: string) => void }) {
    const words = useWords().rules;
    return (
        <details class="govuk-details">
            <summary class="govuk-details__summary">
                <span class="govuk-details__summary-text">{words.help}</span>
            </summary>
            <div class="govuk-details__text">
                <p class="govuk-body">{words.helpText}</p>
                <h3 class="govuk-heading-s">{words.examples}</h3>
                {examples.map((example, i) => (
                    <div class="desk-example" key={example}>
                        <pre
                            class="desk-raw desk-source"
                            dir="ltr"
                            tabIndex={0}
                            aria-label={words.example({ number: i + 1 })}
                        >
                            {example}
                        </pre>
                        <button
                            type="button"
                            class="desk-plain-button"
                            onClick={() => take(example)}
                        >
                            {words.takeExample({ number: i + 1 })}
                        </button>
                    </div>
                ))}
                <h3 class="govuk-heading-s">{words.operators}</h3>
                <pre
                    class="desk-raw desk-source"
                    dir="ltr"
                    tabIndex={0}
                    aria-label={words.operators}
                >
                    {operators.join('\n')}
                </pre>
                <Table
                    caption={words.names}
                    head={[{ text: words.fieldName }, { text: words.meaning }]}
                >
                    {names.map((name) => (
                        <tr class="govuk-table__row" key={name}>
                            <Cell>
                                <Code text={name} />
                            </Cell>
                            <Cell>{words.nameOf[name]}</Cell>
                        </tr>
                    ))}
                </Table>
            </div>
        </details>
    );
}
