// modules: what tools/words.ts makes of the messages of each language.

declare module 'virtual:words/*' {
    const words: import('./catalogue').Words;
    export default words;
}
