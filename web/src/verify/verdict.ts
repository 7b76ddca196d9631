// verdict: what can be said of a proof. Never a yes or a no alone.

export type Verdict = 'cannot-tell' | 'true' | 'not-sealed' | 'forged' | 'malformed';

// Why, for a sentence in any language: words.verify.why has one for each.
export type Why =
    | {
          code: 'sealed';
          facts: number;
          file: string;
          origin: string;
          size: string;
          decision: string;
      }
    | {
          code: 'sealed-in-part'; // an extract
          facts: number; // places, with those withheld
          withheld: number;
          behind: number; // of those withheld: behind the decision, or all where none is shown
          file: string;
          origin: string;
          size: string;
          decision: string;
      }
    | { code: 'no-key'; facts: number; file: string }
    | { code: 'key-unreadable' }
    | { code: 'not-signed-by-named-key' }
    | { code: 'not-signed-by-given-key' }
    | { code: 'witness-alone'; origin: string }
    | { code: 'browser-cannot' }
    | { code: 'signature-not-by-key' }
    | { code: 'fact-changed'; seq: number; kind: string }
    | { code: 'fact-of-other-file'; seq: number }
    | { code: 'other-checkpoint'; seq: number }
    | { code: 'checkpoint-unreadable' }
    | { code: 'proof-unreadable'; seq: number }
    | { code: 'not-a-proof'; what: NotAProof };

export type NotAProof =
    | 'json'
    | 'members'
    | 'name-or-key'
    | 'no-facts'
    | 'fact-members'
    | 'fact-salt'
    | 'fact'
    | 'withheld'
    | 'extract';

// Ends the work on a proof wherever it is found: caught once, in paper.ts.
export class Ended extends Error {
    constructor(
        readonly verdict: Verdict,
        readonly why: Why,
    ) {
        super(why.code);
    }
}
