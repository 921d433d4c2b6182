package cite

// harvard writes the Harvard style of Cite Them Right, 11th edition.
func harvard(w *writer, it Item) {
	names, editors := it.creators()
	year := "(" + w.t.harvardYear(it) + ")"
	if len(names) > 0 {
		l := list{first: func(n Name) string { return n.short("", false) }, and: " " + w.t.and + " ", most: 3, kept: 1}
		w.names(names, l)
		if len(names) > l.most {
			w.add(" ")
			w.italic(w.t.etAl)
		}
		if editors {
			w.add(" (" + w.t.britishEditor(len(names)) + ")")
		}
		w.add(" " + year + " ")
	}
	if it.within() {
		w.add("‘")
		w.title(it, false)
		w.add("’")
		w.bracketed(it)
	} else {
		w.title(it, true)
		w.bracketed(it)
	}
	if len(names) == 0 {
		w.add(" " + year)
	}
	if it.within() {
		harvardWithin(w, it)
	} else {
		harvardAlone(w, it)
	}
	w.stop()
	if it.URL == "" {
		return
	}
	w.add(" " + w.t.availableAt + " ")
	w.address(it.URL)
	if it.DOI == "" && it.Accessed != "" {
		w.add(" (" + capital(w.t.accessed) + w.t.colon() + w.t.day(it.Accessed, false) + ")")
	}
	w.add(".")
}

func harvardWithin(w *writer, it Item) {
	w.add(", ")
	if it.Kind == Chapter {
		if len(it.Editors) > 0 {
			w.add(w.t.in + " ")
			w.names(it.Editors, list{first: func(n Name) string { return n.short("", true) }, and: " " + w.t.and + " ", most: 3, kept: 1, more: " " + w.t.etAl})
			w.add(" (" + w.t.britishEditor(len(it.Editors)) + ") ")
		} else {
			w.add(w.t.in + " ")
		}
	}
	w.italic(it.Container)
	if it.Kind == Chapter {
		if p := it.publisher(); p != "" {
			w.sentence()
			w.data(p)
		}
	} else if it.Volume != "" || it.Issue != "" {
		w.add(", " + it.Volume + wrap("(", it.Issue, ")"))
	}
	if pages := it.span(); pages != "" {
		w.add(", " + w.t.pagesOf(pages))
	}
}

func harvardAlone(w *writer, it Item) {
	for _, s := range []string{w.t.editionOf(it.Edition, w.t.edn), it.Container, it.Number, it.publisher()} {
		if s != "" {
			w.sentence()
			w.data(s)
		}
	}
}

func (t terms) harvardYear(it Item) string {
	if t.lang == "en" && it.Date.Year() == 0 {
		return "no date"
	}
	return t.year(it.Date)
}

// britishEditor gives "ed." or "eds": a short form that ends with the last
// letter has no point in British English.
func (t terms) britishEditor(n int) string {
	if t.lang == "en" && n > 1 {
		return "eds"
	}
	return t.lowerEditor(n)
}

// colon divides a word from its date, where the word does not itself.
func (t terms) colon() string {
	switch {
	case t.lang == "ru":
		return " "
	case t.lang == "fr" || t.lang == "es":
		return " "
	}
	return ": "
}
