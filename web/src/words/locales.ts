// locales: the manner of which country each language counts and writes numbers and days in.

export const locales = { en: 'en', ar: 'ar', fr: 'fr', pt: 'pt-PT' } as const;

export type Language = keyof typeof locales;

export function isLanguage(text: string | null | undefined): text is Language {
    return text !== null && text !== undefined && Object.hasOwn(locales, text);
}
