package cite

// chicago writes the author-date style of the Chicago Manual, 17th edition.
func chicago(w *writer, it Item) {
	names, editors := it.creators()
	if len(names) > 0 {
		w.names(names, list{first: Name.turned, others: Name.whole, and: ", " + w.t.and + " ", most: 10, kept: 7, more: ", " + w.t.etAl})
		if editors {
			w.add(", " + w.t.lowerEditor(len(names)))
		}
		w.sentence()
		w.add(w.t.year(it.Date))
		w.sentence()
		chicagoTitle(w, it)
	} else {
		chicagoTitle(w, it)
		w.sentence()
		w.add(w.t.year(it.Date))
	}
	if it.within() {
		chicagoWithin(w, it)
	} else {
		chicagoAlone(w, it)
	}
	w.stop()
	if it.URL == "" {
		return
	}
	if it.DOI == "" && it.Date.Year() == 0 && it.Accessed != "" {
		w.sentence()
		w.add(capital(w.t.accessed) + " " + w.t.american(it.Accessed))
	}
	w.sentence()
	w.address(it.URL)
	w.stop()
}

func chicagoTitle(w *writer, it Item) {
	if it.within() || it.Kind == Web {
		if it.Translated == "" {
			w.quoted(it, ".")
			return
		}
		w.quoted(it, "")
	} else {
		w.title(it, true)
	}
	w.bracketed(it)
}

func chicagoWithin(w *writer, it Item) {
	if it.Kind == Chapter {
		w.sentence()
		w.add(capital(w.t.in) + " ")
		w.italic(it.Container)
		if len(it.Editors) > 0 {
			w.add(", " + w.t.editedBy + " ")
			w.names(it.Editors, list{first: Name.whole, and: ", " + w.t.and + " ", two: " " + w.t.and + " "})
		}
		w.add(wrap(", ", it.span(), ""))
		if p := it.publisher(); p != "" {
			w.sentence()
			w.data(p)
		}
		return
	}
	w.sentence()
	w.italic(it.Container)
	switch {
	case it.Volume != "":
		w.add(" " + it.Volume + wrap(" (", it.Issue, ")"))
	case it.Issue != "":
		w.add(", " + w.t.issueOf(it.Issue))
	}
	w.add(wrap(": ", it.span(), ""))
}

func chicagoAlone(w *writer, it Item) {
	if e := w.t.editionOf(it.Edition, w.t.edition); e != "" {
		w.sentence()
		w.data(e)
	}
	if it.Kind == Web {
		if md := w.t.monthDay(it.Date); md != "" {
			w.sentence()
			w.add(md)
		}
	}
	for _, s := range []string{it.Container, it.Number, it.publisher()} {
		if s != "" {
			w.sentence()
			w.data(s)
		}
	}
}

// lowerEditor gives "ed." or "eds.".
func (t terms) lowerEditor(n int) string {
	if n == 1 {
		return t.editor
	}
	return t.editors
}
