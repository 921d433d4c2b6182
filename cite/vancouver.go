package cite

import (
	"strconv"
	"strings"

	"waymark/library"
)

// vancouver writes the style of the International Committee of Medical Journal
// Editors, as the US National Library of Medicine keeps it.
func vancouver(w *writer, it Item) {
	names, editors := it.creators()
	if len(names) > 0 {
		w.names(names, list{first: Name.bare, and: ", ", most: 6, kept: 6, more: ", " + w.t.etAl})
		if editors {
			w.add(", " + w.t.longEditor(len(names)))
		}
		w.sentence()
	}
	w.title(it, false)
	w.bracketed(it)
	if it.Kind == Article {
		vancouverArticle(w, it)
		return
	}
	online := it.URL != "" && it.DOI == ""
	if online && it.Kind != Chapter {
		w.add(" [Internet]")
	}
	if it.Kind == Chapter {
		w.sentence()
		w.add(capital(w.t.in) + ": ")
		if len(it.Editors) > 0 {
			w.names(it.Editors, list{first: Name.bare, and: ", ", most: 6, kept: 6, more: ", " + w.t.etAl})
			w.add(", " + w.t.longEditor(len(it.Editors)))
			w.sentence()
		}
		w.data(it.Container)
	}
	w.stop()
	if e := w.t.editionOf(it.Edition, w.t.edition); e != "" {
		w.add(" ")
		w.data(e)
		w.stop()
	}
	vancouverImprint(w, it, online)
	w.stop()
	if pages := it.span(); pages != "" && it.Kind == Chapter {
		w.add(" " + w.t.pageOf(brief(pages)))
		w.stop()
	} else if n := it.extent(); n != "" {
		w.add(" " + w.t.extentOf(n))
		w.stop()
	}
	if it.Number != "" {
		w.add(" ")
		w.data(it.Number)
		w.stop()
	}
	vancouverAddress(w, it)
}

// vancouverImprint writes "Publisher; 2015 Sep [cited 2025 Jan 5]".
func vancouverImprint(w *writer, it Item, online bool) {
	publisher, date := strings.Join(it.Publishers, "; "), w.t.numeric(it.Date, false)
	if publisher != "" {
		w.add(" ")
		w.data(publisher)
		w.add(wrap("; ", date, ""))
	} else {
		w.add(wrap(" ", date, ""))
	}
	if online && it.Accessed != "" {
		w.add(" [" + w.t.cited + " " + w.t.numeric(it.Accessed, true) + "]")
	}
}

func vancouverArticle(w *writer, it Item) {
	w.sentence()
	w.data(it.Container)
	online := it.URL != "" && it.DOI == ""
	if online {
		w.add(" [Internet]")
	}
	if date := w.t.numeric(it.Date, false); date != "" {
		w.sentence()
		w.add(date)
	}
	if online && it.Accessed != "" {
		w.add(" [" + w.t.cited + " " + w.t.numeric(it.Accessed, true) + "]")
	}
	if it.Volume != "" || it.Issue != "" {
		w.add(";" + it.Volume + wrap("(", it.Issue, ")"))
	}
	w.add(wrap(":", brief(it.span()), ""))
	w.stop()
	vancouverAddress(w, it)
}

func vancouverAddress(w *writer, it Item) {
	switch {
	case it.DOI != "":
		w.add(" doi:")
		w.address(it.DOI)
	case it.URL != "":
		w.add(" " + w.t.availableFrom + " ")
		w.address(it.URL)
	}
}

// numeric writes a date with the year first: "2015 Sep 5", without the day
// unless it matters.
func (t terms) numeric(d library.Date, day bool) string {
	y, m, dd := parts(d)
	if m < 1 || m > 12 || t.lang != "en" {
		if y == 0 {
			return ""
		}
		if day {
			return t.day(d, true)
		}
		return t.year(d)
	}
	s := t.year(d) + " " + t.month(m, false)[:3]
	if day && dd > 0 {
		s += " " + strconv.Itoa(dd)
	}
	return s
}
