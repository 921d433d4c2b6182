package vocabulary

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode"

	"waymark/library"
)

// Amendment is a term as the administrators of a library want it: it takes the
// place of the term of its code, or is a new one behind all others.
type Amendment struct {
	List string `json:"list"` // the name of the list
	Term
}

// longestName bounds a name of a term, in bytes: 200 characters of most scripts.
const longestName = 600

// mostNames bounds the other names of a term.
const mostNames = 200

// Amendable are the names of the lists whose terms can be amended. Countries
// can be given other names; none are added or merged.
func Amendable() []string {
	return []string{"topics", "categories", "regions", "countries", "thesaurus"}
}

// List gives the list of a name, nil for none.
func (v *Vocabularies) List(name string) *List {
	for _, l := range v.Lists() {
		if l.Name == name {
			return l
		}
	}
	return nil
}

// Amend puts the amendments in force, instead of those that were. What does
// not fit the files, such as a name that another term has by now, is left out;
// the error says what that was.
func (v *Vocabularies) Amend(as []Amendment) error {
	next, problems := v.with(as)
	for i, l := range v.Lists() {
		l.amended.Store(next.Lists()[i])
	}
	v.amended.Store(next)
	return errors.Join(problems...)
}

// Check tells, by an error of kind Invalid, why the amendments cannot be put in
// force all together: every problem with its term and remedy.
func (v *Vocabularies) Check(as []Amendment) error {
	var problems []error
	for _, a := range as {
		problems = append(problems, v.fits(a)...)
	}
	if len(problems) == 0 {
		_, problems = v.with(as)
	}
	if len(problems) > 0 {
		return &library.Error{Kind: library.Invalid, Field: "term", Err: errors.Join(problems...)}
	}
	return nil
}

// Canonical gives the codes of a field with those of merged terms replaced by
// the codes of what took their place, each once.
func (v *Vocabularies) Canonical(f library.Field, codes []string) []string {
	l := v.Field(f)
	if l == nil || l.now() == l {
		return codes
	}
	out := make([]string, 0, len(codes))
	for _, code := range codes {
		if t, ok := l.Get(code); ok {
			code = t.Code
		}
		if !slices.Contains(out, code) {
			out = append(out, code)
		}
	}
	return out
}

// Alike gives the codes of a field with every code that leads to the same terms,
// because terms were merged: whoever is limited to a topic is limited to what it
// was made of too.
func (v *Vocabularies) Alike(f library.Field, codes []string) []string {
	l := v.Field(f)
	if len(codes) == 0 || l == nil || l.now() == l {
		return codes
	}
	same := v.Canonical(f, codes)
	all := slices.Clone(codes)
	for _, t := range l.Every() {
		if now, ok := l.Get(t.Code); ok && slices.Contains(same, now.Code) && !slices.Contains(all, t.Code) {
			all = append(all, t.Code)
		}
	}
	return all
}

// fits checks one amendment by itself.
func (v *Vocabularies) fits(a Amendment) (problems []error) {
	if !slices.Contains(Amendable(), a.List) {
		return []error{fmt.Errorf("%s: the list %q cannot be amended: choose from %s", a.Code, a.List, strings.Join(Amendable(), ", "))}
	}
	fault := func(format string, args ...any) {
		problems = append(problems, fmt.Errorf("%s, %s: %w", a.List, a.Code, fmt.Errorf(format, args...)))
	}
	l := v.List(a.List)
	_, known := l.byCode[a.Code]
	code := schemaOf(a.List).columns[0]
	switch {
	case !code.form.MatchString(a.Code) || len(a.Code) > 80:
		fault("%.80q is no code: %s", a.Code, code.remedy)
	case l == v.Countries && (!known || a.Into != ""):
		fault("countries are those of ISO 3166-1: none are added or merged")
	case l == v.Regions && a.Scheme != FieldScheme && a.Scheme != M49:
		fault("the scheme of a region is %s or %s", FieldScheme, M49)
	case (a.Scheme == M49) != (known && l.terms[l.byCode[a.Code]].Scheme == M49):
		fault("the regions of M49 are the United Nations': none are added")
	case a.Scheme == M49 && a.Into != "" || l == v.Regions && a.Code == library.Worldwide && (a.Into != "" || len(a.Members) > 0):
		fault("this region cannot be merged, nor get members")
	case l == v.Categories && (a.Audience == "" || !slugForm.MatchString(a.Audience)):
		fault("name the audience that may read such resources: public, or another")
	case a.Labels["en"] == "":
		fault("the name in English is missing")
	}
	if len(a.Variants) > mostNames {
		fault("it has %d other names: at most %d", len(a.Variants), mostNames)
	}
	for _, n := range a.spoken() {
		if (n.Lang != "" || n.Label) && !slices.Contains(languages(), n.Lang) {
			fault("%q is no language of the vocabularies: choose from %s", n.Lang, strings.Join(languages(), ", "))
		}
		if n.Text == "" || len(n.Text) > longestName || strings.ContainsFunc(n.Text, unicode.IsControl) || strings.ContainsRune(n.Text, ';') {
			fault("%.80q is no name: write one line without semicolons, of at most 200 characters", n.Text)
		}
	}
	for _, c := range a.Members {
		if _, ok := v.Countries.byCode[c]; !ok {
			fault("the member %.80q is no country: write the two capital letters of ISO 3166-1", c)
		}
	}
	return problems
}

