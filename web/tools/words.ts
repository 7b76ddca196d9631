// words: the texts of the pages, one file of ICU messages a language, compiled as pages are built.
//
// import('virtual:words/fr') is what src/words/fr.json says, in the shape of `Words`. English is the
// measure: a message that another language lacks, has alone, or gives other values is a fault. Faults
// are named by language and key, and there are no pages while there is one.

import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { format, resolveConfig } from 'prettier';
import type { Plugin } from 'vite';
import { isLanguage, locales } from '../src/words/locales';
import { isObject, type JsonObject, readJson } from '../src/verify/json';
import { Message, type ValueKind } from './message';

type Group = Map<string, Message | Group>;
type Texts = (language: string) => string; // of the language's file
export interface Catalogue {
    messages: Group;
    faults: string[];
}

const MEASURE = 'en';
const PREFIX = 'virtual:words/';
const folder = fileURLToPath(new URL('../src/words/', import.meta.url));
const fileOf = (language: string) => `${folder}${language}.json`;
const textOf: Texts = (language) => readFileSync(fileOf(language), 'utf8');
const typesFile = `${folder}catalogue.ts`;
const typesHead = `// catalogue: every message of the pages, and what is put into it.
//
// Written from the English messages (en.json); after a change of theirs write it anew:
//   TIDEWAITER_WRITE_DOCS=1 npx vitest run src/words

`;
const typeOf: Record<ValueKind, string> = { text: 'string', number: 'number', date: 'string' };

function localeOf(language: string): string {
    if (!isLanguage(language)) throw new Error(`${language} is no language of locales.ts`);
    return locales[language];
}

// As the pages write it: verify.why["no-key"].
function keyOf(path: string[]): string {
    const steps = path.map((name) =>
        /^\w+$/.test(name) ? `.${name}` : `[${JSON.stringify(name)}]`,
    );
    return steps.join('').replace(/^\./, '');
}

function grouped(node: JsonObject, locale: string, path: string[], faults: string[]): Group {
    const messages: Group = new Map();
    for (const [name, inner] of Object.entries(node)) {
        const here = [...path, name];
        try {
            if (typeof inner === 'string') messages.set(name, Message.read(inner, locale));
            else if (isObject(inner)) messages.set(name, grouped(inner, locale, here, faults));
            else throw new Error('it is neither a text nor a group of them');
        } catch (error) {
            faults.push(`${keyOf(here)}: ${(error as Error).message}`);
        }
    }
    return messages;
}

function compiled(text: string, language: string): Catalogue {
    const faults: string[] = [];
    try {
        const json = readJson(text);
        if (!isObject(json)) throw new Error('it is no group of messages');
        return { messages: grouped(json, localeOf(language), [], faults), faults };
    } catch (error) {
        return { messages: new Map(), faults: [(error as Error).message] };
    }
}

// Each message by its key, with what is put into it.
function signatures(messages: Group, path: string[] = []): Map<string, string> {
    const found = new Map<string, string>();
    for (const [name, node] of messages) {
        const here = [...path, name];
        if (node instanceof Message) {
            const values = [...node.values].map(([value, kind]) => `{${value}} a ${kind}`).sort();
            found.set(keyOf(here), values.join(', ') || 'nothing');
        } else for (const [key, signature] of signatures(node, here)) found.set(key, signature);
    }
    return found;
}

function differences(measure: Group, messages: Group): string[] {
    const wanted = signatures(measure);
    const had = signatures(messages);
    return [
        ...[...wanted.keys()].filter((key) => !had.has(key)).map((key) => `${key}: it is missing`),
        ...[...had].flatMap(([key, values]) => {
            const english = wanted.get(key);
            if (english === undefined) return [`${key}: English has no such message`];
            return values === english ? [] : [`${key}: it takes ${values}, in English ${english}`];
        }),
    ];
}

// What a language says, and all that is wrong with it.
export function catalogue(language: string, texts: Texts = textOf): Catalogue {
    const { messages, faults } = compiled(texts(language), language);
    if (language === MEASURE || faults.length > 0) return { messages, faults };
    const measure = compiled(texts(MEASURE), MEASURE);
    return { messages, faults: differences(measure.messages, messages) };
}

function written(messages: Group, leaf: (message: Message) => string): string {
    const rows = [...messages].map(([name, node]) => {
        const inner = node instanceof Message ? leaf(node) : written(node, leaf);
        return `${JSON.stringify(name)}: ${inner}`;
    });
    return `{\n${rows.join(',\n')}\n}`;
}

function typeOfMessage({ values }: Message): string {
    const members = [...values].map(([name, kind]) => `${name}: ${typeOf[kind]}`);
    return members.length === 0 ? 'string' : `(values: { ${members.join('; ')} }) => string`;
}

// The messages of a language, when nothing is wrong with them.
function sound(language: string): Group {
    const { messages, faults } = catalogue(language);
    if (faults.length > 0)
        throw new Error(faults.map((fault) => `\n${language}.json: ${fault}`).join(''));
    return messages;
}

// The file of the types, where it is, and as it must be.
export async function types(): Promise<{ file: string; text: string }> {
    const text = `${typesHead}export interface Words ${written(sound(MEASURE), typeOfMessage)}`;
    const config = await resolveConfig(typesFile);
    return { file: typesFile, text: await format(text, { ...config, filepath: typesFile }) };
}

function moduleOf(language: string): string {
    return [
        `import { sayIn } from ${JSON.stringify(`${folder}say.ts`)};`,
        `const say = sayIn(${JSON.stringify(localeOf(language))});`,
        `export default ${written(sound(language), ({ code }) => code)};`,
    ].join('\n');
}

export const words: Plugin = {
    name: 'words',
    resolveId(id) {
        return id.startsWith(PREFIX) ? `\0${id}` : undefined;
    },
    load(id) {
        if (!id.startsWith(`\0${PREFIX}`)) return undefined;
        const language = id.slice(PREFIX.length + 1);
        for (const one of [language, MEASURE]) this.addWatchFile(fileOf(one));
        return moduleOf(language);
    },
};

// Pages are not built on types that are no longer those of the messages.
export const wordsTypes: Plugin = {
    name: 'words-types',
    apply: 'build',
    async buildStart() {
        const { file, text } = await types();
        if (readFileSync(file, 'utf8') !== text)
            throw new Error('catalogue.ts is not of en.json: write it anew, as it says');
    },
};
