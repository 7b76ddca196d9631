// latest: the last fact of a kind: it is the one that holds.

import type { BodyOf, Fact, FactKind } from '../api/types';

export function latest<K extends FactKind>(facts: Fact[], kind: K): BodyOf<K> | undefined {
    const fact = facts.filter((one) => one.kind === kind).at(-1);
    return fact?.body as BodyOf<K> | undefined;
}
