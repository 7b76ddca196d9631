// paper: verifies the proof of a consignment's file, in the browser, asking nobody.
//
//   {"checkpoint": the signed note that all proofs lead to,
//    "facts": [{"fact": {...}, "proof": "c2sp.org/tlog-proof@v1...", "salt": hex}, ...],
//    "file": name, "format": "tidewaiter.org/file-proof@v1", "key": vkey}
//
// An extract (file-extract@v1) has {"commitment": hex, "proof": ...} in the places of facts that
// its reader may not see, and at least one of each sort. Of such a place can be said that something
// is sealed in the ledger between its neighbours, and no more; so no decision that is shown stands
// for sure while places behind it are withheld, and those behind the last fact shown prove nothing.
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
const EXTRACT = 'tidewaiter.org/file-extract@v1';
const FACT_MEMBERS = 'fact proof salt';
const WITHHELD_MEMBERS = 'commitment proof';
const PAPER_MAX = 16 * 1024 * 1024;
const FILE_NAME_MAX = 70;

export interface PaperVerdict {
    verdict: Verdict;
    why: Why;
    facts: SealedFact[]; // that are shown: sealed, if the verdict is true; else as far as they were looked at
    key: string; // the one that the paper names; empty while unknown
}

interface Paper {
    isExtract: boolean;
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
    if (!hasMembers(whole, MEMBERS) || (whole.format !== FORMAT && whole.format !== EXTRACT))
        throw notAProof('members');
    const isExtract = whole.format === EXTRACT;
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
    return { isExtract, facts: whole.facts, file, signedNote: note, key, named };
}

// What stands in one place of a paper: a fact, or the seal of one that is withheld.
interface Place {
    fact?: SealedFact;
    entry: Bytes; // of the ledger
    proof: string;
}

async function readShown(paper: Paper, value: JsonObject, seq: number): Promise<Place> {
    const salt = readHex(textOf(value.salt) ?? '', 32);
    const proof = textOf(value.proof);
    if (salt === undefined || proof === undefined) throw notAProof('fact-salt');
    const fact = readFact(value.fact as Json);
    if (fact === undefined) throw notAProof('fact');
    if (fact.file !== paper.file || fact.seq !== seq)
        throw new Ended('not-sealed', { code: 'fact-of-other-file', seq: fact.seq });
    return { fact, entry: await commitment(salt, fact), proof };
}

async function readPlace(paper: Paper, value: Json, seq: number): Promise<Place> {
    if (hasMembers(value, FACT_MEMBERS)) return readShown(paper, value, seq);
    if (!paper.isExtract || !hasMembers(value, WITHHELD_MEMBERS)) throw notAProof('fact-members');
    const entry = readHex(textOf(value.commitment) ?? '', 32);
    const proof = textOf(value.proof);
    if (entry === undefined || proof === undefined) throw notAProof('withheld');
    return { entry, proof };
}

// The place is sealed behind the one before. Returns its leaf.
async function verifyPlace(
    paper: Paper,
    checkpoint: Checkpoint,
    place: Place,
    seq: number,
    leafMin: bigint,
): Promise<bigint> {
    const bundle = readBundle(place.proof);
    if (bundle === undefined) throw new Ended('malformed', { code: 'proof-unreadable', seq });
    if (bundle.checkpoint !== paper.signedNote)
        throw new Ended('not-sealed', { code: 'other-checkpoint', seq });
    const leaf = await leafHash(place.entry);
    if (
        bundle.index < leafMin ||
        !(await inclusionHolds(bundle.path, bundle.index, checkpoint.size, leaf, checkpoint.root))
    )
        throw new Ended('not-sealed', {
            code: 'fact-changed',
            seq,
            kind: place.fact?.kind ?? 'withheld',
        });
    return bundle.index;
}

function sealed(paper: Paper, checkpoint: Checkpoint, facts: SealedFact[]): Why {
    const decided = facts.filter((fact) => fact.kind === 'decided').at(-1);
    const count = paper.facts.length;
    const said = {
        facts: count,
        file: paper.file,
        origin: checkpoint.origin,
        size: String(checkpoint.size),
        decision: decided ? decisionOf(decided) : 'none',
    };
    if (!paper.isExtract) return { code: 'sealed', ...said };
    const behind = facts.filter((fact) => fact.seq > (decided?.seq ?? 0)).length;
    return {
        code: 'sealed-in-part',
        ...said,
        withheld: count - facts.length,
        behind: count - (decided?.seq ?? 0) - behind,
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
    for (const [i, value] of paper.facts.entries()) {
        const place = await readPlace(paper, value, i + 1);
        leafMin = 1n + (await verifyPlace(paper, checkpoint, place, i + 1, leafMin));
        if (place.fact) facts.push(place.fact);
    }
    const isWhole = facts.length === paper.facts.length;
    if (paper.isExtract && (isWhole || facts.length === 0)) throw notAProof('extract');

    if (byNamed !== 'signed') throw new Ended('cannot-tell', { code: 'not-signed-by-named-key' });
    if (given === null)
        throw new Ended('cannot-tell', {
            code: 'no-key',
            facts: paper.facts.length,
            file: paper.file,
        });
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
