package match

import (
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/hbollon/go-edlib"

	"waymark/analysis"
)

// contributor is a Contributor made ready to be compared.
type contributor struct {
	id      string
	names   [][]string // folded words, the family name last
	acronym string     // folded
}

// prepare cuts the names of a contributor into words.
func prepare(c Contributor) contributor {
	p := contributor{id: c.ID, acronym: strings.Join(analysis.Words(c.Acronym), "")}
	for _, name := range c.Names {
		if head, tail, ok := strings.Cut(name, "("); ok && strings.HasSuffix(tail, ")") && head != "" {
			name = head
			if p.acronym == "" {
				p.acronym = strings.Join(analysis.Words(tail), "")
			}
		}
		if words := upright(name); len(words) > 0 {
			p.names = append(p.names, words)
		}
		if trimmed := strings.TrimSpace(name); p.acronym == "" && isAcronym(trimmed) {
			p.acronym = strings.Join(analysis.Words(trimmed), "")
		}
	}
	return p
}

func isAcronym(name string) bool {
	return len(name) >= 2 && len(name) <= 12 && !strings.ContainsAny(name, " .,") && name == strings.ToUpper(name) && name != strings.ToLower(name)
}

// upright gives the words of a name with the family name last: "Gusak,
// Nataliya" and, as medical indexes have it, "Gusak NA".
func upright(name string) []string {
	family, given, turned := strings.Cut(name, ",")
	if turned {
		words := analysis.Words(given)
		if len(words) > 4 || strings.Contains(given, ",") {
			return analysis.Words(name)
		}
		return append(words, analysis.Words(family)...)
	}
	words := analysis.Words(name)
	fields := strings.Fields(name)
	if n := len(fields); n == 2 && len(words) == 2 && len(fields[1]) <= 3 && utf8.RuneCountInString(words[0]) > 2 && fields[1] == strings.ToUpper(fields[1]) {
		initials := strings.Split(words[1], "")
		return append(initials, words[0])
	}
	return words
}

// sameName says how two contributors are one, from no to surely.
type sameName int

const (
	notSame sameName = iota
	inLatin          // one seems to be the other in another script
	certain          // one ID, one name, or a name and its initials or acronym
)

// shared says how surely two records have a contributor in common.
func shared(a, b *Record) sameName {
	best := notSame
	for i := range a.contributors {
		for j := range b.contributors {
			if best = max(best, a.contributors[i].same(&b.contributors[j])); best == certain {
				return certain
			}
		}
	}
	return best
}

// sameAuthors tells that two records name two contributors or more and that
// they are the same, but for some that one leaves out.
func sameAuthors(a, b *Record) bool {
	few, many := min(len(a.contributors), len(b.contributors)), max(len(a.contributors), len(b.contributors))
	both := both(a, b)
	return both >= 2 && both >= few-few/4 && many <= 2*few
}

// otherAuthors tells that two records name three contributors or more each, and
// that most of them are others.
func otherAuthors(a, b *Record) bool {
	few := min(len(a.contributors), len(b.contributors))
	return few >= 3 && 2*both(a, b) < few
}

// both counts the contributors that two records share.
func both(a, b *Record) (n int) {
	few, many := a.contributors, b.contributors
	if len(few) > len(many) {
		few, many = many, few
	}
	for i := range few {
		if slices.ContainsFunc(many, func(d contributor) bool { return few[i].same(&d) == certain }) {
			n++
		}
	}
	return n
}

func (c *contributor) same(d *contributor) sameName {
	if c.id != "" && c.id == d.id || c.acronym != "" && c.acronym == d.acronym {
		return certain
	}
	best := notSame
	for _, x := range c.names {
		if d.acronym != "" && abbreviates(d.acronym, x) {
			return certain
		}
		for _, y := range d.names {
			if likeNames(x, y) {
				return certain
			}
			if foreign(x) != foreign(y) && oneInLatin(x, y) {
				best = inLatin
			}
		}
	}
	for _, y := range d.names {
		if c.acronym != "" && abbreviates(c.acronym, y) {
			return certain
		}
	}
	return best
}

// foreign tells that a name is in another script than Latin.
func foreign(name []string) bool { return transcribed(name[len(name)-1]) }

// oneInLatin tells that two names have the same consonants, in any order of
// given and family name.
func oneInLatin(a, b []string) bool {
	bones := func(name []string) string {
		var parts []string
		for _, w := range name {
			parts = append(parts, consonants(w))
		}
		slices.Sort(parts)
		return strings.Join(parts, " ")
	}
	s := bones(a)
	return len(s) >= 4 && s == bones(b)
}

// likeNames tells that two names, the family name last in both, may well be
// one person's: "J. Smith" and "John A. Smith", or those of an organisation
// with the same words.
func likeNames(a, b []string) bool {
	if slices.Equal(a, b) {
		return true
	}
	if len(a) < 2 || len(b) < 2 || len(a) > 5 || len(b) > 5 || !oneFamily(a[len(a)-1], b[len(b)-1]) {
		return false
	}
	a, b = a[:len(a)-1], b[:len(b)-1]
	if len(a) > len(b) {
		a, b = b, a
	}
	for i, x := range a { // every given name of the shorter, in order
		if i == 0 && !begins(x, b[0]) {
			return false
		}
		at := slices.IndexFunc(b, func(y string) bool { return begins(x, y) })
		if at < 0 {
			return false
		}
		b = b[at+1:]
	}
	return true
}

// oneFamily tells that two family names are the same but for a letter that was
// lost or mistyped.
func oneFamily(a, b string) bool {
	return a == b || utf8.RuneCountInString(a) >= 5 && utf8.RuneCountInString(b) >= 5 && edlib.OSADamerauLevenshteinDistance(a, b) <= 1
}

// begins tells that two given names are the same, or one the initial or the
// short form of the other: "J.", "Don" for "Donald".
func begins(a, b string) bool {
	if utf8.RuneCountInString(a) > utf8.RuneCountInString(b) {
		a, b = b, a
	}
	n := utf8.RuneCountInString(a)
	return a == b || (n == 1 || n >= 3) && strings.HasPrefix(b, a)
}

// small are words that acronyms of names leave out, and titles now and then.
var small = strings.Fields(`a an at by with from of the for and on in to de la le les des du et el los las del y e para von der и по в`)

// abbreviates tells whether an acronym is made of the initials of a name.
func abbreviates(acronym string, name []string) bool {
	if len(name) < 2 {
		return false
	}
	var all, main strings.Builder
	for _, w := range name {
		r, _ := utf8.DecodeRuneInString(w)
		all.WriteRune(r)
		if !slices.Contains(small, w) {
			main.WriteRune(r)
		}
	}
	return utf8.RuneCountInString(acronym) >= 3 && (acronym == main.String() || acronym == all.String())
}
