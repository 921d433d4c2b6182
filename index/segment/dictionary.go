package segment

import (
	"bytes"
	"errors"
	"strings"

	"github.com/blevesearch/vellum"

	"waymark/analysis"
)

// Word gives the list of a word.
func (s *Segment) Word(word string) (List, bool) {
	offset, ok, err := s.terms.Get([]byte(word))
	if err != nil {
		s.damaged("look up %q: %v", word, err)
	}
	if !ok {
		return List{}, false
	}
	return s.list(offset), true
}

// Words gives the words that begin with a prefix, in order, until f answers
// false. The word is valid during the call only.
func (s *Segment) Words(prefix string, f func(word []byte, list func() List) bool) {
	s.each(s.terms, 0, nil, prefix, func(word []byte, offset uint64) bool {
		return f(word, func() List { return s.list(offset) })
	})
}

// Near gives the words that an automaton takes.
func (s *Segment) Near(a vellum.Automaton, f func(word []byte, list func() List)) {
	s.each(s.terms, 0, a, "", func(word []byte, offset uint64) bool {
		f(word, func() List { return s.list(offset) })
		return true
	})
}

// Family gives the words but one itself that have its stem in a language with
// stems, each of which may or may not stand in passages of that language.
func (s *Segment) Family(word string, lang uint8, f func(word string)) {
	code := analysis.Languages()[lang-1]
	stem := analysis.Stem(word, code)
	if stem == "" {
		stem = word
	}
	if stem != word {
		if own := analysis.Stem(stem, code); own == "" || own == stem {
			f(stem)
		}
	}
	s.each(s.families, 1, nil, familyKey(lang, stem), func(key []byte, _ uint64) bool {
		if _, other, _ := bytes.Cut(key, []byte{0}); string(other) != word {
			f(string(other))
		}
		return true
	})
}

// Names gives the authors who have a name, or a name with a word, from which on
// it begins with a folded text, until f answers false. An author may come
// several times.
func (s *Segment) Names(prefix string, f func(value string) bool) {
	s.each(s.names, 2, nil, prefix, func(key []byte, _ uint64) bool {
		_, value, _ := strings.Cut(string(key), "\x00")
		return f(value)
	})
}

// each gives the keys of a dictionary with a prefix that an automaton takes.
func (s *Segment) each(fst *vellum.FST, place int, a vellum.Automaton, prefix string, f func(key []byte, value uint64) bool) {
	if a == nil {
		a = &vellum.AlwaysMatch{}
	}
	steps := min(s.Keys[place], 64*int64(len(s.data))) + int64(len(prefix)) + 1024
	it, err := fst.Search(&bounded{a, steps, s}, []byte(prefix), after(prefix))
	for ; err == nil; err = it.Next() {
		key, value := it.Current()
		if !bytes.HasPrefix(key, []byte(prefix)) || !f(key, value) {
			return
		}
	}
	if !errors.Is(err, vellum.ErrIteratorDone) {
		s.damaged("read a dictionary: %v", err)
	}
}

// after gives the key that follows all that begin with a prefix; nil when none
// does.
func after(prefix string) []byte {
	b := []byte(prefix)
	for i := len(b) - 1; i >= 0; i-- {
		if b[i] < 255 {
			b[i]++
			return b[:i+1]
		}
	}
	return nil
}

// bounded is an automaton that is asked no more often than a dictionary of
// true keys can ask: a hostile one could lead in circles.
type bounded struct {
	vellum.Automaton
	left int64
	s    *Segment
}

func (b *bounded) Accept(state int, c byte) int {
	if b.left--; b.left < 0 {
		b.s.damaged("a dictionary leads in circles")
	}
	return b.Automaton.Accept(state, c)
}
