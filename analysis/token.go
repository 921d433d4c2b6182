package analysis

import (
	"strings"
	"unicode/utf8"
)

// Token is one term of a text. Several tokens may share a Position: the first
// is then the most precise (a bigram, a code as written), the others are its
// parts.
type Token struct {
	Exact      string // the folded word
	Stem       string // its stem, "" when the same as Exact or the language has no stemmer
	Start, End int    // byte offsets in the original text
	Position   int    // counts words from 0
}

// Words folds s and cuts it into words without stemming or stop words: the
// unit of title keys. Of scripts without spaces every letter, with its marks,
// is a word. Elided articles (l', d') are dropped as in Tokens.
func Words(s string) []string {
	s = Fold(s)
	var words []string
	for scan := newScanner(s, ""); ; {
		p, ok := scan.next()
		if !ok {
			return words
		}
		w := s[p.start:p.cut]
		if p.joined {
			w = string(appendWord(nil, w))
		}
		words = append(words, w)
	}
}

// Tokens cuts text of a language (BCP 47 primary tag; with "" or an unknown
// one words are folded only). Hyphens and slashes part words; runs of scripts
// without spaces give overlapping pairs of letters and the letters themselves,
// each at the position of its letter, so that a phrase of n letters is a
// phrase of terms; a word of letters and digits also gives its longer parts.
// Strings share memory with text and with each other.
func Tokens(text, lang string) []Token {
	return AppendTokens(make([]Token, 0, len(text)/6+1), text, lang)
}

// Essential cuts a query as a text is cut, and gives of its tokens those that
// must be looked for: what a longer token holds already, as the characters of
// a Chinese pair or the parts of a code, is not given again.
func Essential(query string) []Token {
	var essential []Token
	position, end := -1, 0
	for _, t := range Tokens(query, "") {
		if t.Position != position && t.End > end {
			position, end = t.Position, t.End
			essential = append(essential, t)
		}
	}
	return essential
}

// AppendTokens appends the tokens of text to dst; positions begin at 0.
func AppendTokens(dst []Token, text, lang string) []Token {
	c := cutting{scanner: newScanner(text, lang), stem: stemmerOf(lang), dst: dst}
	return c.tokens()
}

// Cutter cuts many texts: it remembers the words it has met, folded and
// stemmed, which makes it several times faster than AppendTokens on running
// text. The zero value is ready; a Cutter is not for use by several
// goroutines at once.
type Cutter struct{ met map[string]map[string]term }

// term is a word that a Cutter remembers.
type term struct{ exact, stem string }

// maxMet bounds the words a Cutter remembers of a language (about 4 MB), and
// longMet the length of those worth remembering, in bytes.
const (
	maxMet  = 1 << 15
	longMet = 40
)

// AppendTokens is AppendTokens with the Cutter's memory.
func (c *Cutter) AppendTokens(dst []Token, text, lang string) []Token {
	met := c.met[lang]
	if met == nil {
		if c.met == nil || len(c.met) > 16 { // a language is a key: bound these too
			c.met = map[string]map[string]term{}
		}
		met = map[string]term{}
		c.met[lang] = met
	}
	one := cutting{scanner: newScanner(text, lang), stem: stemmerOf(lang), dst: dst, met: met}
	return one.tokens()
}

// cutting collects the tokens of one text.
type cutting struct {
	scanner
	stem     func(string) string
	dst      []Token
	position int
	folded   strings.Builder // what could not be cut from the text itself
	room     []byte
	met      map[string]term // nil without a memory
}

// tokens cuts the whole text. A dense letter is held back until it is known
// whether another follows it.
func (c *cutting) tokens() []Token {
	var before piece
	held := false
	for {
		p, ok := c.next()
		if held {
			if ok && p.follows {
				c.give(before.start, p.cut, p.end, true)
			}
			c.give(before.start, before.cut, before.end, true)
			c.position++
			held = false
		}
		switch {
		case !ok:
			return c.dst
		case p.dense:
			before, held = p, true
		default:
			if c.met != nil && p.cut-p.start <= longMet {
				c.recall(p)
			} else {
				c.give(p.start, p.cut, p.end, p.digits)
			}
			if p.letters && p.digits {
				c.parts(p)
			}
			c.position++
		}
	}
}

// give appends the token of text[start:cut] that ends at end; whole tokens
// have no stem.
func (c *cutting) give(start, cut, end int, whole bool) {
	exact := c.fold(c.text[start:cut])
	if exact == "" {
		return
	}
	t := Token{Exact: exact, Start: start, End: end, Position: c.position}
	if !whole && c.stem != nil {
		if s := c.stem(exact); s != exact {
			t.Stem = s
		}
	}
	c.dst = append(c.dst, t)
}

// recall gives a word from memory, or gives it and remembers it.
func (c *cutting) recall(p piece) {
	if known, ok := c.met[c.text[p.start:p.cut]]; ok {
		c.dst = append(c.dst, Token{known.exact, known.stem, p.start, p.end, c.position})
		return
	}
	n := len(c.dst)
	c.give(p.start, p.cut, p.end, p.digits)
	if len(c.dst) == n {
		return
	}
	t := &c.dst[n]
	t.Exact, t.Stem = strings.Clone(t.Exact), strings.Clone(t.Stem)
	if len(c.met) >= maxMet {
		clear(c.met)
	}
	c.met[strings.Clone(c.text[p.start:p.cut])] = term{t.Exact, t.Stem}
}

// fold returns the folded word, without copying where it already is.
func (c *cutting) fold(word string) string {
	i := 0
	for i < len(word) && word[i] < utf8.RuneSelf && asciiFolded(word[i]) && asciiClass[word[i]] != apostrophe {
		i++
	}
	if i == len(word) {
		return word
	}
	c.room = appendWord(c.room[:0], word)
	buf := c.room
	if string(buf) == word {
		return word
	}
	if c.folded.Cap()-c.folded.Len() < len(buf) {
		c.folded = strings.Builder{} // what was given keeps the old one alive
		c.folded.Grow(max(len(buf), min(len(c.text)-c.at+len(word)+16, 4096)))
	}
	from := c.folded.Len()
	c.folded.Write(buf)
	return c.folded.String()[from:]
}

// appendWord appends the folded word to dst, without what parts words
// (apostrophes, what ligatures turn into) and at most maxRunes runes long.
func appendWord(dst []byte, word string) []byte {
	start := len(dst)
	dst = appendFold(dst, word)
	kept, runes := start, 0
	for i := start; i < len(dst) && runes < maxRunes; {
		c, size := class(0), 1
		if dst[i] < utf8.RuneSelf {
			c = asciiClass[dst[i]]
		} else {
			var r rune
			r, size = utf8.DecodeRune(dst[i:])
			c = classOf(r)
		}
		if c == letter || c == digitClass || c == dense || c == mark {
			kept += copy(dst[kept:], dst[i:i+size])
			runes++
		}
		i += size
	}
	return dst[:kept]
}

// parts gives the runs of two letters or digits and more of a mixed word such
// as UNSCR2331, at its position.
func (c *cutting) parts(p piece) {
	for i := p.start; i < p.cut; {
		first, size := c.peek(i)
		end, runes := i+size, 1
		for end < p.cut {
			next, size := c.peek(end)
			if next != first && next != mark && next != format {
				break
			}
			if next == first {
				runes++
			}
			end += size
		}
		if runes >= 2 && (first == letter || first == digitClass) {
			c.give(i, end, end, first == digitClass)
		}
		i = end
	}
}
