// plural: the form of a word that a number asks for, in its language.

export type Forms = Partial<Record<Intl.LDMLPluralRule, string>> & { other: string };

// '#' in a form stands for the number.
export function pluralIn(language: string): (count: number, forms: Forms) => string {
    const rules = new Intl.PluralRules(language);
    const numbers = new Intl.NumberFormat(language);
    return (count, forms) =>
        (forms[rules.select(count)] ?? forms.other).replace('#', numbers.format(count));
}
