// words: the language of the pages, and how it writes numbers, moments and money.

import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { Money } from '../api/types';
import type { Words } from './catalogue';
import { isLanguage, type Language, locales } from './locales';

export type { Language, Words };
export { isLanguage };
export type RuleName = keyof Words['rules']['nameOf'];

export const languages: Record<Language, { name: string; dir: 'ltr' | 'rtl' }> = {
    en: { name: 'English', dir: 'ltr' },
    ar: { name: 'العربية', dir: 'rtl' },
    fr: { name: 'Français', dir: 'ltr' },
    pt: { name: 'Português', dir: 'ltr' },
};

const loaders: Record<Language, () => Promise<Words>> = {
    en: async () => (await import('virtual:words/en')).default,
    ar: async () => (await import('virtual:words/ar')).default,
    fr: async () => (await import('virtual:words/fr')).default,
    pt: async () => (await import('virtual:words/pt')).default,
};

export function loadWords(language: Language): Promise<Words> {
    return loaders[language]();
}

const KEPT = 'language';

// What was chosen here before, else the first of the browser's that we have.
export function firstLanguage(): Language {
    const kept = localStorage.getItem(KEPT);
    if (isLanguage(kept)) return kept;
    return navigator.languages.map((tag) => tag.split('-')[0]).find(isLanguage) ?? 'en';
}

export function keepLanguage(language: Language): void {
    localStorage.setItem(KEPT, language);
}

export interface Speech {
    language: Language;
    words: Words;
}

export const SpeechContext = createContext<Speech | undefined>(undefined);

export function useSpeech(): Speech {
    const speech = useContext(SpeechContext);
    if (speech === undefined) throw new Error('no language was chosen');
    return speech;
}

export function useWords(): Words {
    return useSpeech().words;
}

// Decimal texts are formatted as they are: a number could not hold all of them.
export function formatMoney(language: Language, { value, currency }: Money): string {
    const places = value.split('.')[1]?.length ?? 0;
    const format = new Intl.NumberFormat(locales[language], {
        minimumFractionDigits: places,
        maximumFractionDigits: places,
    });
    return `${format.format(value as unknown as number)} ${currency}`;
}

export function formatDecimal(language: Language, value: string): string {
    return formatMoney(language, { value, currency: '' }).trim();
}

export function formatMoment(language: Language, at: string): string {
    return new Intl.DateTimeFormat(locales[language], {
        dateStyle: 'medium',
        timeStyle: 'short',
        timeZone: 'UTC',
    }).format(new Date(at));
}

export function formatSize(language: Language, bytes: number): string {
    const isLarge = bytes >= 1024 * 1024;
    return new Intl.NumberFormat(locales[language], {
        style: 'unit',
        unit: isLarge ? 'megabyte' : 'kilobyte',
        maximumFractionDigits: isLarge ? 1 : 0,
    }).format(Math.max(bytes / 1024, 1) / (isLarge ? 1024 : 1));
}

export function formatNumber(language: Language, value: number, isCompact = false): string {
    const how = isCompact ? ({ notation: 'compact' } as const) : {};
    return new Intl.NumberFormat(locales[language], how).format(value);
}

export function formatShare(language: Language, share: number): string {
    const how = { style: 'percent', maximumFractionDigits: 1 } as const;
    return new Intl.NumberFormat(locales[language], how).format(share);
}

// A day is a day, wherever it is read.
export function formatDay(language: Language, date: string): string {
    const how = { day: 'numeric', month: 'short', timeZone: 'UTC' } as const;
    return new Intl.DateTimeFormat(locales[language], how).format(new Date(date));
}

const durations = [
    { unit: 'day', seconds: 86400 },
    { unit: 'hour', seconds: 3600 },
    { unit: 'minute', seconds: 60 },
    { unit: 'second', seconds: 1 },
] as const;

// In the largest unit of which it is at least one.
export function formatDuration(language: Language, seconds: number): string {
    const { unit, seconds: one } = durations.find((row) => seconds >= row.seconds) ?? {
        unit: 'second',
        seconds: 1,
    };
    const how = { style: 'unit', unit, unitDisplay: 'short', maximumFractionDigits: 1 } as const;
    return new Intl.NumberFormat(locales[language], how).format(seconds / one);
}
