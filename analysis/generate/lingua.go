package main

import (
	"archive/zip"
	"cmp"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"maps"
	"math"
	"slices"
	"strings"
)

// model holds joint probabilities of the letters, pairs and triples of a
// language; the triple {0, a, b} begins a word, {a, b, 0} ends one.
type model struct {
	one   map[rune]float64
	two   map[[2]rune]float64
	three map[[3]rune]float64
}

// readLingua reads a folder of lingua-go's models. With latin the letters of
// Serbian are turned into Latin ones; those that become two are left out.
func readLingua(dir string, latin bool) (*model, error) {
	m := &model{map[rune]float64{}, map[[2]rune]float64{}, map[[3]rune]float64{}}
	for i, name := range []string{"unigrams", "bigrams", "trigrams"} {
		grams, err := readGrams(dir + "/" + name + ".pb.bin.zip")
		if err != nil {
			return nil, err
		}
		for gram, p := range grams {
			if latin {
				gram = serbianLatin.Replace(gram)
			}
			r := []rune(gram)
			if len(r) != i+1 {
				continue
			}
			switch i {
			case 0:
				m.one[r[0]] = p
			case 1:
				m.two[[2]rune(r)] = p
			case 2:
				m.three[[3]rune(r)] = p
			}
		}
	}
	for k, p := range m.two { // from conditional to joint
		m.two[k] = p * m.one[k[0]]
	}
	for k, p := range m.three {
		m.three[k] = p * m.two[[2]rune{k[0], k[1]}]
	}
	return m, nil
}

var serbianLatin = strings.NewReplacer("а", "a", "б", "b", "в", "v", "г", "g", "д", "d", "ђ", "đ", "е", "e",
	"ж", "ž", "з", "z", "и", "i", "ј", "j", "к", "k", "л", "l", "љ", "lj", "м", "m", "н", "n", "њ", "nj", "о", "o",
	"п", "p", "р", "r", "с", "s", "т", "t", "ћ", "ć", "у", "u", "ф", "f", "х", "h", "ц", "c", "ч", "č", "џ", "dž", "ш", "š")

// withBoundaries returns conditional probabilities by key: of all letters and
// pairs, and of the keep most frequent triples. 0 stands for the boundary.
func (m *model) withBoundaries(keep int) map[uint64]float64 {
	one, two, three := map[rune]float64{}, map[[2]rune]float64{}, map[[3]rune]float64{}
	for k, p := range m.one {
		one[k] = p
		two[[2]rune{0, k}] += p
		two[[2]rune{k, 0}] += p
	}
	for _, k := range ordered(m.two) { // sums of floats depend on their order
		p := m.two[k]
		two[k] += p
		two[[2]rune{0, k[1]}] -= p // not the first letter here
		two[[2]rune{k[0], 0}] -= p // nor the last
		three[[3]rune{0, k[0], k[1]}] += p
		three[[3]rune{k[0], k[1], 0}] += p
	}
	for _, k := range ordered(m.three) {
		p := m.three[k]
		three[k] += p
		three[[3]rune{0, k[1], k[2]}] -= p
		three[[3]rune{k[0], k[1], 0}] -= p
	}
	letters := slices.Sorted(maps.Keys(m.one))
	for k, p := range two { // words of one letter
		if k[0] == 0 {
			rest := p
			for _, c := range letters {
				rest -= max(0, three[[3]rune{0, k[1], c}])
			}
			three[[3]rune{0, k[1], 0}] = rest
			one[0] += max(0, p)
		}
	}
	out := map[uint64]float64{}
	for k, p := range one {
		if p > least {
			out[key(0, 0, k)] = p / (1 + one[0])
		}
	}
	for k, p := range two {
		if p > least && one[k[0]] > 0 {
			out[key(0, k[0]+1, k[1])] = min(1, p/one[k[0]])
		}
	}
	for _, k := range mostFrequent(three, keep) {
		if before := two[[2]rune{k[0], k[1]}]; before > least {
			out[key(k[0]+1, k[1]+1, k[2])] = min(1, three[k]/before)
		}
	}
	return out
}

// least is the joint probability below which an n-gram is rounding noise.
const least = 1e-8

// mostFrequent returns the keep most frequent triples.
func mostFrequent(three map[[3]rune]float64, keep int) [][3]rune {
	var keys [][3]rune
	for k, p := range three {
		if p > least {
			keys = append(keys, k)
		}
	}
	slices.SortFunc(keys, func(a, b [3]rune) int {
		return cmp.Or(cmp.Compare(three[b], three[a]), slices.Compare(a[:], b[:]))
	})
	return keys[:min(keep, len(keys))]
}

// ordered returns the keys of m in a fixed order, so that the same input
// gives the same file.
func ordered[K interface{ [2]rune | [3]rune }](m map[K]float64) []K {
	return slices.SortedFunc(maps.Keys(m), func(a, b K) int {
		return cmp.Compare(fmt.Sprint(a), fmt.Sprint(b))
	})
}

// key packs an n-gram; runes before the last are raised by one, so that 0
// means 'none' and 1 the boundary.
func key(a, b, c rune) uint64 { return uint64(a)<<42 | uint64(b)<<21 | uint64(c) }

// readGrams reads one zipped SerializableLanguageModel of lingua-go: field 4
// repeats {1: double probability, 2: repeated string}.
func readGrams(path string) (map[string]float64, error) {
	z, err := zip.OpenReader(path)
	if err != nil {
		return nil, err
	}
	defer z.Close()
	f, err := z.File[0].Open()
	if err != nil {
		return nil, err
	}
	defer f.Close()
	data, err := io.ReadAll(f)
	if err != nil {
		return nil, err
	}
	grams := map[string]float64{}
	err = fields(data, func(n uint64, set []byte) error {
		if n != 4 {
			return nil
		}
		var p float64
		return fields(set, func(n uint64, v []byte) error {
			if n == 1 {
				p = math.Float64frombits(binary.LittleEndian.Uint64(v))
			} else if n == 2 {
				grams[string(v)] = p
			}
			return nil
		})
	})
	return grams, err
}

// fields walks a protocol buffer message.
func fields(b []byte, each func(n uint64, value []byte) error) error {
	errBroken := errors.New("broken protocol buffer")
	for len(b) > 0 {
		tag, n := binary.Uvarint(b)
		if n <= 0 {
			return errBroken
		}
		b = b[n:]
		size := 0
		switch tag & 7 {
		case 0:
			_, size = binary.Uvarint(b)
		case 1:
			size = 8
		case 2:
			l, n := binary.Uvarint(b)
			if n <= 0 || l > uint64(len(b)-n) {
				return errBroken
			}
			b, size = b[n:], int(l)
		default:
			return errBroken
		}
		if size < 0 || size > len(b) {
			return errBroken
		}
		if err := each(tag>>3, b[:size]); err != nil {
			return err
		}
		b = b[size:]
	}
	return nil
}
