package cite

import "strings"

// apa writes the style of the American Psychological Association, 7th edition.
func apa(w *writer, it Item) {
	names, editors := it.creators()
	l := list{first: func(n Name) string { return n.short(" ", false) }, and: ", & ", most: 20, kept: 19, more: ", … ", final: true}
	if len(names) > 0 {
		w.names(names, l)
		if editors {
			w.add(" (" + w.t.editorWord(len(names)) + ")")
		}
		w.sentence()
		w.add("(" + apaDate(w.t, it) + ").")
		w.sentence()
		apaTitle(w, it)
	} else {
		apaTitle(w, it)
		w.sentence()
		w.add("(" + apaDate(w.t, it) + ")")
	}
	w.stop()
	switch it.Kind {
	case Article:
		w.add(" ")
		w.italic(it.Container)
		switch {
		case it.Volume != "":
			w.add(", ")
			w.italic(it.Volume)
			w.add(wrap("(", it.Issue, ")"))
		case it.Issue != "":
			w.add(", (" + it.Issue + ")")
		}
		w.add(wrap(", ", it.span(), ""))
	case Chapter:
		w.add(" " + capital(w.t.in) + " ")
		if len(it.Editors) > 0 {
			w.names(it.Editors, list{first: func(n Name) string { return n.short(" ", true) }, and: ", & ", two: " & "})
			w.add(" (" + w.t.editorWord(len(it.Editors)) + "), ")
		}
		w.italic(it.Container)
		if pages := it.span(); pages != "" {
			w.add(" (" + w.t.pagesOf(pages) + ")")
		}
	}
	w.stop()
	if p := it.publisher(); p != "" && it.Kind != Article {
		w.add(" ")
		w.data(p)
		w.stop()
	}
	apaAddress(w, it)
}

func apaTitle(w *writer, it Item) {
	w.title(it, !it.within())
	w.bracketed(it)
	var notes []string
	if it.Number != "" && !it.within() {
		notes = append(notes, it.Number)
	}
	if e := w.t.editionOf(it.Edition, w.t.edition); e != "" {
		notes = append(notes, e)
	}
	w.add(wrap(" (", strings.Join(notes, "; "), ")"))
}

func apaDate(t terms, it Item) string {
	s := t.year(it.Date)
	if md := t.monthDay(it.Date); md != "" && (it.Kind == Web || it.Kind == Film) {
		return s + ", " + md
	}
	return s
}

// apaAddress names the day of reading only where the work has no date, since
// such a page may change.
func apaAddress(w *writer, it Item) {
	if it.URL == "" {
		return
	}
	w.add(" ")
	if it.DOI == "" && it.Date.Year() == 0 && it.Accessed != "" {
		before, after, _ := strings.Cut(w.t.retrieved, "{url}")
		w.add(strings.ReplaceAll(before, "{date}", w.t.american(it.Accessed)))
		w.address(it.URL)
		w.add(after)
		return
	}
	w.address(it.URL)
}

// wrap gives a text between two others, nothing for an empty one.
func wrap(before, s, after string) string {
	if s == "" {
		return ""
	}
	return before + s + after
}

// editorWord gives "Ed." or "Eds.".
func (t terms) editorWord(n int) string {
	if n == 1 {
		return capital(t.editor)
	}
	return capital(t.editors)
}
