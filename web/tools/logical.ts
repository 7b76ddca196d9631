// logical: turns left and right in style sheets into start and end, so that pages in Arabic mirror.
//
// GOV.UK Frontend writes for left-to-right; this is done to its sheets as they are built.

import type { Declaration, Plugin } from 'postcss';

const names: [RegExp, string][] = [
    [/^(margin|padding)-left$/, '$1-inline-start'],
    [/^(margin|padding)-right$/, '$1-inline-end'],
    [/^border-left(-.*)?$/, 'border-inline-start$1'],
    [/^border-right(-.*)?$/, 'border-inline-end$1'],
    [/^left$/, 'inset-inline-start'],
    [/^right$/, 'inset-inline-end'],
];
const sides: Record<string, string> = { left: 'start', right: 'end' };
const floats: Record<string, string> = { left: 'inline-start', right: 'inline-end' };

// Of "margin: 1px 2px 3px 4px" the second is the right side and the fourth the left.
function splitSides(declaration: Declaration): void {
    const [top, right, bottom, left, ...more] = declaration.value.split(/\s+/);
    if (left === undefined || left === right || more.length > 0) return;
    const { prop } = declaration;
    declaration.cloneBefore({ prop: `${prop}-block`, value: `${top} ${bottom}` });
    declaration.cloneBefore({ prop: `${prop}-inline`, value: `${left} ${right}` });
    declaration.remove();
}

export const logical: Plugin = {
    postcssPlugin: 'logical',
    Declaration(declaration) {
        const { prop, value } = declaration;
        if (prop === 'margin' || prop === 'padding') splitSides(declaration);
        else if (prop === 'text-align') declaration.value = sides[value] ?? value;
        else if (prop === 'float' || prop === 'clear') declaration.value = floats[value] ?? value;
        else {
            const row = names.find(([pattern]) => pattern.test(prop));
            if (row !== undefined) declaration.prop = prop.replace(...row);
        }
    },
};
