// Command generate makes ../model.bin, the model by which package analysis
// tells languages apart, from the n-gram models of lingua-go (Apache-2.0, see
// ../NOTICE). It is run by hand when the list of languages changes:
//
//	mkdir /tmp/lingua && cd /tmp/lingua && go mod init lingua
//	go mod download github.com/pemistahl/lingua-go@v1.4.0
//	cd analysis && go run ./generate -models $(go env GOMODCACHE)/github.com/pemistahl/lingua-go@v1.4.0/language-models
//
// lingua stores P(c), P(c2|c1) and P(c3|c1c2) inside words. Because what is
// missing from 1 in a conditional distribution is the chance that the word
// ends, and what is missing from a joint one the chance that it began, the
// same figures give n-grams with word boundaries, which tell more.
package main

import (
	"bytes"
	"compress/flate"
	"encoding/binary"
	"flag"
	"fmt"
	"log"
	"math"
	"os"
	"slices"
)

// group is a set of languages of one script that compete with each other.
type group struct {
	script string
	langs  []string
	keep   int // trigrams kept per language
}

var groups = []group{
	{"Latin", []string{"en", "fr", "es", "pt", "it", "de", "nl", "pl", "ro", "tr", "sq", "bs", "hr", "sr",
		"sw", "so", "vi", "id", "tl", "cs", "sk", "hu", "sv", "da", "no", "fi", "et", "lv", "lt", "sl", "ca"}, 9000},
	{"Cyrillic", []string{"ru", "uk", "bg", "sr", "mk", "kk", "be", "mn"}, 9000},
	{"Arabic", []string{"ar", "fa", "ur"}, 9000},
	{"Devanagari", []string{"hi", "mr"}, 4000},
}

// source names the lingua folder of a language where it differs.
var source = map[string]string{"no": "nb"}

func main() {
	models := flag.String("models", "", "lingua-go's language-models folder")
	out := flag.String("out", "model.bin", "file to write")
	flag.Parse()
	if err := run(*models, *out); err != nil {
		log.Fatal(err)
	}
}

func run(models, out string) error {
	var raw []byte
	raw = binary.AppendUvarint(raw, uint64(len(groups)))
	for _, g := range groups {
		rows := map[uint64][]byte{}
		for i, lang := range g.langs {
			dir := lang
			if s, ok := source[lang]; ok {
				dir = s
			}
			m, err := readLingua(models+"/"+dir, g.script == "Latin" && lang == "sr")
			if err != nil {
				return fmt.Errorf("%s: %w", lang, err)
			}
			for key, p := range m.withBoundaries(g.keep) {
				if rows[key] == nil {
					rows[key] = make([]byte, len(g.langs))
				}
				rows[key][i] = quantise(p)
			}
		}
		raw = appendGroup(raw, g, rows)
		log.Printf("%s: %d languages, %d n-grams", g.script, len(g.langs), len(rows))
	}
	var packed bytes.Buffer
	w, err := flate.NewWriter(&packed, flate.BestCompression)
	if err != nil {
		return err
	}
	if _, err := w.Write(raw); err != nil {
		return err
	}
	if err := w.Close(); err != nil {
		return err
	}
	log.Printf("%d bytes, %d unpacked", packed.Len(), len(raw))
	return os.WriteFile(out, packed.Bytes(), 0o644)
}

// appendGroup writes script, languages, ascending keys as differences, and
// one column of quantised log-probabilities per language; see detect's load.
func appendGroup(raw []byte, g group, rows map[uint64][]byte) []byte {
	text := func(s string) {
		raw = binary.AppendUvarint(raw, uint64(len(s)))
		raw = append(raw, s...)
	}
	text(g.script)
	raw = binary.AppendUvarint(raw, uint64(len(g.langs)))
	for _, l := range g.langs {
		text(l)
	}
	keys := make([]uint64, 0, len(rows))
	for k := range rows {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	raw = binary.AppendUvarint(raw, uint64(len(keys)))
	last := uint64(0)
	for _, k := range keys {
		raw = binary.AppendUvarint(raw, k-last)
		last = k
	}
	for i := range g.langs {
		for _, k := range keys {
			raw = append(raw, rows[k][i])
		}
	}
	return raw
}

// quantise packs a probability into a byte: 1 is certainty, every step is a
// factor of e^(-1/16), 0 stays free for 'never seen'.
func quantise(p float64) byte {
	return byte(min(255, 1+math.Round(-16*math.Log(max(p, 1e-9)))))
}
