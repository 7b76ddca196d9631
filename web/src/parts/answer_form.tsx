// answer_form: a trader answers what an officer asked, with a text, documents, or both. Each
// document goes out as soon as it is chosen; the answer then names it by its hash.

import { useRef, useState } from 'preact/hooks';
import { ApiProblem } from '../api/client';
import type { File as Consignment, Problem } from '../api/types';
import { useDesk, useDoing } from '../app/context';
import { formatSize, useSpeech, useWords, type Words } from '../words/words';
import { SmallButton } from './button';
import { Code } from './data';
import { describedBy, FieldFrame, TextArea } from './field';
import { Trouble } from './trouble';

const SIZE_MAX = 16 * 1024 * 1024;
const DOCUMENTS_MAX = 20;
const types = ['application/pdf', 'image/jpeg', 'image/png', 'text/plain'];

interface Sent {
    key: number;
    name: string;
    size: number;
    share: number; // of it that has gone out
    sha256?: string; // it is there
    wrong?: string;
}

// Looked at before anything is sent; the server looks again.
function wrongWith(file: File, words: Words['mine']): string | undefined {
    if (!types.includes(file.type)) return words.typeWrong;
    return file.size > SIZE_MAX ? words.sizeWrong : undefined;
}

function saidOf(problem: Problem): string {
    return [problem.detail ?? problem.title, problem.hint].filter(Boolean).join('. ');
}

function useDocuments(): [Sent[], (files: FileList) => void, (key: number) => void] {
    const { client } = useDesk();
    const words = useWords();
    const [sent, setSent] = useState<Sent[]>([]);
    const number = useRef(0);
    const put = (key: number, change: Partial<Sent>) =>
        setSent((now) => now.map((one) => (one.key === key ? { ...one, ...change } : one)));
    const send = async (key: number, file: File) => {
        try {
            const { sha256 } = await client.sendDocument(file, (share) => put(key, { share }));
            put(key, { share: 1, sha256 });
        } catch (trouble) {
            if (!(trouble instanceof ApiProblem)) throw trouble;
            const isSilent = trouble.problem.status === 0;
            const wrong = isSilent ? words.trouble.unreachable : saidOf(trouble.problem);
            put(key, { wrong });
        }
    };
    const take = (files: FileList) => {
        for (const file of files) {
            const key = (number.current += 1);
            const wrong = wrongWith(file, words.mine);
            const one: Sent = { key, name: file.name, size: file.size, share: 0 };
            setSent((now) => [...now, wrong === undefined ? one : { ...one, wrong }]);
            if (wrong === undefined) void send(key, file);
        }
    };
    const remove = (key: number) => setSent((now) => now.filter((one) => one.key !== key));
    return [sent, take, remove];
}

function SentList({ sent, remove }: { sent: Sent[]; remove: (key: number) => void }) {
    const { language, words } = useSpeech();
    return (
        <ul class="desk-plain desk-sent">
            {sent.map(({ key, name, size, share, sha256, wrong }) => (
                <li key={key}>
                    <span>
                        <bdi>{name}</bdi>{' '}
                        <span class="desk-quiet">{formatSize(language, size)}</span>
                    </span>
                    {wrong === undefined && sha256 === undefined && (
                        <progress class="desk-progress" value={share} max={1} aria-label={name} />
                    )}
                    {sha256 !== undefined && <span role="status">{words.mine.sent}</span>}
                    {wrong !== undefined && (
                        <span class="desk-wrong" role="alert">
                            {wrong}
                        </span>
                    )}
                    <SmallButton
                        text={words.account.remove}
                        of={name}
                        isBusy={false}
                        press={() => remove(key)}
                    />
                </li>
            ))}
        </ul>
    );
}

interface Props {
    file: Consignment;
    request: Consignment['requests'][number];
    again: () => void;
}

export function AnswerForm({ file, request, again }: Props) {
    const { client, verified } = useDesk();
    const words = useWords();
    const [isBusy, problem, run] = useDoing();
    const [text, setText] = useState('');
    const [isTried, setTried] = useState(false);
    const [sent, take, remove] = useDocuments();
    const good = sent.filter(({ sha256 }) => sha256 !== undefined);
    const isUnderWay = sent.some(({ sha256, wrong }) => sha256 === wrong);
    const isEmpty = text.trim() === '' && good.length === 0;
    const answer = (event: Event) => {
        event.preventDefault();
        setTried(true);
        if (isEmpty || isUnderWay) return;
        const attachments = good.slice(0, DOCUMENTS_MAX).map(({ name, sha256 = '' }) => ({
            name,
            sha256,
            ...(request.code ? { type: request.code } : {}),
        }));
        const said = text.trim() === '' ? {} : { text: text.trim() };
        run(async () => {
            await verified(() =>
                client.supply(file, { request: request.fact, ...said, attachments }),
            );
            again();
        });
    };
    const frame = {
        id: `documents-${request.fact}`,
        label: words.mine.documents,
        hint: words.mine.documentsHint,
    };
    return (
        <form class="desk-answer" onSubmit={answer} noValidate>
            <h2 class="govuk-heading-m">{words.mine.asked}</h2>
            <p class="govuk-body">
                <Code text={request.code} /> <bdi>{request.text}</bdi>
                {request.until && <> ({words.file.until({ day: request.until })})</>}
            </p>
            {problem && <Trouble problem={problem} />}
            <TextArea
                id={`answer-${request.fact}`}
                label={words.mine.answer}
                value={text}
                change={setText}
                error={isEmpty && isTried && !isUnderWay ? words.mine.answerMissing : undefined}
            />
            <FieldFrame {...frame}>
                <input
                    type="file"
                    multiple
                    id={frame.id}
                    class="govuk-file-upload"
                    accept=".pdf,.jpg,.jpeg,.png,.txt"
                    aria-describedby={describedBy(frame)}
                    onChange={(event) => {
                        if (event.currentTarget.files) take(event.currentTarget.files);
                        event.currentTarget.value = '';
                    }}
                />
            </FieldFrame>
            <SentList sent={sent} remove={remove} />
            <button class="govuk-button" disabled={isBusy || isUnderWay}>
                {words.mine.send}
            </button>
        </form>
    );
}
