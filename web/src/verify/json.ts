// json: a strict reader (RFC 8259) and the canonical form (RFC 8785).
//
// JSON.parse takes the last of two members of one name without a word. What is verified may not
// mean two things, so this reader refuses them, and lone surrogates, and what is nested too deep.

export type Json = null | boolean | number | string | Json[] | { [name: string]: Json };
export type JsonObject = { [name: string]: Json };

const DEPTH_MAX = 16;
const BLANK = /[ \t\n\r]*/y;
const NUMBER = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y;
const STRING = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y;
const LONE_SURROGATE = /\p{Surrogate}/u;

export class JsonError extends Error {}

class Reader {
    private at = 0;

    constructor(private readonly text: string) {}

    whole(): Json {
        const value = this.value(0);
        this.take(BLANK);
        if (this.at < this.text.length) throw this.trouble('something stands behind the end');
        return value;
    }

    private trouble(what: string): JsonError {
        return new JsonError(`${what}, at character ${this.at + 1}`);
    }

    private take(pattern: RegExp): string | undefined {
        pattern.lastIndex = this.at;
        const found = pattern.exec(this.text)?.[0];
        this.at += found?.length ?? 0;
        return found;
    }

    // The next mark, behind blanks, when it is that one.
    private takes(mark: string): boolean {
        this.take(BLANK);
        if (!this.text.startsWith(mark, this.at)) return false;
        this.at += mark.length;
        return true;
    }

    private value(depth: number): Json {
        if (depth > DEPTH_MAX) throw this.trouble('nested too deep');
        if (this.takes('{')) return this.object(depth);
        if (this.takes('[')) return this.array(depth);
        if (this.takes('null')) return null;
        if (this.takes('true')) return true;
        if (this.takes('false')) return false;
        const number = this.take(NUMBER);
        return number === undefined ? this.string() : Number(number);
    }

    private string(): string {
        const raw = this.take(STRING);
        if (raw === undefined) throw this.trouble('a value belongs here');
        const value = JSON.parse(raw) as string;
        if (LONE_SURROGATE.test(value)) throw this.trouble('half a character');
        return value;
    }

    private array(depth: number): Json[] {
        const items: Json[] = [];
        if (this.takes(']')) return items;
        do items.push(this.value(depth + 1));
        while (this.takes(','));
        if (!this.takes(']')) throw this.trouble("',' or ']' belongs here");
        return items;
    }

    private object(depth: number): JsonObject {
        const members: JsonObject = Object.create(null);
        if (this.takes('}')) return members;
        do {
            this.take(BLANK);
            const name = this.string();
            if (name in members) throw this.trouble('the same member a second time');
            if (!this.takes(':')) throw this.trouble("':' belongs here");
            members[name] = this.value(depth + 1);
        } while (this.takes(','));
        if (!this.takes('}')) throw this.trouble("',' or '}' belongs here");
        return members;
    }
}

// Throws JsonError.
export function readJson(text: string): Json {
    return new Reader(text).whole();
}

export function isObject(value: Json | undefined): value is JsonObject {
    return typeof value === 'object' && value !== null && !Array.isArray(value);
}

// Members by their names, no blanks, texts and numbers as ECMAScript writes them.
export function canonicalJson(value: Json): string {
    if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
    if (!isObject(value)) return JSON.stringify(value);
    const members = Object.keys(value)
        .sort()
        .map((name) => `${JSON.stringify(name)}:${canonicalJson(value[name] as Json)}`);
    return `{${members.join(',')}}`;
}
