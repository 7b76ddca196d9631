// rule_place: where in a text a line and a column are. The server counts columns in bytes of UTF-8.

export interface Place {
    lineText: string;
    before: string; // what stands in front of it on its line
    at: number; // its index in the whole text
}

export function placeIn(
    text: string,
    line: number | undefined,
    column: number | undefined,
): Place | undefined {
    if (line === undefined || column === undefined) return undefined;
    const lines = text.split('\n');
    const lineText = lines[line - 1];
    if (lineText === undefined) return undefined;
    const bytes = new TextEncoder().encode(lineText).slice(0, column - 1);
    const before = new TextDecoder().decode(bytes);
    const passed = lines.slice(0, line - 1).reduce((sum, { length }) => sum + length + 1, 0);
    return { lineText, before, at: passed + before.length };
}
