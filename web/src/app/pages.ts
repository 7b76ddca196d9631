// pages: every page of the desk: its address, who may open it, and where its code is.
//
// What a role may see, the server decides; this list spares people links that lead nowhere. A
// page's code is loaded when somebody goes there.

import type { ComponentType } from 'preact';
import type { Role } from '../api/types';
import type { Words } from '../words/words';

export interface PageProps {
    values: string[];
}

export interface PageRow {
    name: keyof Words['pages'];
    path: string; // ":name" stands for a value
    roles: Role[] | 'anybody';
    inMenu: boolean;
    load: () => Promise<ComponentType<PageProps>>;
}

const deciding: Role[] = ['officer', 'supervisor'];
const everybody: Role[] = [
    'trader',
    'officer',
    'supervisor',
    'analyst',
    'control-room',
    'agency',
    'auditor',
    'administrator',
];
const looking: Role[] = [...deciding, 'analyst', 'control-room', 'agency', 'auditor'];

export const pages: PageRow[] = [
    {
        name: 'home',
        path: '/',
        roles: 'anybody',
        inMenu: false,
        load: async () => (await import('../pages/home')).HomePage,
    },
    {
        name: 'queue',
        path: '/desk/queue',
        roles: [...deciding, 'analyst', 'auditor'],
        inMenu: true,
        load: async () => (await import('../pages/queue')).QueuePage,
    },
    {
        name: 'file',
        path: '/desk/file/:ucr',
        roles: [...looking, 'trader'],
        inMenu: false,
        load: async () => (await import('../pages/file')).FilePage,
    },
    {
        name: 'lodge',
        path: '/desk/lodge',
        roles: ['trader'],
        inMenu: true,
        load: async () => (await import('../pages/lodge')).LodgePage,
    },
    {
        name: 'declarations',
        path: '/desk/declarations',
        roles: ['trader'],
        inMenu: true,
        load: async () => (await import('../pages/declarations')).DeclarationsPage,
    },
    {
        name: 'search',
        path: '/desk/search',
        roles: looking,
        inMenu: true,
        load: async () => (await import('../pages/search')).SearchPage,
    },
    {
        name: 'rules',
        path: '/desk/rules',
        roles: [...deciding, 'analyst', 'auditor'],
        inMenu: true,
        load: async () => (await import('../pages/rules')).RulesPage,
    },
    {
        name: 'dashboard',
        path: '/desk/dashboard',
        roles: [...deciding, 'analyst', 'auditor'],
        inMenu: true,
        load: async () => (await import('../pages/dashboard')).DashboardPage,
    },
    {
        name: 'notices',
        path: '/desk/notices',
        roles: ['trader', ...deciding],
        inMenu: true,
        load: async () => (await import('../pages/notices')).NoticesPage,
    },
    {
        name: 'users',
        path: '/desk/users',
        roles: ['administrator'],
        inMenu: true,
        load: async () => (await import('../pages/users')).UsersPage,
    },
    {
        name: 'account',
        path: '/desk/account',
        roles: everybody,
        inMenu: false,
        load: async () => (await import('../pages/account')).AccountPage,
    },
    {
        name: 'verify',
        path: '/desk/verify',
        roles: 'anybody',
        inMenu: true,
        load: async () => (await import('../pages/verify')).VerifyPage,
    },
    {
        name: 'signIn',
        path: '/desk/signin',
        roles: 'anybody',
        inMenu: false,
        load: async () => (await import('../pages/sign_in')).SignInPage,
    },
];

export function mayOpen(row: PageRow, role: Role | undefined): boolean {
    return row.roles === 'anybody' || (role !== undefined && row.roles.includes(role));
}
