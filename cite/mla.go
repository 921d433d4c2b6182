package cite

import (
	"slices"
	"strings"
)

// mla writes the style of the Modern Language Association, 9th edition: after
// author and title the container, divided by commas.
func mla(w *writer, it Item) {
	names, editors := it.creators()
	// A work that an organisation publishes itself begins with its title.
	if len(names) == 1 && slices.Contains(it.Publishers, names[0].Literal) && !it.within() {
		names, it.Authors = nil, nil
	}
	if len(names) > 0 {
		w.names(names, list{first: Name.turned, others: Name.whole, and: ", " + w.t.and + " ", most: 2, kept: 1, more: ", " + w.t.etAl})
		if editors {
			w.add(", " + w.t.longEditor(len(names)))
		}
		w.sentence()
	}
	switch {
	case !it.within():
		w.title(it, true)
	case it.Translated == "":
		w.quoted(it, ".")
	default:
		w.quoted(it, "")
	}
	w.bracketed(it)
	w.stop()
	mlaContainer(w, it)
	w.stop()
	if it.URL != "" && it.DOI == "" && it.Date.Year() == 0 && it.Accessed != "" {
		w.add(" " + capital(w.t.accessed) + " " + w.t.day(it.Accessed, true))
		w.stop()
	}
}

// mlaContainer writes what stands behind the title. Each part follows the one
// before it behind a comma.
func mlaContainer(w *writer, it Item) {
	begun := false
	next := func() {
		if w.add(" "); begun {
			w.out[len(w.out)-1].text = strings.TrimSuffix(w.out[len(w.out)-1].text, " ") + ", "
		}
		begun = true
	}
	part := func(s string) {
		if s != "" {
			next()
			w.data(s)
		}
	}
	if it.within() {
		next()
		w.italic(it.Container)
	} else {
		part(it.Container)
	}
	if it.Kind == Chapter && len(it.Editors) > 0 {
		next()
		w.add(w.t.editedBy + " ")
		w.names(it.Editors, list{first: Name.whole, and: ", " + w.t.and + " ", two: " " + w.t.and + " ", most: 2, kept: 1, more: " " + w.t.etAl})
	}
	part(w.t.editionOf(it.Edition, w.t.edition))
	if it.within() {
		if it.Volume != "" {
			part(w.t.volumeOf(it.Volume))
		}
		if it.Issue != "" {
			part(w.t.issueOf(it.Issue))
		}
	} else {
		part(it.Number)
	}
	if it.Kind != Article {
		part(it.publisher())
	}
	part(w.t.day(it.Date, true))
	if it.within() && it.span() != "" {
		part(w.t.pagesOf(brief(it.span())))
	}
	if it.URL != "" {
		next()
		w.address(it.URL)
	}
}

// longEditor gives "editor" or "editors".
func (t terms) longEditor(n int) string {
	if t.lang != "en" {
		return t.lowerEditor(n)
	}
	if n == 1 {
		return "editor"
	}
	return "editors"
}

// brief leaves out of the last page what the first says, but for two digits:
// "609–649" as "609–49".
func brief(span string) string {
	first, last, ok := strings.Cut(span, "–")
	if !ok || len(first) != len(last) || strings.Contains(last, "–") {
		return span
	}
	i := 0
	for i < len(last)-2 && first[i] == last[i] {
		i++
	}
	return first + "–" + last[i:]
}
