package cite

import (
	"slices"
	"strings"
	"unicode"
)

// Name is a person's name in its parts, or in Literal that of an organisation,
// or of a person whose name has no parts.
type Name struct {
	Family  string // with its particles: "van der Berg"
	Given   string
	Suffix  string // "Jr."
	Literal string
}

// particles are the words that belong to the family name behind them.
var particles = strings.Fields(`af al aan 't bin bint d' da das de degli dei del della der di do dos du el ibn la las le los
	st st. ten ter van vande vanden vander von y zu zum zur`)

// suffixes stand behind the family name.
var suffixes = []string{"jr", "jr.", "sr", "sr.", "ii", "iii", "iv"}

// ParseName takes a person's name apart: "Family, Given" as it says, and a name
// in its natural order by its last word and the particles before it. A name of
// one word, or in a script that does not divide names, stays whole.
func ParseName(name string) Name {
	name = strings.Join(strings.Fields(name), " ")
	if parts := strings.SplitN(name, ", ", 3); len(parts) > 1 {
		n := Name{Family: parts[0], Given: parts[1]}
		if len(parts) == 3 {
			n.Suffix = parts[2]
		}
		return n
	}
	words := strings.Fields(name)
	if len(words) < 2 || strings.ContainsFunc(name, func(r rune) bool { return unicode.In(r, unicode.Han, unicode.Arabic) }) {
		return Name{Literal: name}
	}
	n := Name{}
	if last := len(words) - 1; last > 1 && slices.Contains(suffixes, strings.ToLower(words[last])) {
		n.Suffix, words = words[last], words[:last]
	}
	first := len(words) - 1
	for first > 1 && slices.Contains(particles, strings.ToLower(words[first-1])) {
		first--
	}
	n.Family, n.Given = strings.Join(words[first:], " "), strings.Join(words[:first], " ")
	return n
}

// whole gives the name in its natural order: "Given Family Jr."
func (n Name) whole() string {
	return strings.TrimSpace(strings.Join(strings.Fields(n.Given+" "+n.Family+" "+n.Suffix), " ")) + n.Literal
}

// turned gives "Family, Given, Jr.".
func (n Name) turned() string {
	s := n.Literal + n.Family
	for _, part := range []string{n.Given, n.Suffix} {
		if part != "" {
			s += ", " + part
		}
	}
	return s
}

// short gives "Family, G. G.", or with family last "G. G. Family"; gap stands
// between initials.
func (n Name) short(gap string, familyLast bool) string {
	if n.Literal != "" {
		return n.Literal
	}
	first := initials(n.Given, ".", gap)
	if familyLast {
		return strings.TrimSpace(strings.TrimSpace(first+" "+n.Family) + " " + n.Suffix)
	}
	s := n.Family
	for _, part := range []string{first, n.Suffix} {
		if part != "" {
			s += ", " + part
		}
	}
	return s
}

// bare gives "Family GG", as medicine does.
func (n Name) bare() string {
	if n.Literal != "" {
		return n.Literal
	}
	return strings.TrimSpace(strings.Join(strings.Fields(n.Family+" "+strings.ReplaceAll(initials(n.Given, "", ""), "-", "")+" "+strings.TrimSuffix(n.Suffix, ".")), " "))
}

// initials gives the first letters of given names, each with a sign behind it:
// "Jean-Paul Marie" as "J.-P. M.".
func initials(given, sign, gap string) string {
	var out []string
	for word := range strings.FieldsSeq(strings.ReplaceAll(given, ".", ". ")) {
		var parts []string
		for part := range strings.SplitSeq(word, "-") {
			for _, r := range part {
				if unicode.IsLetter(r) {
					parts = append(parts, string(unicode.ToUpper(r))+sign)
					break
				}
			}
		}
		if len(parts) > 0 {
			out = append(out, strings.Join(parts, "-"))
		}
	}
	return strings.Join(out, gap)
}

// list says how a style writes several names.
type list struct {
	first, others func(Name) string
	and           string // before the last name, with the spaces around it
	two           string // between two names, when that is not and
	most          int    // names that are all written; 0 for any number
	kept          int    // of more than most, how many are
	more          string // behind those kept
	final         bool   // the last of very many is written behind more
}

// names writes a list of names.
func (w *writer) names(names []Name, l list) {
	if l.others == nil {
		l.others = l.first
	}
	cut := l.most > 0 && len(names) > l.most
	shown := len(names)
	if cut {
		shown = l.kept
	}
	for i := range shown {
		switch {
		case i == 0:
			w.data(l.first(names[i]))
			continue
		case !cut && i == len(names)-1 && len(names) == 2 && l.two != "":
			w.join(l.two, l.others(names[i]))
		case !cut && i == len(names)-1:
			w.join(l.and, l.others(names[i]))
		default:
			w.add(", ")
		}
		w.data(l.others(names[i]))
	}
	if cut {
		w.add(l.more)
		if l.final {
			w.data(l.others(names[len(names)-1]))
		}
	}
}

// join writes a word for and. In Arabic it is one with an Arabic word behind it.
func (w *writer) join(and, next string) {
	if w.rtl && !w.turned(next) && strings.HasSuffix(and, w.t.and+" ") {
		and = strings.TrimSuffix(and, " ")
	}
	w.add(and)
}
