import { expect, test } from 'vitest';
import { placeIn } from './rule_place';

test('a place is found by its line and by bytes', () => {
    const text = 'rule A "Zürich"\n    when x';
    expect(placeIn(text, 1, 1)).toEqual({ lineText: 'rule A "Zürich"', before: '', at: 0 });
    expect(placeIn(text, 1, 12)?.before).toBe('rule A "Zü'); // ü has two bytes
    expect(placeIn(text, 2, 5)?.at).toBe(text.indexOf('when'));
    expect(placeIn(text, 2, 99)?.at).toBe(text.length);
});

test('what is not in the text is nowhere', () => {
    expect(placeIn('one line', 2, 1)).toBeUndefined();
    expect(placeIn('one line', undefined, 1)).toBeUndefined();
});
