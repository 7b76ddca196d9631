// ledger_peer: Go's half of the test of the ledger against golang.org/x/mod/sumdb; the other one is
// ledger_peer.c, which says what stands in the folders.
//
//	ledger_peer OURS THEIRS
//
// Judges everything in OURS, and writes proofs and notes of its own into THEIRS.
package main

import (
	"bytes"
	"crypto/rand"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"log"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

func must(err error) {
	if err != nil {
		log.Fatal(err)
	}
}

func read(folder, name string) []byte {
	data, err := os.ReadFile(filepath.Join(folder, name))
	must(err)
	return data
}

func write(folder, name string, data []byte) {
	must(os.WriteFile(filepath.Join(folder, name), data, 0o666))
}

// --- Judging ours ---

// An opened checkpoint: what it says of the log.
type checkpoint struct {
	origin string
	tree   tlog.Tree
}

func openCheckpoint(data []byte, verifier note.Verifier) (checkpoint, error) {
	opened, err := note.Open(data, note.VerifierList(verifier))
	if err != nil {
		return checkpoint{}, err
	}
	lines := strings.Split(opened.Text, "\n")
	if len(lines) != 4 {
		return checkpoint{}, fmt.Errorf("%d lines", len(lines))
	}
	size, err := strconv.ParseInt(lines[1], 10, 64)
	if err != nil {
		return checkpoint{}, err
	}
	root, err := tlog.ParseHash(lines[2])
	return checkpoint{lines[0], tlog.Tree{N: size, Hash: root}}, err
}

func judgeNotes(folder string, verifier note.Verifier) {
	right, err := filepath.Glob(filepath.Join(folder, "*.right"))
	must(err)
	wrong, err := filepath.Glob(filepath.Join(folder, "*.wrong"))
	must(err)
	if len(right) < 2 || len(wrong) < 100 {
		log.Fatal("too few notes")
	}
	for _, path := range append(right, wrong...) {
		_, err := note.Open(read("", path), note.VerifierList(verifier))
		if (err == nil) != strings.HasSuffix(path, ".right") {
			log.Fatalf("judged otherwise: %s: %v", path, err)
		}
	}
	fmt.Printf("of our notes %d are signed and %d are not, says Go\n", len(right), len(wrong))
}

// Our tiles, to Go's own reader, which checks each of them against the tree's root.
type tiles struct{ folder string }

func (t tiles) Height() int { return 8 }

func (t tiles) ReadTiles(wanted []tlog.Tile) ([][]byte, error) {
	var all [][]byte
	for _, tile := range wanted {
		// Go puts the height into the path, C2SP does not.
		name := strings.Replace(tile.Path(), "tile/8/", "tile/", 1)
		data, err := os.ReadFile(filepath.Join(t.folder, name))
		if err != nil {
			return nil, err
		}
		if len(data) != tile.W*tlog.HashSize {
			return nil, fmt.Errorf("%s has %d bytes", name, len(data))
		}
		all = append(all, data)
	}
	return all, nil
}

func (t tiles) SaveTiles([]tlog.Tile, [][]byte) {}

func entries(folder string, size int64) [][]byte {
	var all [][]byte
	for n := int64(0); n*256 < size; n++ {
		width := 256
		if size-n*256 < 256 {
			width = int(size - n*256)
		}
		path := tlog.Tile{H: 8, L: 0, N: n, W: width}.Path()
		data := read(folder, strings.Replace(path, "tile/8/0/", "tile/entries/", 1))
		for i := 0; i < width; i++ {
			length := int(binary.BigEndian.Uint16(data))
			all = append(all, data[2:2+length])
			data = data[2+length:]
		}
		if len(data) != 0 {
			log.Fatalf("%s goes on behind its last entry", path)
		}
	}
	return all
}

func judgeLog(folder string, verifier note.Verifier) checkpoint {
	said, err := openCheckpoint(read(folder, "checkpoint"), verifier)
	must(err)
	if said.origin != verifier.Name() {
		log.Fatalf("origin %q, key %q", said.origin, verifier.Name())
	}
	reader := tlog.TileHashReader(said.tree, tiles{folder})
	root, err := tlog.TreeHash(said.tree.N, reader)
	must(err)
	if root != said.tree.Hash {
		log.Fatal("the tiles do not lead to the root")
	}
	all := entries(folder, said.tree.N)
	for begin := 0; begin < len(all); begin += 256 {
		var indexes []int64
		for i := begin; i < len(all) && i < begin+256; i++ {
			indexes = append(indexes, tlog.StoredHashIndex(0, int64(i)))
		}
		hashes, err := reader.ReadHashes(indexes)
		must(err)
		for i, hash := range hashes {
			if hash != tlog.RecordHash(all[begin+i]) {
				log.Fatalf("entry %d is not its leaf's", begin+i)
			}
		}
	}
	fmt.Printf("our log of %d entries adds up, says Go\n", len(all))
	return said
}

func hashes(words []string) []tlog.Hash {
	var all []tlog.Hash
	for _, word := range words {
		hash, err := tlog.ParseHash(word)
		must(err)
		all = append(all, hash)
	}
	return all
}

func judgeProofs(folder string) {
	counts := map[string]int{}
	for _, line := range strings.Split(strings.TrimSpace(string(read(folder, "proofs"))), "\n") {
		words := strings.Split(line, " ")
		size, err := strconv.ParseInt(words[2], 10, 64)
		must(err)
		at, err := strconv.ParseInt(words[3], 10, 64)
		must(err)
		all := hashes(words[4:])
		root, leaf, path := all[0], all[1], all[2:]
		if words[1] == "inclusion" {
			err = tlog.CheckRecord(path, size, root, at, leaf)
		} else {
			err = tlog.CheckTree(path, size, root, at, leaf)
		}
		if (err == nil) != (words[0] == "right") {
			log.Fatalf("judged otherwise: %v: %s", err, line)
		}
		counts[words[0]]++
	}
	if counts["right"] < 1000 || counts["wrong"] < 1000 {
		log.Fatal("too few proofs")
	}
	fmt.Printf("of our proofs %d hold and %d do not, says Go\n", counts["right"], counts["wrong"])
}

// A file's proof, by nothing but what its manual says.
func judgePaper(folder string, verifier note.Verifier, said checkpoint) {
	var paper struct {
		Checkpoint, File, Format, Key string
		Facts                         []struct {
			Fact        json.RawMessage
			Proof, Salt string
		}
	}
	must(json.Unmarshal(read(folder, "paper.json"), &paper))
	if len(paper.Facts) < 2 {
		log.Fatal("too few facts")
	}
	for i, fact := range paper.Facts {
		salt, err := hex.DecodeString(fact.Salt)
		must(err)
		commitment := sha256.Sum256(append(salt, fact.Fact...))
		head, signed, found := strings.Cut(fact.Proof, "\n\n")
		lines := strings.Split(head, "\n")
		if !found || lines[0] != "c2sp.org/tlog-proof@v1" || !strings.HasPrefix(lines[1], "index ") {
			log.Fatalf("no proof: %q", fact.Proof)
		}
		index, err := strconv.ParseInt(lines[1][len("index "):], 10, 64)
		must(err)
		opened, err := openCheckpoint([]byte(signed), verifier)
		must(err)
		if opened != said || signed != paper.Checkpoint {
			log.Fatal("the proof leads to another checkpoint")
		}
		path, leaf := hashes(lines[2:]), tlog.RecordHash(commitment[:])
		must(tlog.CheckRecord(path, said.tree.N, said.tree.Hash, index, leaf))
		commitment[i] ^= 1
		leaf = tlog.RecordHash(commitment[:])
		if tlog.CheckRecord(path, said.tree.N, said.tree.Hash, index, leaf) == nil {
			log.Fatal("another commitment is proven too")
		}
	}
	fmt.Printf("our proof of a file seals %d facts, says Go\n", len(paper.Facts))
}

// --- Making theirs ---

// A log in memory.
type memory struct{ stored []tlog.Hash }

func (m *memory) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	var all []tlog.Hash
	for _, index := range indexes {
		all = append(all, m.stored[index])
	}
	return all, nil
}

