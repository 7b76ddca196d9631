// users: who may come in, for administrators: invite, give another role, stop, let in again.

import { useState } from 'preact/hooks';
import type { AccountState, Invitation, Role, User } from '../api/types';
import { useDesk, useDoing, useLoaded } from '../app/context';
import { AskedTwice, SmallButton } from '../parts/button';
import { Code } from '../parts/data';
import { Input, Select } from '../parts/field';
import { Folded } from '../parts/folded';
import { Secret } from '../parts/secret';
import { Cell, Table } from '../parts/table';
import { Failed, Trouble } from '../parts/trouble';
import { languages, useSpeech, useWords } from '../words/words';

const colours: Record<AccountState, string> = { invited: 'blue', active: 'green', stopped: 'grey' };

interface Invited {
    displayName: string;
    link: string;
}

// A sign-in name, as the server takes it.
function isName(text: string): boolean {
    return /^[a-z0-9][a-z0-9._-]*$/.test(text);
}

function useRoles(): { value: string; text: string }[] {
    const words = useWords();
    return Object.entries(words.role).map(([value, text]) => ({ value, text }));
}

function InviteForm({ invited }: { invited: (link: Invited) => void }) {
    const { client } = useDesk();
    const { language, words } = useSpeech();
    const [isBusy, problem, run] = useDoing();
    const [isTried, setTried] = useState(false);
    const blank: Invitation = { name: '', displayName: '', role: 'officer', language };
    const [form, setForm] = useState(blank);
    const { users } = words;
    const put = (change: Partial<Invitation>) => setForm({ ...form, ...change });
    const invite = (event: Event) => {
        event.preventDefault();
        setTried(true);
        if (!isName(form.name) || form.displayName.trim() === '') return;
        run(async () => {
            const { link } = await client.invite(form);
            invited({ displayName: form.displayName, link });
            setForm(blank);
            setTried(false);
        });
    };
    return (
        <form onSubmit={invite} noValidate>
            {problem && <Trouble problem={problem} />}
            <div class="desk-row">
                <Input
                    id="displayName"
                    label={users.displayName}
                    width={20}
                    value={form.displayName}
                    change={(displayName) => put({ displayName })}
                    error={form.displayName.trim() === '' && isTried ? users.nameless : undefined}
                />
                <Input
                    id="name"
                    label={users.name}
                    hint={users.nameHint}
                    width={20}
                    value={form.name}
                    change={(name) => put({ name: name.trim() })}
                    spellcheck={false}
                    autocomplete="off"
                    error={!isName(form.name) && isTried ? users.nameWrong : undefined}
                />
            </div>
            <div class="desk-row">
                <Select
                    id="role"
                    label={users.role}
                    value={form.role}
                    change={(role) => put({ role: role as Role })}
                    options={useRoles()}
                />
                <Input
                    id="organisation"
                    label={users.organisation}
                    width={20}
                    value={form.organisation ?? ''}
                    change={(organisation) => put({ organisation: organisation.trim() })}
                    spellcheck={false}
                />
                <Select
                    id="language"
                    label={words.app.language}
                    value={form.language ?? language}
                    change={(to) => put({ language: to })}
                    options={Object.entries(languages).map(([value, { name }]) => ({
                        value,
                        text: name,
                    }))}
                />
            </div>
            <button class="govuk-button" disabled={isBusy}>
                {users.invite}
            </button>
        </form>
    );
}

interface EditProps {
    user: User;
    again: () => void;
    close: () => void;
}

function EditRow({ user, again, close }: EditProps) {
    const { client } = useDesk();
    const words = useWords();
    const [isBusy, problem, run] = useDoing();
    const [role, setRole] = useState<Role>(user.role);
    const [organisation, setOrganisation] = useState(user.organisation ?? '');
    const save = (event: Event) => {
        event.preventDefault();
        run(async () => {
            await client.changeUser(user.name, { role, organisation });
            again();
            close();
        });
    };
    return (
        <tr class="govuk-table__row">
            <td class="govuk-table__cell" colSpan={7}>
                <form onSubmit={save} noValidate>
                    {problem && <Trouble problem={problem} />}
                    <div class="desk-row desk-row--close">
                        <Select
                            id={`role-${user.name}`}
                            label={words.users.role}
                            value={role}
                            change={(to) => setRole(to as Role)}
                            options={useRoles()}
                        />
                        <Input
                            id={`organisation-${user.name}`}
                            label={words.users.organisation}
                            width={20}
                            value={organisation}
                            change={(to) => setOrganisation(to.trim())}
                            spellcheck={false}
                        />
                    </div>
                    <p class="govuk-body-s desk-quiet">{words.users.changeHint}</p>
                    <div class="desk-row desk-row--close">
                        <button class="govuk-button desk-low" disabled={isBusy}>
                            {words.app.save}
                        </button>
                        <button
                            type="button"
                            class="govuk-button govuk-button--secondary desk-low"
                            onClick={close}
                        >
                            {words.app.cancel}
                        </button>
                    </div>
                </form>
            </td>
        </tr>
    );
}

