// trader_acts: what a trader may do with a file of his: answer, amend, withdraw; and what he owes.

import { useState } from 'preact/hooks';
import type { File } from '../api/types';
import { useDesk, useDoing } from '../app/context';
import { useWords } from '../words/words';
import { MoneyText } from './data';
import { TextArea } from './field';
import { Folded } from './folded';
import { latest } from './latest';
import { AnswerForm } from './answer_form';
import { Trouble } from './trouble';

interface Props {
    file: File;
    again: () => void;
}

function WithdrawForm({ file, again }: Props) {
    const { client, verified } = useDesk();
    const words = useWords();
    const [isBusy, problem, run] = useDoing();
    const [reason, setReason] = useState('');
    const [isTried, setTried] = useState(false);
    const withdraw = (event: Event) => {
        event.preventDefault();
        setTried(true);
        if (reason.trim() === '') return;
        run(async () => {
            await verified(() => client.withdraw(file, reason.trim()));
            again();
        });
    };
    return (
        <form onSubmit={withdraw} noValidate>
            {problem && <Trouble problem={problem} />}
            <TextArea
                id="withdraw-reason"
                label={words.mine.withdrawReason}
                hint={words.mine.withdrawHint}
                value={reason}
                change={setReason}
                error={reason.trim() === '' && isTried ? words.file.reasonMissing : undefined}
            />
            <button class="govuk-button govuk-button--warning" disabled={isBusy}>
                {words.mine.withdraw}
            </button>
        </form>
    );
}

function Owed({ file }: { file: File }) {
    const words = useWords();
    const settled = latest(file.facts, 'settled');
    if (file.owed === undefined || file.owed.currency === '') return null;
    return (
        <div class="desk-owed">
            <h2 class="govuk-heading-m">{words.mine.owed}</h2>
            <p class="desk-sum">
                <MoneyText money={file.owed} />
            </p>
            <p class="govuk-body-s desk-quiet">
                {settled
                    ? words.mine.settled({ reference: settled.reference ?? '' })
                    : words.mine.unsettled}
            </p>
        </div>
    );
}

export function TraderActs({ file, again }: Props) {
    const { session } = useDesk();
    const words = useWords();
    if (session?.role !== 'trader') return null;
    const open = file.requests.filter((request) => request.open);
    const maySupply = file.may.includes('supply');
    const mayAmend = file.may.includes('amend');
    const mayWithdraw = file.may.includes('withdraw');
    return (
        <section class="desk-acts desk-screen">
            <Owed file={file} />
            {maySupply &&
                open.map((request) => (
                    <AnswerForm key={request.fact} file={file} request={request} again={again} />
                ))}
            {mayAmend && (
                <p class="govuk-body">
                    <a
                        class="govuk-button govuk-button--secondary"
                        role="button"
                        href={`/desk/lodge?amend=${encodeURIComponent(file.file)}`}
                    >
                        {words.mine.amend}
                    </a>
                </p>
            )}
            {mayWithdraw && (
                <Folded title={words.mine.withdraw}>
                    <WithdrawForm file={file} again={again} />
                </Folded>
            )}
            {!mayAmend && !mayWithdraw && !maySupply && (
                <p class="govuk-body-s desk-quiet">{words.mine.nothing}</p>
            )}
        </section>
    );
}
