package cite

import "strings"

// unitedNations writes notes as the United Nations Editorial Manual does: names
// in their natural order, the imprint in brackets, a document by its symbol.
func unitedNations(w *writer, it Item) {
	names, editors := it.creators()
	if len(names) > 0 {
		w.names(names, list{first: Name.whole, and: " " + w.t.and + " ", most: 3, kept: 1, more: " " + w.t.others})
		if editors {
			w.add(", " + w.t.lowerEditor(len(names)))
		}
		w.add(", ")
	}
	if it.within() {
		w.add("“")
		w.title(it, false)
		w.add("”")
	} else {
		w.title(it, true)
	}
	w.bracketed(it)
	if it.within() {
		w.add(", " + wrap("", unIn(w.t, it), " "))
		w.italic(it.Container)
		if len(it.Editors) > 0 && it.Kind == Chapter {
			w.add(", ")
			w.names(it.Editors, list{first: Name.whole, and: " " + w.t.and + " ", most: 3, kept: 1, more: " " + w.t.others})
			w.add(", " + w.t.lowerEditor(len(it.Editors)))
		}
		if it.Volume != "" {
			w.add(", " + w.t.volumeOf(it.Volume))
		}
		if it.Issue != "" {
			w.add(", " + w.t.unIssue(it.Issue))
		}
	} else {
		if it.Container != "" {
			w.add(", ")
			w.data(it.Container)
		}
		if e := w.t.editionOf(it.Edition, w.t.edition); e != "" {
			w.add(", ")
			w.data(e)
		}
	}
	unImprint(w, it)
	if pages := it.span(); pages != "" && it.within() {
		w.add(", " + w.t.pagesOf(pages))
	}
	w.stop()
	if it.URL != "" {
		w.add(" " + strings.TrimRight(w.t.availableAt, " :：") + " ")
		w.address(it.URL)
		if it.DOI == "" && it.Accessed != "" {
			w.add(" (" + w.t.unAccessed() + " " + w.t.day(it.Accessed, false) + ")")
		}
		w.add(".")
	}
}

// unImprint writes "(Publisher, September 2015)"; a document of the United
// Nations is known by its symbol alone.
func unImprint(w *writer, it Item) {
	if it.Number != "" {
		w.add(" (")
		w.data(it.Number)
		w.add(")")
		return
	}
	publisher := it.publisher()
	date := w.t.day(it.Date, false)
	if it.Kind == Article {
		publisher = ""
	}
	if publisher == "" && date == "" {
		w.add(", " + w.t.noDate)
		return
	}
	w.add(" (")
	w.data(publisher)
	if publisher != "" {
		w.add(", ")
	}
	if date == "" {
		date = w.t.noDate
	}
	w.add(date + ")")
}

func unIn(t terms, it Item) string {
	if it.Kind == Chapter {
		return t.in
	}
	return ""
}

// unIssue writes "No. 3" in English.
func (t terms) unIssue(s string) string {
	if t.lang == "en" {
		return "No. " + s
	}
	return t.issueOf(s)
}

// unAccessed writes "accessed on" in English.
func (t terms) unAccessed() string {
	if t.lang == "en" {
		return "accessed on"
	}
	return t.accessed
}
