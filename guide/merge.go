package guide

import (
	"slices"
	"strings"
)

// Merged is a stretch of a merge. Without a conflict Text is what stands there;
// with one, Base, Local and Global are what each of the three has.
type Merged struct {
	Text                string
	Conflict            bool
	Base, Local, Global string
	From                string // "both", "local" or "global": who changed it; empty when nobody did
}

// Merge brings the changes of a global text since base into a local text that
// was made from base. What only one of the two has touched is taken from it;
// what both touched otherwise is a conflict, for a person.
func Merge(base, local, global string) []Merged {
	b, l, g := Units(base), Units(local), Units(global)
	toL, toG := pairing(b, l), pairing(b, g)
	var out []Merged
	i, j, k := 0, 0, 0
	for {
		// The next unit of base that both have kept.
		next := i
		for next < len(b) && (toL[next] < j || toG[next] < k) {
			next++
		}
		endL, endG := len(l), len(g)
		if next < len(b) {
			endL, endG = toL[next], toG[next]
		}
		out = append(out, stretch(b[i:next], l[j:endL], g[k:endG])...)
		if next == len(b) {
			return out
		}
		out = append(out, Merged{Text: kept(b[next], l[endL], g[endG])})
		i, j, k = next+1, endL+1, endG+1
	}
}

// kept gives the form of a unit that differs in white space only: that of the
// side which changed it.
func kept(base, local, global string) string {
	if local == base {
		return global
	}
	return local
}

// stretch merges units between two that all have.
func stretch(b, l, g []string) []Merged {
	switch {
	case len(b) == 0 && len(l) == 0 && len(g) == 0:
		return nil
	case slices.EqualFunc(l, g, same):
		return []Merged{{Text: strings.Join(l, ""), From: "both"}}
	case slices.EqualFunc(b, l, same):
		return []Merged{{Text: strings.Join(g, ""), From: "global"}}
	case slices.EqualFunc(b, g, same):
		return []Merged{{Text: strings.Join(l, ""), From: "local"}}
	}
	// Neighbours that were each changed by one side are no conflict: where
	// nothing was added or taken out, unit stands against unit.
	if len(b) == len(l) && len(b) == len(g) && len(b) > 1 {
		var out []Merged
		for i := range b {
			out = append(out, stretch(b[i:i+1], l[i:i+1], g[i:i+1])...)
		}
		return out
	}
	return []Merged{{Conflict: true, Base: strings.Join(b, ""), Local: strings.Join(l, ""), Global: strings.Join(g, "")}}
}

// Clean gives the text of a merge, or false when something in it is in conflict.
func Clean(merged []Merged) (string, bool) {
	var b strings.Builder
	sides := map[string]bool{}
	for _, m := range merged {
		if m.Conflict {
			return "", false
		}
		b.WriteString(m.Text)
		sides[m.From] = true
	}
	if sides["local"] && sides["global"] { // two lists became one
		return renumbered(b.String()), true
	}
	return b.String(), true
}

// ToEdit gives a merge as a text to edit: each conflict holds both texts, the
// local one first, between lines that say so.
func ToEdit(merged []Merged) string {
	if text, ok := Clean(merged); ok {
		return text
	}
	var b strings.Builder
	for _, m := range merged {
		if !m.Conflict {
			b.WriteString(m.Text)
			continue
		}
		b.WriteString("<<<<<<< local\n" + lined(m.Local) + "=======\n" + lined(m.Global) + ">>>>>>> global\n")
	}
	return b.String()
}

func lined(s string) string {
	if s == "" || strings.HasSuffix(s, "\n") {
		return s
	}
	return s + "\n"
}

// Undecided tells whether a text still holds the lines of a conflict.
func Undecided(text string) bool {
	return strings.Contains(text, "<<<<<<< local\n") || strings.Contains(text, ">>>>>>> global\n")
}
