// What one language has and another has not is named by its key.
import { expect, test } from 'vitest';
import { catalogue } from './words';

const english = {
    app: { save: 'Save', hello: 'Hello, {name}' },
    why: { 'no-key': 'There is no key' },
    files: '{count, plural, one {# file} other {# files}}',
};

function faults(french: object | string): string[] {
    const text = typeof french === 'string' ? french : JSON.stringify(french);
    return catalogue('fr', (language) => (language === 'fr' ? text : JSON.stringify(english)))
        .faults;
}

const french = {
    app: { save: 'Enregistrer', hello: 'Bonjour, {name}' },
    why: { 'no-key': 'Il n’y a pas de clé' },
    files: '{count, plural, one {# fichier} many {# fichiers} other {# fichiers}}',
};

test('two languages of the same messages are well', () => {
    expect(faults(french)).toEqual([]);
});

test('a missing message is named, and one too many', () => {
    expect(faults({ ...french, why: { 'a-key': 'Il y a une clé' } })).toEqual([
        'why["no-key"]: it is missing',
        'why["a-key"]: English has no such message',
    ]);
});

test('other values are named, and their kinds', () => {
    const app = { save: 'Enregistrer {what}', hello: 'Bonjour, {name, number}' };
    expect(faults({ ...french, app })).toEqual([
        'app.save: it takes {what} a text, in English nothing',
        'app.hello: it takes {name} a number, in English {name} a text',
    ]);
});

test('a message that cannot be read is named, and what is none', () => {
    expect(faults({ app: 'Enregistrer', why: ['x'], files: '{count, plural, other {x}}' })).toEqual(
        ['why: it is neither a text nor a group of them', 'files: {count, plural} lacks one, many'],
    );
});

test('a key twice in one group is told', () => {
    expect(faults('{ "a": "x", "a": "y" }')).toEqual([
        'the same member a second time, at character 16',
    ]);
});