interface RowProps {
    user: User;
    again: () => void;
    invited: (link: Invited) => void;
}

function Buttons({ user, again, invited, edit }: RowProps & { edit: () => void }) {
    const { client, session } = useDesk();
    const words = useWords().users;
    const [isBusy, problem, run] = useDoing();
    const { name, displayName, role, organisation = '', state } = user;
    const isOwn = name === session?.name;
    const link = () =>
        run(async () => {
            const { link } = await client.invite({ name, displayName, role, organisation });
            invited({ displayName, link });
            again();
        });
    const stop = (stopped: boolean) =>
        run(async () => {
            await client.changeUser(name, { stopped });
            again();
        });
    return (
        <>
            {problem && <Trouble problem={problem} />}
            <span class="desk-buttons">
                <SmallButton text={words.change} of={name} isBusy={isBusy} press={edit} />
                {state !== 'stopped' && (
                    <SmallButton text={words.newLink} of={name} isBusy={isBusy} press={link} />
                )}
                {state === 'stopped' && (
                    <SmallButton
                        text={words.start}
                        of={name}
                        isBusy={isBusy}
                        press={() => stop(false)}
                    />
                )}
                {state !== 'stopped' && !isOwn && (
                    <AskedTwice
                        text={words.stop}
                        of={name}
                        isBusy={isBusy}
                        press={() => stop(true)}
                    />
                )}
            </span>
        </>
    );
}

function UserRow(props: RowProps) {
    const words = useWords();
    const [isEdited, setEdited] = useState(false);
    const { user, again } = props;
    return (
        <>
            <tr class="govuk-table__row">
                <Cell>
                    <bdi>{user.displayName}</bdi>
                    <div class="desk-quiet">
                        <Code text={user.name} />
                    </div>
                </Cell>
                <Cell>{words.role[user.role] ?? user.role}</Cell>
                <Cell>
                    <Code text={user.organisation} />
                </Cell>
                <Cell>
                    <strong class={`govuk-tag govuk-tag--${colours[user.state]}`}>
                        {words.users.state[user.state]}
                    </strong>
                </Cell>
                <Cell isNumber>{user.passkeys}</Cell>
                <Cell isNumber>{user.tokens}</Cell>
                <Cell>
                    <Buttons {...props} edit={() => setEdited(!isEdited)} />
                </Cell>
            </tr>
            {isEdited && <EditRow user={user} again={again} close={() => setEdited(false)} />}
        </>
    );
}

function UserTable({ users, again, invited }: { users: User[] } & Omit<RowProps, 'user'>) {
    const words = useWords();
    const head = [
        { text: words.users.displayName },
        { text: words.users.role },
        { text: words.users.organisation },
        { text: words.list.state },
        { text: words.account.passkeys, isNumber: true },
        { text: words.account.tokens, isNumber: true },
        { text: words.app.actions },
    ];
    return (
        <Table caption={words.pages.users} isCaptionHidden head={head}>
            {users.map((user) => (
                <UserRow key={user.name} user={user} again={again} invited={invited} />
            ))}
        </Table>
    );
}

export function UsersPage() {
    const { client } = useDesk();
    const words = useWords();
    const [loaded, again] = useLoaded(() => client.users(), '');
    const [link, setLink] = useState<Invited>();
    const invited = (to: Invited) => {
        setLink(to);
        again();
        window.scrollTo(0, 0);
    };
    if (loaded.state === 'failed') return <Failed problem={loaded.problem} again={again} />;
    return (
        <>
            <h1 class="govuk-heading-l">{words.pages.users}</h1>
            {link && (
                <Secret
                    title={words.users.invited({ name: link.displayName })}
                    text={words.users.linkOnce}
                    label={words.users.link}
                    value={link.link}
                    done={() => setLink(undefined)}
                />
            )}
            <Folded title={words.users.inviteSomebody}>
                <InviteForm invited={invited} />
            </Folded>
            {loaded.state === 'loading' && <p class="govuk-body">{words.app.loading}</p>}
            {loaded.state === 'there' && (
                <UserTable users={loaded.value.users} again={again} invited={invited} />
            )}
        </>
    );
}
