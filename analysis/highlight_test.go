package analysis

import (
	"strings"
	"testing"
	"unicode/utf8"
)

// matching returns a match function for folded words and their stems.
func matching(lang string, words ...string) func(Token) bool {
	want := map[string]bool{}
	for _, w := range words {
		w = Fold(w)
		want[w], want[Stem(w, lang)] = true, true
	}
	return func(t Token) bool { return want[t.Exact] || t.Stem != "" && want[t.Stem] }
}

// marked puts brackets around the matching spans.
func marked(text string, spans []Span) string {
	var b strings.Builder
	for _, s := range spans {
		if s.Match {
			b.WriteString("[" + text[s.Start:s.End] + "]")
		} else {
			b.WriteString(text[s.Start:s.End])
		}
	}
	return b.String()
}

func TestHighlight(t *testing.T) {
	for _, tc := range []struct {
		lang, text string
		words      []string
		want       string
	}{
		{"en", "Victims of trafficking.", []string{"victim", "trafficked"}, "[Victims] of [trafficking]."},
		{"en", "nothing here", []string{"victim"}, "nothing here"},
		{"fr", "Vers l’identification", []string{"identifier"}, "Vers l’[identification]"},
		{"es", "las víctimas", []string{"victima"}, "las [víctimas]"},
		{"es", "las vi\u0301ctimas", []string{"víctima"}, "las [vi\u0301ctimas]"},
		{"ru", "О её жертвах", []string{"жертва", "ее"}, "О [её] [жертвах]"},
		{"ar", "منع الاتِّجَار بالأشخاص", []string{"أشخاص"}, "منع الاتِّجَار [بالأشخاص]"},
		{"zh", "打击贩运人口", []string{"贩运", "运人", "人口"}, "打击[贩运人口]"},
		{"en", "see UNSCR2331", []string{"2331"}, "see UNSCR[2331]"},
		{"en", "A/RES/64/293", []string{"64", "293"}, "A/RES/[64]/[293]"},
	} {
		got := marked(tc.text, Highlight(tc.text, tc.lang, matching(tc.lang, tc.words...)))
		if got != tc.want {
			t.Errorf("%q: %q, want %q", tc.text, got, tc.want)
		}
	}
}

func TestPassage(t *testing.T) {
	filler := strings.Repeat("Other words stand here for a while. ", 20)
	text := filler + "The handbook helps. Police identify victims of trafficking early, see No. 29 of the list. " + filler + "A victim alone."
	for _, tc := range []struct {
		n     int
		words []string
		want  string
	}{
		{70, []string{"victim", "trafficking"}, "Police identify victims of trafficking early, see No. 29 of the list."},
		{40, []string{"victim", "trafficking"}, "Police identify victims of trafficking"},
		{20, []string{"alone"}, "A victim alone."},
		{12, []string{"nowhere"}, "Other words"},
		{3, []string{"trafficking"}, "tra"},
	} {
		start, end := Passage(text, "en", tc.n, matching("en", tc.words...))
		if got := text[start:end]; got != tc.want {
			t.Errorf("%d runes around %v: %q, want %q", tc.n, tc.words, got, tc.want)
		}
	}
	zh := strings.Repeat("其他文字。", 50) + "联合国打击贩运人口的行动。" + strings.Repeat("其他文字。", 50)
	start, end := Passage(zh, "zh", 15, matching("zh", "贩运"))
	if got := zh[start:end]; got != "联合国打击贩运人口的行动。" {
		t.Errorf("zh: %q", got)
	}
}

// Hostile texts cost time in proportion to their length; the test would not
// end if they cost more.
func TestHostileTexts(t *testing.T) {
	all := func(Token) bool { return true }
	for _, unit := range []string{"a\u0301", "\u0301", "l'", "a'", "\u200d", "ก\u0E48", ".\n", "1a", "か\u3099", "\xff", "人"} {
		for _, text := range []string{strings.Repeat(unit, 1<<15), "a" + strings.Repeat("\u0301", 1<<15) + unit} {
			Passage(text, "tr", 200, all)
			Highlight(text, "en", all)
			Detect(text)
			Words(text)
		}
	}
}

// checkHighlight holds what is true of the spans and passages of any text.
func checkHighlight(t *testing.T, text, lang string, n int) {
	t.Helper()
	for _, match := range []func(Token) bool{
		func(k Token) bool { return k.Position%3 != 1 },
		func(k Token) bool { return len(k.Exact)%2 == 0 },
		func(Token) bool { return false },
	} {
		at := 0
		for i, s := range Highlight(text, lang, match) {
			if s.Start != at || s.End <= s.Start || i > 0 && afterMarks(text, s.Start) != s.Start {
				t.Fatalf("%q: bad span %+v at %d", text, s, at)
			}
			if utf8.ValidString(text) && !utf8.ValidString(text[s.Start:s.End]) {
				t.Fatalf("%q: span %+v cuts a rune", text, s)
			}
			at = s.End
		}
		if at != len(text) {
			t.Fatalf("%q: spans end at %d of %d", text, at, len(text))
		}
		start, end := Passage(text, lang, n, match)
		if start < 0 || end < start || end > len(text) || utf8.RuneCountInString(text[start:end]) > max(n, 0) {
			t.Fatalf("%q: passage %d:%d for %d runes", text, start, end, n)
		}
		if utf8.ValidString(text) && !utf8.ValidString(text[start:end]) {
			t.Fatalf("%q: passage %d:%d cuts a rune", text, start, end)
		}
	}
}

func TestHighlightProperties(t *testing.T) {
	for _, s := range sampleTexts() {
		for i := range len(s.text) {
			checkHighlight(t, s.text[i:min(len(s.text), i+90)], s.lang, i%50)
		}
	}
}

func FuzzHighlight(f *testing.F) {
	for _, s := range sampleTexts() {
		f.Add(s.text, s.lang, 40)
	}
	f.Add("e\u0301\u0301 ก\u0E48 \xff 'a'b", "fr", 3)
	f.Fuzz(checkHighlight)
}
