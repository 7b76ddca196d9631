// say: what messages ask of their language when they are said.
//
// tools/message.ts writes the calls as the pages are built.

type Choices = Record<string, string> & { other: string };

export interface Say {
    number: (value: number) => string;
    date: (value: string, style: 'short' | 'medium' | 'long' | 'full') => string;
    plural: (count: number, forms: Choices) => string;
    select: (value: string, cases: Choices) => string;
}

export function sayIn(locale: string): Say {
    const rules = new Intl.PluralRules(locale);
    const numbers = new Intl.NumberFormat(locale);
    return {
        number: (value) => numbers.format(value),
        // A day is a day, wherever it is read; what is none is shown as it stands.
        date: (value, dateStyle) => {
            const date = new Date(value);
            const how = { dateStyle, timeZone: 'UTC' } as const;
            return Number.isNaN(date.getTime())
                ? value
                : new Intl.DateTimeFormat(locale, how).format(date);
        },
        plural: (count, forms) => forms[`=${count}`] ?? forms[rules.select(count)] ?? forms.other,
        select: (value, cases) =>
            (Object.hasOwn(cases, value) ? cases[value] : undefined) ?? cases.other,
    };
}
