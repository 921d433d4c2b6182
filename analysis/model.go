package analysis

import (
	"bytes"
	"compress/flate"
	_ "embed"
	"encoding/binary"
	"io"
	"sync"
)

// modelFile is written by generate/main.go from lingua-go's models (NOTICE).
//
//go:embed model.bin
var modelFile []byte

// model is a naive Bayes model of characters: per script, the chance of every
// letter after the two before it, with words bounded by 0, per language.
type model struct{ groups map[string]*languageGroup }

// languageGroup holds the languages of one script side by side, so that one
// look-up of an n-gram answers for all of them.
type languageGroup struct {
	langs []string
	prior []float64
	slots []uint32 // open addressing: 0 or 1 + the row of a key
	keys  []uint64
	rows  []byte // len(langs) bytes a row: 0 never seen, else 1 - 16 ln p
}

// Costs of a letter that the model has not seen after the two, the one, or
// at all, in sixteenths of a natural logarithm ("stupid backoff", Brants and
// others 2007).
const (
	backOff = 20
	unknown = 200
)

// prior is what a language starts with: most documents of the field are in
// the languages of the United Nations, few in those not named here.
func prior(lang string) float64 {
	switch lang {
	case "en", "fr", "es", "ru", "ar":
		return 1.5
	case "pt", "it", "de", "uk", "nl", "ro", "pl", "tr", "sq", "vi", "id", "tl", "sw", "so", "fa", "ur", "hi", "hr", "sr", "bg":
		return 0
	}
	return -1.5
}

var languageModel = sync.OnceValue(func() *model {
	raw, err := io.ReadAll(flate.NewReader(bytes.NewReader(modelFile)))
	if err != nil {
		panic("analysis: model.bin is damaged: " + err.Error()) // embedded: only a broken build gets here
	}
	return loadModel(raw)
})

// loadModel reads what generate's appendGroup writes.
func loadModel(raw []byte) *model {
	number := func() uint64 {
		v, n := binary.Uvarint(raw)
		raw = raw[n:]
		return v
	}
	text := func() string {
		n := number()
		s := string(raw[:n])
		raw = raw[n:]
		return s
	}
	m := &model{groups: map[string]*languageGroup{}}
	for range number() {
		g := &languageGroup{}
		m.groups[text()] = g
		for range number() {
			lang := text()
			g.langs = append(g.langs, lang)
			g.prior = append(g.prior, prior(lang))
		}
		g.keys = make([]uint64, number())
		last := uint64(0)
		for i := range g.keys {
			last += number()
			g.keys[i] = last
		}
		g.rows = make([]byte, len(g.keys)*len(g.langs))
		for l := range g.langs {
			for i := range g.keys {
				g.rows[i*len(g.langs)+l] = raw[i]
			}
			raw = raw[len(g.keys):]
		}
		g.hash()
	}
	return m
}

func (g *languageGroup) hash() {
	size := 1
	for size < 2*len(g.keys) {
		size *= 2
	}
	g.slots = make([]uint32, size)
	for i, k := range g.keys {
		at := slot(k, size)
		for g.slots[at] != 0 {
			at = (at + 1) & (size - 1)
		}
		g.slots[at] = uint32(i + 1)
	}
}

func slot(key uint64, size int) int {
	return int((key*0x9E3779B97F4A7C15)>>20) & (size - 1)
}

// row returns the costs of an n-gram in each language, nil when none has it.
func (g *languageGroup) row(key uint64) []byte {
	for at := slot(key, len(g.slots)); g.slots[at] != 0; at = (at + 1) & (len(g.slots) - 1) {
		if i := int(g.slots[at] - 1); g.keys[i] == key {
			return g.rows[i*len(g.langs) : (i+1)*len(g.langs)]
		}
	}
	return nil
}

// score returns the log-likelihood of the letters in each language.
func (g *languageGroup) score(letters []rune) []float64 {
	cost := make([]int, len(g.langs))
	var a, b rune = -1, 0 // -1: nothing stands there
	for i := 0; i <= len(letters); i++ {
		c := rune(0)
		if i < len(letters) {
			c = letters[i]
		}
		if b == 0 && c == 0 {
			continue
		}
		three := g.row(uint64(a+1)<<42 | uint64(b+1)<<21 | uint64(c))
		two := g.row(uint64(b+1)<<21 | uint64(c))
		one := g.row(uint64(c))
		for l := range cost {
			switch {
			case three != nil && three[l] != 0:
				cost[l] += int(three[l]) - 1
			case two != nil && two[l] != 0:
				cost[l] += int(two[l]) - 1 + backOff
			case one != nil && one[l] != 0:
				cost[l] += int(one[l]) - 1 + 2*backOff
			default:
				cost[l] += unknown + 2*backOff
			}
		}
		a, b = b, c
		if c == 0 {
			a, b = -1, 0
		}
	}
	scores := make([]float64, len(cost))
	for l := range cost {
		scores[l] = g.prior[l] - float64(cost[l])/16
	}
	return scores
}