func writeLine(out *bytes.Buffer, verdict, kind string, size, at int64, root, leaf tlog.Hash,
	path []tlog.Hash) {
	fmt.Fprintf(out, "%s %s %d %d %v %v", verdict, kind, size, at, root, leaf)
	for _, hash := range path {
		fmt.Fprintf(out, " %v", hash)
	}
	out.WriteByte('\n')
}

// The claim, and some that are wrong: those that Go itself refuses.
func writeClaims(out *bytes.Buffer, kind string, size, at int64, root, leaf tlog.Hash,
	path []tlog.Hash) {
	changed := func(hash tlog.Hash) tlog.Hash {
		hash[at%tlog.HashSize] ^= 0x10
		return hash
	}
	writeLine(out, "right", kind, size, at, root, leaf, path)
	writeLine(out, "wrong", kind, size, at, changed(root), leaf, path)
	writeLine(out, "wrong", kind, size, at, root, changed(leaf), path)
	writeLine(out, "wrong", kind, size, at, root, leaf, append(append([]tlog.Hash{}, path...), leaf))
	for i := range path {
		other := append([]tlog.Hash{}, path...)
		other[i] = changed(other[i])
		writeLine(out, "wrong", kind, size, at, root, leaf, other)
		other = append(append([]tlog.Hash{}, path[:i]...), path[i+1:]...)
		writeLine(out, "wrong", kind, size, at, root, leaf, other)
	}
}

