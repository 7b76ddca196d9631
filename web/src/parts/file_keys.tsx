// file_keys: the letters by which an officer works through files without a mouse.
//
// Each goes to what stands on the page: a letter whose act is not open does nothing.

import { useCallback } from 'preact/hooks';
import { useDesk } from '../app/context';
import { useKeys } from '../app/keys';
import { go } from '../app/router';
import { useWords } from '../words/words';

// Opens what it is folded in, and puts the focus there.
function reach(id: string): boolean {
    const field = document.getElementById(id);
    field?.closest('details')?.setAttribute('open', '');
    field?.focus();
    return field !== null;
}

function pressTask(): boolean {
    const button = document.querySelector<HTMLElement>('button[data-task]');
    button?.click();
    return button !== null;
}

export function FileKeys() {
    const { client, session } = useDesk();
    const words = useWords().file;
    const works = session?.role === 'officer' || session?.role === 'supervisor';
    const next = useCallback(async () => {
        const { rows } = await client.queue({ claimed: 'nobody', limit: 1 });
        go(rows[0] ? `/desk/file/${encodeURIComponent(rows[0].file)}` : '/desk/queue');
    }, [client]);
    const press = useCallback(
        (key: string) => {
            if (!works) return false;
            if (key === 'c') return pressTask();
            if (key === 'd') return reach('decision');
            if (key === 'a') return reach('document');
            if (key === 'i') return reach('found');
            if (key === 'p') return reach('payment');
            if (key === 'q') go('/desk/queue');
            else if (key === 'n') void next().catch(() => go('/desk/queue'));
            else return false;
            return true;
        },
        [works, next],
    );
    useKeys(press);
    return works ? <p class="govuk-body-s desk-quiet desk-keys desk-screen">{words.keys}</p> : null;
}
