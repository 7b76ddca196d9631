// message: an ICU message as the JavaScript that says it.
//
// Messages are read as the pages are built; no reader goes to a browser. What depends on the
// language is asked of `say` (src/words/say.ts), what is put in stands in `values`. Of ICU it knows
// what is in the switch below, and no more: what else there may be is an error. A plural must have
// each form that its language has.

import {
    type Location,
    type MessageFormatElement,
    parse,
    type PluralElement,
    type SelectElement,
    TYPE,
} from '@formatjs/icu-messageformat-parser';

export type ValueKind = 'text' | 'number' | 'date'; // a date: as the API writes it
export type Values = Map<string, ValueKind>;
type Option = PluralElement['options'][string];

const DATE_STYLES = ['short', 'medium', 'long', 'full'];
const FORMS = ['zero', 'one', 'two', 'few', 'many', 'other'] as const;

function pluralForms(locale: string): string[] {
    const { pluralCategories } = new Intl.PluralRules(locale).resolvedOptions();
    return FORMS.filter((form) => pluralCategories.includes(form));
}

function inTemplate(text: string): string {
    return text.replace(/[\\`]|\$(?=\{)/g, '\\$&');
}

function elementsOf(text: string): MessageFormatElement[] {
    try {
        return parse(text, { ignoreTag: true });
    } catch (error) {
        const { message, location } = error as Error & { location: Location };
        const what = message.toLowerCase().replaceAll('_', ' ');
        throw new Error(`${what}, at character ${location.start.offset + 1}`);
    }
}

class Writer {
    readonly values: Values = new Map();

    constructor(private readonly locale: string) {}

    // A template literal; `counted` is what '#' stands for.
    template(elements: MessageFormatElement[], counted?: string): string {
        return `\`${elements.map((element) => this.part(element, counted)).join('')}\``;
    }

    private part(element: MessageFormatElement, counted?: string): string {
        switch (element.type) {
            case TYPE.literal:
                return inTemplate(element.value);
            case TYPE.argument:
                return `\${${this.value(element.value, 'text')}}`;
            case TYPE.number:
                if (element.style)
                    throw new Error(`{${element.value}, number} has a style, not known here`);
                return `\${say.number(${this.value(element.value, 'number')})}`;
            case TYPE.date:
                return `\${say.date(${this.date(element.value, element.style ?? 'medium')})}`;
            case TYPE.pound:
                return `\${say.number(${counted})}`;
            case TYPE.select:
                return `\${say.select(${this.select(element, counted)})}`;
            case TYPE.plural:
                return `\${say.plural(${this.plural(element)})}`;
            default:
                throw new Error(`{${element.value}} is of a type that is not known here`);
        }
    }

    private value(name: string, kind: ValueKind): string {
        const before = this.values.get(name) ?? kind;
        if (before !== kind) throw new Error(`{${name}} is a ${before} here and a ${kind} there`);
        this.values.set(name, kind);
        return `values[${JSON.stringify(name)}]`;
    }

    private date(name: string, style: unknown): string {
        if (!DATE_STYLES.includes(style as string))
            throw new Error(`{${name}, date} must be ${DATE_STYLES.join(', ')}`);
        return `${this.value(name, 'date')}, ${JSON.stringify(style)}`;
    }

    private select({ value, options }: SelectElement, counted?: string): string {
        return `${this.value(value, 'text')}, ${this.options(options, counted)}`;
    }

    private plural({ value, options, offset, pluralType }: PluralElement): string {
        if (offset !== 0) throw new Error(`{${value}, plural} has an offset, not known here`);
        if (pluralType !== 'cardinal')
            throw new Error(`{${value}, selectordinal} is not known here`);
        const forms = pluralForms(this.locale);
        const named = Object.keys(options).filter((form) => !form.startsWith('='));
        const missing = forms.filter((form) => !named.includes(form));
        const unknown = named.filter((form) => !forms.includes(form));
        if (missing.length > 0) throw new Error(`{${value}, plural} lacks ${missing.join(', ')}`);
        if (unknown.length > 0)
            throw new Error(`{${value}, plural} has ${unknown.join(', ')}, this language has not`);
        const counted = this.value(value, 'number');
        return `${counted}, ${this.options(options, counted)}`;
    }

    private options(options: Record<string, Option>, counted?: string): string {
        const rows = Object.entries(options).map(
            ([name, option]) => `${JSON.stringify(name)}: ${this.template(option.value, counted)}`,
        );
        return `{ ${rows.join(', ')} }`;
    }
}

export class Message {
    private constructor(
        readonly code: string, // a string, or a function of its values
        readonly values: Values,
    ) {}

    // Throws an Error that says what is wrong.
    static read(text: string, locale: string): Message {
        if (text.trim() === '') throw new Error('it says nothing');
        const writer = new Writer(locale);
        const template = writer.template(elementsOf(text));
        const code = writer.values.size === 0 ? template : `(values) => ${template}`;
        return new Message(code, writer.values);
    }
}
