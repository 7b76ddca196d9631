// rule_list: officers' rules in a table; a rule's text and what may be done with it lie behind its
// sentence.

import { useState } from 'preact/hooks';
import type { Rule } from '../api/types';
import { useDesk, useDoing } from '../app/context';
import { useWords } from '../words/words';
import { Code, MoneyText, Moment } from './data';
import { Input } from './field';
import { Cell, Table } from './table';
import { Trouble } from './trouble';

interface SwitchProps {
    rule: Rule;
    to: 'on' | 'off';
    again: () => void;
}

function Switch({ rule, to, again }: SwitchProps) {
    const { client } = useDesk();
    const words = useWords().rules;
    const [isBusy, problem, run] = useDoing();
    const [reason, setReason] = useState('');
    const [until, setUntil] = useState('');
    const [isTried, setTried] = useState(false);
    const turn = (event: Event) => {
        event.preventDefault();
        setTried(true);
        if (reason.trim() === '') return;
        run(async () => {
            await client.switchRule(rule.name, to, reason.trim(), until.trim());
            again();
        });
    };
    return (
        <form class="desk-switch" onSubmit={turn} noValidate>
            {problem && <Trouble problem={problem} />}
            <div class="desk-row">
                <Input
                    id={`reason-${rule.name}`}
                    label={words.reason}
                    width={30}
                    value={reason}
                    change={setReason}
                    error={reason.trim() === '' && isTried ? words.reasonMissing : undefined}
                />
                {to === 'on' && (
                    <Input
                        id={`until-${rule.name}`}
                        label={words.until}
                        hint={words.untilHint}
                        width={10}
                        value={until}
                        change={setUntil}
                        error={problem?.field === 'until' ? words.untilWrong : undefined}
                    />
                )}
            </div>
            <button class="govuk-button desk-small" disabled={isBusy}>
                {to === 'on'
                    ? words.switchOn({ name: rule.name })
                    : words.switchOff({ name: rule.name })}
            </button>
        </form>
    );
}

interface Props {
    caption: string;
    rows: Rule[];
    again: () => void;
    edit: ((rule: Rule) => void) | undefined;
}

type RowProps = Omit<Props, 'caption' | 'rows'> & { rule: Rule; columns: number };

function Behind({ rule, again, edit }: Omit<RowProps, 'columns'>) {
    const words = useWords().rules;
    return (
        <>
            <pre class="desk-raw desk-source" dir="ltr" tabIndex={0} aria-label={rule.name}>
                {rule.text}
            </pre>
            {rule.owner && (
                <p class="desk-quiet">
                    {words.writtenBy} <Code text={rule.owner} />
                    {rule.reason && (
                        <>
                            {' · '}
                            {rule.on ? words.onBecause : words.lastReason} <bdi>{rule.reason}</bdi>
                        </>
                    )}
                </p>
            )}
            {rule.may?.map((to) => (
                <Switch key={to} rule={rule} to={to} again={again} />
            ))}
            {edit && (
                <button type="button" class="desk-plain-button" onClick={() => edit(rule)}>
                    {words.toEditor({ name: rule.name })}
                </button>
            )}
        </>
    );
}

function Row({ rule, columns, ...props }: RowProps) {
    const words = useWords();
    const [isOpen, setOpen] = useState(false);
    const id = `behind-${rule.name}`;
    const colour = rule.on ? 'green' : 'grey';
    return (
        <>
            <tr class="govuk-table__row">
                <Cell>
                    <Code text={rule.name} />
                </Cell>
                <Cell>
                    <button
                        type="button"
                        class="desk-plain-button desk-start"
                        aria-expanded={isOpen}
                        aria-controls={id}
                        onClick={() => setOpen(!isOpen)}
                    >
                        <bdi>{rule.sentence}</bdi>
                    </button>
                </Cell>
                <Cell>
                    <strong class={`govuk-tag govuk-tag--${colour}`}>
                        {rule.on ? words.rules.on : words.rules.off}
                    </strong>
                    {rule.until && (
                        <div class="desk-quiet">{words.file.until({ day: rule.until })}</div>
                    )}
                </Cell>
                <Cell isNumber>{rule.score}</Cell>
                <Cell>{rule.wants && words.decision[rule.wants]}</Cell>
                <Cell isNumber>{rule.hits}</Cell>
                <Cell isNumber>{rule.inspected}</Cell>
                <Cell isNumber>{rule.found}</Cell>
                <Cell isNumber>
                    <MoneyText money={rule.recovered} />
                </Cell>
                {columns === 10 && <Cell>{rule.changedAt && <Moment at={rule.changedAt} />}</Cell>}
            </tr>
            <tr class="govuk-table__row" id={id} hidden={!isOpen}>
                <td class="govuk-table__cell" colSpan={columns}>
                    <div class="desk-behind">{isOpen && <Behind rule={rule} {...props} />}</div>
                </td>
            </tr>
        </>
    );
}

export function RuleTable({ caption, rows, ...props }: Props) {
    const words = useWords();
    const hasChanges = rows.some((rule) => rule.changedAt !== undefined);
    const head = [
        { text: words.rules.name },
        { text: words.rules.sentence },
        { text: words.list.state },
        { text: words.rules.score, isNumber: true },
        { text: words.rules.wants },
        { text: words.rules.hits, isNumber: true },
        { text: words.rules.inspected, isNumber: true },
        { text: words.rules.found, isNumber: true },
        { text: words.rules.recovered, isNumber: true },
        ...(hasChanges ? [{ text: words.rules.changed }] : []),
    ];
    return (
        <Table caption={caption} isCaptionHidden head={head}>
            {rows.map((rule) => (
                <Row key={rule.name} rule={rule} columns={head.length} {...props} />
            ))}
        </Table>
    );
}
