// pages: every page of the desk: its address, who may open it, and where its code is.
//
// What a role may see, the server decides; this list spares people links that lead nowhere. A page's
// code is loaded when somebody goes there.

import type { ComponentType } from 'preact';
import type { Role } from '../api/types';
import type { Words } from '../words/words';

export interface PageProps { values: string[] }

export interface PageRow {
    name: keyof Words['pages'];
    path: string;                    // ":name" stands for a value
    roles: Role[] | 'anybody';
    inMenu: boolean;
    load: () => Promise<ComponentType<PageProps>>;
}

const deciding: Role[] = ['officer', 'supervisor'];
const looking: Role[] = [...deciding, 'analyst', 'control-room', 'agency', 'auditor'];

export const pages: PageRow[] = [
    { name: 'home', path: '/', roles: 'anybody', inMenu: false,
      load: async () => (await import('../pages/home')).HomePage },
    { name: 'queue', path: '/queue', roles: [...deciding, 'analyst', 'auditor'], inMenu: true,
      load: async () => (await import('../pages/queue')).QueuePage },
    { name: 'file', path: '/file/:ucr', roles: [...looking, 'trader'], inMenu: false,
      load: async () => (await import('../pages/file')).FilePage },
    { name: 'verify', path: '/verify', roles: 'anybody', inMenu: true,
      load: async () => (await import('../pages/verify')).VerifyPage },
    { name: 'signIn', path: '/signin', roles: 'anybody', inMenu: false,
      load: async () => (await import('../pages/sign_in')).SignInPage },
];

export function mayOpen(row: PageRow, role: Role | undefined): boolean {
    return row.roles === 'anybody' || (role !== undefined && row.roles.includes(role));
}
