// paper: verifies the proof of a consignment's file, in the browser, asking nobody.
//
//   {"checkpoint": the signed note that all proofs lead to,
//    "facts": [{"fact": {...}, "proof": "c2sp.org/tlog-proof@v1...", "salt": hex}, ...],
//    "file": name, "format": "tidewaiter.org/file-proof@v1", "key": vkey}
//
// Written from docs/ and the C2SP specifications, apart from the program's own verifier: two that
// agree are worth more than one. What is true holds nothing that was not looked at; but facts that
// were added to the file later, or left out at the end, are not missed.

import { readBundle } from './bundle';
import { type Bytes, readHex, utf8 } from './bytes';
import { type Checkpoint, readCheckpoint, verifyCheckpoint } from './checkpoint';
import { canCheckSignatures } from './ed25519';
import { commitment, decisionOf, readFact, type SealedFact } from './fact';
import { isObject, type Json, JsonError, type JsonObject, readJson } from './json';
import { type NoteKey, readKey } from './note';
import { inclusionHolds, leafHash } from './proof';
import { Ended, type NotAProof, type Verdict, type Why } from './verdict';

const FORMAT = 'tidewaiter.org/file-proof@v1';
const MEMBERS = 'checkpoint facts file format key';
const FACT_MEMBERS = 'fact proof salt';
const PAPER_MAX = 16 * 1024 * 1024;
const FILE_NAME_MAX = 70;

export interface PaperVerdict {
    verdict: Verdict;
    why: Why;
    facts: SealedFact[]; // sealed, if the verdict is true; else as far as they were looked at
    key: string; // the one that the paper names; empty while unknown
}

interface Paper {
    facts: Json[];
    file: string;
    signedNote: string;
    key: string;
    named: NoteKey;
}

function notAProof(what: NotAProof): Ended {
    return new Ended('malformed', { code: 'not-a-proof', what });
}

// Nothing may stand beside the members that are looked at: nothing would vouch for it.
function hasMembers(value: Json, names: string): value is JsonObject {
    return isObject(value) && Object.keys(value).sort().join(' ') === names;
}

// Control characters stand only in notes and proofs, as line ends.
function textOf(value: Json | undefined): string | undefined {
    return typeof value === 'string' && !/[\u0000-\u0009\u000b-\u001f]/.test(value)
        ? value
        : undefined;
}

function readText(bytes: Bytes): Json {
    try {
        if (bytes.length > PAPER_MAX) throw notAProof('json');
        return readJson(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes));
    } catch (trouble) {
        // TypeError: not UTF-8
        if (trouble instanceof JsonError || trouble instanceof TypeError) throw notAProof('json');
        throw trouble;
    }
}

async function readPaper(bytes: Bytes): Promise<Paper> {
    const whole = readText(bytes);
    if (!hasMembers(whole, MEMBERS) || whole.format !== FORMAT) throw notAProof('members');
    const file = textOf(whole.file);
    const key = textOf(whole.key);
    const note = textOf(whole.checkpoint);
    if (
        file === undefined ||
        key === undefined ||
        note === undefined ||
        !Array.isArray(whole.facts)
    )
        throw notAProof('members');
    const named = await readKey(key);
    if (named === undefined || file.includes('\n') || utf8(file).length > FILE_NAME_MAX)
        throw notAProof('name-or-key');
    return { facts: whole.facts, file, signedNote: note, key, named };
}

// One fact: of this file, the next in order, and sealed behind the one before. Returns its leaf.
async function verifyFact(
    paper: Paper,
    checkpoint: Checkpoint,
    value: Json,
    facts: SealedFact[],
    leafMin: bigint,
): Promise<bigint> {
    if (!hasMembers(value, FACT_MEMBERS)) throw notAProof('fact-members');
    const salt = readHex(textOf(value.salt) ?? '', 32);
    const proof = textOf(value.proof);
    if (salt === undefined || proof === undefined) throw notAProof('fact-salt');
    const fact = readFact(value.fact as Json);
    if (fact === undefined) throw notAProof('fact');
    const { seq, kind } = fact;
    if (fact.file !== paper.file || seq !== facts.length + 1)
        throw new Ended('not-sealed', { code: 'fact-of-other-file', seq });
    const bundle = readBundle(proof);
    if (bundle === undefined) throw new Ended('malformed', { code: 'proof-unreadable', seq });
    if (bundle.checkpoint !== paper.signedNote)
        throw new Ended('not-sealed', { code: 'other-checkpoint', seq });
    const leaf = await leafHash(await commitment(salt, fact));
    if (
        bundle.index < leafMin ||
        !(await inclusionHolds(bundle.path, bundle.index, checkpoint.size, leaf, checkpoint.root))
    )
        throw new Ended('not-sealed', { code: 'fact-changed', seq, kind });
    facts.push(fact);
    return bundle.index;
}

function sealed(paper: Paper, checkpoint: Checkpoint, facts: SealedFact[]): Why {
    const decided = facts.filter((fact) => fact.kind === 'decided').at(-1);
    return {
        code: 'sealed',
        facts: facts.length,
        file: paper.file,
        origin: checkpoint.origin,
        size: String(checkpoint.size),
        decision: decided ? decisionOf(decided) : 'none',
    };
}

// `given` null: nobody said whose key to trust.
async function verify(paper: Paper, given: NoteKey | null, facts: SealedFact[]): Promise<Why> {
    const checkpoint = readCheckpoint(paper.signedNote);
    if (checkpoint === undefined) throw new Ended('malformed', { code: 'checkpoint-unreadable' });
    if (!(await canCheckSignatures())) throw new Ended('cannot-tell', { code: 'browser-cannot' });
    const byNamed = await verifyCheckpoint(checkpoint, paper.named);
    const byGiven = given === null ? 'unsigned' : await verifyCheckpoint(checkpoint, given);
    if (byNamed === 'forged' || byGiven === 'forged')
        throw new Ended('forged', { code: 'signature-not-by-key' });

    if (paper.facts.length === 0) throw notAProof('no-facts');
    let leafMin = 0n;
    for (const value of paper.facts)
        leafMin = 1n + (await verifyFact(paper, checkpoint, value, facts, leafMin));

    if (byNamed !== 'signed') throw new Ended('cannot-tell', { code: 'not-signed-by-named-key' });
    if (given === null)
        throw new Ended('cannot-tell', { code: 'no-key', facts: facts.length, file: paper.file });
    if (byGiven !== 'signed') throw new Ended('cannot-tell', { code: 'not-signed-by-given-key' });
    if (given.name !== checkpoint.origin)
        throw new Ended('cannot-tell', { code: 'witness-alone', origin: checkpoint.origin });
    return sealed(paper, checkpoint, facts);
}

// `vkey` empty: nobody said whose key to trust; then the best verdict is cannot-tell.
export async function verifyPaper(bytes: Bytes, vkey: string): Promise<PaperVerdict> {
    const facts: SealedFact[] = [];
    let key = '';
    try {
        const paper = await readPaper(bytes);
        key = paper.key;
        const given = vkey === '' ? null : await readKey(vkey);
        if (given === undefined) throw new Ended('cannot-tell', { code: 'key-unreadable' });
        return { verdict: 'true', why: await verify(paper, given, facts), facts, key };
    } catch (ended) {
        if (!(ended instanceof Ended)) throw ended;
        return { verdict: ended.verdict, why: ended.why, facts, key };
    }
}