func makeProofs(folder string) {
	var out bytes.Buffer
	var m memory
	var roots []tlog.Hash
	const small, large = 33, 1000
	for n := int64(0); n <= large; n++ {
		root, err := tlog.TreeHash(n, &m)
		must(err)
		roots = append(roots, root)
		for at := int64(0); at < n; at++ {
			if n > small && (at+n)%997 != 0 {
				continue
			}
			path, err := tlog.ProveRecord(n, at, &m)
			must(err)
			leaf := m.stored[tlog.StoredHashIndex(0, at)]
			writeClaims(&out, "inclusion", n, at, root, leaf, path)
			older, err := tlog.ProveTree(n, at+1, &m)
			must(err)
			if at+1 == n {
				writeClaims(&out, "consistency", n, n, root, root, older)
			} else {
				writeClaims(&out, "consistency", n, at+1, root, roots[at+1], older)
			}
		}
		fresh, err := tlog.StoredHashes(n, []byte(fmt.Sprintf("Go's entry %d", n)), &m)
		must(err)
		m.stored = append(m.stored, fresh...)
	}
	write(folder, "proofs", out.Bytes())
}

func makeNotes(ours, theirs string, said checkpoint) {
	private, vkey, err := note.GenerateKey(rand.Reader, "peer.example/log")
	must(err)
	other, _, err := note.GenerateKey(rand.Reader, "peer.example/log")
	must(err)
	signer, err := note.NewSigner(private)
	must(err)
	stranger, err := note.NewSigner(other)
	must(err)
	body := &note.Note{Text: fmt.Sprintf("peer.example/log\n%d\n%v\n", said.tree.N, said.tree.Hash)}
	right, err := note.Sign(body, signer)
	must(err)
	both, err := note.Sign(body, stranger, signer)
	must(err)
	wrong, err := note.Sign(body, stranger)
	must(err)
	write(theirs, "vkey", []byte(vkey))
	write(theirs, "one.right", right)
	write(theirs, "two.right", both)
	write(theirs, "stranger.wrong", wrong)
	for i := range right {
		changed := append([]byte{}, right...)
		changed[i] ^= 1
		write(theirs, fmt.Sprintf("changed-%d.wrong", i), changed)
	}

	// Our private key in Go's hands signs to the letter what we sign.
	signer, err = note.NewSigner(strings.TrimSpace(string(read(ours, "private"))))
	must(err)
	again, err := note.Sign(&note.Note{
		Text: fmt.Sprintf("%s\n%d\n%v\n", said.origin, said.tree.N, said.tree.Hash)}, signer)
	must(err)
	if !bytes.Equal(again, read(ours, "checkpoint")) {
		log.Fatal("Go signs otherwise with our key")
	}
}

func main() {
	log.SetFlags(0)
	ours, theirs := os.Args[1], os.Args[2]
	verifier, err := note.NewVerifier(strings.TrimSpace(string(read(ours, "vkey"))))
	must(err)
	said := judgeLog(ours, verifier)
	judgeNotes(ours, verifier)
	judgeProofs(ours)
	judgePaper(ours, verifier, said)
	makeProofs(theirs)
	makeNotes(ours, theirs, said)
}
