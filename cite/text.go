package cite

import (
	"html"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/unicode/bidi"
)

// Citation is a work cited in a style.
type Citation struct{ runs []run }

// run is a piece of a citation in one face.
type run struct {
	text     string
	italic   bool
	isolated bool // its direction of writing is not that around it
	lang     string
}

// Signs that isolate a piece of text in another direction (Unicode 6.3).
const firstStrong, pop = "\u2068", "\u2069"

// Text gives the citation without faces. Pieces of the other direction of
// writing stand between the signs that keep them together.
func (c Citation) Text() string {
	var b strings.Builder
	for _, r := range c.runs {
		if r.isolated {
			b.WriteString(firstStrong + r.text + pop)
			continue
		}
		b.WriteString(r.text)
	}
	return b.String()
}

// HTML gives the citation with i and bdi elements; everything else is escaped.
func (c Citation) HTML() string {
	var b strings.Builder
	for _, r := range c.runs {
		open, shut := "", ""
		if r.italic {
			open, shut = "<i>", "</i>"
		}
		if r.isolated {
			open, shut = open+"<bdi>", "</bdi>"+shut
			if r.lang != "" {
				open = strings.Replace(open, "<bdi>", `<bdi lang="`+html.EscapeString(r.lang)+`">`, 1)
			}
		}
		b.WriteString(open + html.EscapeString(r.text) + shut)
	}
	return b.String()
}

// writer puts a citation together piece by piece.
type writer struct {
	t    terms
	rtl  bool
	lang string // of the words of the work that are being written
	out  []run
}

// add writes the words of a style; data those of a work, which may be of the
// other direction.
func (w *writer) add(s string) { w.put(run{text: s}) }

func (w *writer) data(s string) { w.put(run{text: s, isolated: w.turned(s), lang: w.lang}) }

func (w *writer) italic(s string) {
	w.put(run{text: s, italic: true, isolated: w.turned(s), lang: w.lang})
}

// title writes a title in its language, in italics or plain.
func (w *writer) title(it Item, italic bool) {
	w.lang = it.Language
	if italic {
		w.italic(it.Title)
	} else {
		w.data(it.Title)
	}
	w.lang = ""
}

func (w *writer) put(r run) {
	if r.text == "" {
		return
	}
	if n := len(w.out); n > 0 && !r.isolated && !w.out[n-1].isolated && w.out[n-1].italic == r.italic {
		w.out[n-1].text += r.text
		return
	}
	w.out = append(w.out, r)
}

// turned tells whether a text runs against the citation around it: by its first
// letter with a direction.
func (w *writer) turned(s string) bool {
	for _, c := range s {
		p, _ := bidi.LookupRune(c)
		switch p.Class() {
		case bidi.L:
			return w.rtl
		case bidi.R, bidi.AL:
			return !w.rtl
		}
	}
	return false
}

// last gives the last sign that was written, past closing quotation marks.
func (w *writer) last() rune {
	for i := len(w.out) - 1; i >= 0; i-- {
		for s := w.out[i].text; s != ""; {
			r, n := utf8.DecodeLastRuneInString(s)
			if !strings.ContainsRune("”’", r) {
				return r
			}
			s = s[:len(s)-n]
		}
	}
	return 0
}

// ends tells whether a text ends a sentence by itself.
func ends(r rune) bool { return strings.ContainsRune(".?!…。？！؟", r) }

// stop ends a sentence, unless what stands last does so itself.
func (w *writer) stop() {
	if len(w.out) > 0 && !ends(w.last()) {
		w.add(".")
	}
}

// sentence ends what came before and begins anew.
func (w *writer) sentence() {
	if len(w.out) > 0 {
		w.stop()
		w.add(" ")
	}
}

// quoted writes a title in quotation marks with what ends it inside of them, as
// American styles do.
func (w *writer) quoted(it Item, end string) {
	w.add("“")
	w.title(it, false)
	if !ends(w.last()) {
		w.add(end)
	}
	w.add("”")
}

// bracketed writes the title for the reader's language behind the work's own.
func (w *writer) bracketed(it Item) {
	if it.Translated != "" {
		w.add(" [")
		w.data(it.Translated)
		w.add("]")
	}
}

// address writes a web address, which runs from left to right everywhere.
func (w *writer) address(s string) {
	if s != "" {
		w.put(run{text: s, isolated: w.rtl})
	}
}