// schemaOf gives the shape of a list.
func schemaOf(name string) schema {
	all := schemas()
	return all[slices.IndexFunc(all, func(s schema) bool { return s.name == name })]
}

// with makes the vocabularies of the files with amendments.
func (v *Vocabularies) with(as []Amendment) (next *Vocabularies, problems []error) {
	var lists []*List
	for _, l := range v.Lists() {
		amended, wrong := l.with(as)
		lists = append(lists, amended)
		problems = append(problems, wrong...)
	}
	next = arrange(lists)
	next.connect()
	next.gather()
	next.begin()
	return next, problems
}

// with makes a list with its amendments. A list without any stays itself.
func (l *List) with(as []Amendment) (*List, []error) {
	all, lines := slices.Clone(l.terms), slices.Clone(l.lines)
	changed := false
	for _, a := range as {
		if a.List != l.Name {
			continue
		}
		changed = true
		a.Members = slices.Sorted(slices.Values(a.Members))
		if i := slices.IndexFunc(all, func(t Term) bool { return t.Code == a.Code }); i >= 0 {
			all[i], lines[i] = a.Term, 0
		} else {
			all, lines = append(all, a.Term), append(lines, 0)
		}
	}
	if !changed {
		return l, nil
	}
	n := &List{Name: l.Name, source: l.source, whole: true, byCode: map[string]int{}, byName: map[string]int{}, every: all}
	to, problems := n.standing(all)
	for i, t := range all {
		if to[t.Code] != t.Code {
			continue
		}
		if b := t.Broader; b != "" {
			if t.Broader = to[b]; t.Broader == "" {
				problems = append(problems, n.at(0, "the broader term %s of %s is not in this list", b, t.Code))
			}
			if t.Broader == t.Code { // what stood above was merged into it
				t.Broader = ""
			}
		}
		t.Order = len(n.terms)
		n.byCode[t.Code] = t.Order
		n.terms, n.lines = append(n.terms, t), append(n.lines, lines[i])
	}
	problems = append(problems, n.index()...)
	problems = append(problems, n.checkBroader()...)
	for _, t := range all {
		if to[t.Code] != t.Code {
			n.inherit(t, to[t.Code])
		}
	}
	return n, problems
}

// standing gives for each code the term that stands for it: itself, or the end
// of the chain that it was merged along. One that was merged into nothing, or in
// a circle, stands.
func (l *List) standing(all []Term) (to map[string]string, problems []error) {
	into := map[string]string{}
	for _, t := range all {
		into[t.Code] = t.Into
	}
	to = map[string]string{}
	for _, t := range all {
		at := t.Code
		for range all {
			next, ok := into[at]
			if !ok {
				problems = append(problems, l.at(0, "%s was merged into %s, which is not in this list", t.Code, at))
				at = t.Code
				break
			}
			if next == "" {
				break
			}
			at = next
		}
		if into[at] != "" && at != t.Code || t.Into == t.Code {
			problems = append(problems, l.at(0, "%s was merged in a circle", t.Code))
			at = t.Code
		}
		to[t.Code] = at
	}
	return to, problems
}

// inherit makes the names of a merged term lead to the one that took its place,
// but for those that another has.
func (l *List) inherit(t Term, code string) {
	i := l.byCode[code]
	l.byCode[t.Code] = i
	for _, name := range t.names() {
		if k := key(name); k != "" {
			if _, taken := l.byName[k]; !taken {
				l.byName[k] = i
			}
		}
	}
	heir := &l.terms[i]
	heir.Variants = slices.Clone(heir.Variants)
	for _, n := range t.spoken() {
		if v := (Variant{n.Lang, n.Text}); l.byName[key(n.Text)] == i && heir.Labels[n.Lang] != n.Text && !slices.Contains(heir.Variants, v) {
			heir.Variants = append(heir.Variants, v)
		}
	}
}

// CompareVariants orders other names by language and text.
func CompareVariants(a, b Variant) int {
	return cmp.Or(strings.Compare(a.Lang, b.Lang), strings.Compare(a.Text, b.Text))
}

// BuiltIn gives a term as its file has it.
func (v *Vocabularies) BuiltIn(list, code string) (Term, bool) {
	l := v.List(list)
	if l == nil {
		return Term{}, false
	}
	i, ok := l.byCode[code]
	if !ok {
		return Term{}, false
	}
	return l.terms[i], true
}
