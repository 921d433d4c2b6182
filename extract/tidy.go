package extract

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// tidy makes text to read and search of raw pages: words that a line's end
// parts are joined, running heads and feet are left out, and pages without text
// go.
func tidy(pages []Page) []Page {
	lines := make([][]string, len(pages))
	for i, p := range pages {
		lines[i] = cleanLines(p.Text)
	}
	withoutRunning(lines)
	out := make([]Page, 0, len(pages))
	for i, p := range pages {
		if text := joined(lines[i]); text != "" {
			out = append(out, Page{p.Number, text})
		}
	}
	return out
}

// cleanLines gives the lines of a page without control characters and spaces
// at their ends.
func cleanLines(text string) []string {
	var b strings.Builder
	for _, r := range strings.ToValidUTF8(text, "") {
		switch {
		case r == '\n', r == '\t', r == endHyphen:
			b.WriteRune(r)
		case r == '\f', r == '\v', r == '\u2028', r == '\u2029':
			b.WriteByte('\n')
		case r == '\ufffe' || r == '\uffff' || r == '\ufeff' || unicode.IsControl(r):
		default:
			b.WriteRune(r)
		}
	}
	lines := strings.Split(b.String(), "\n")
	for i := range lines {
		lines[i] = strings.TrimSpace(lines[i])
	}
	return lines
}

// endHyphen is what PDFium writes for a hyphen that parts a word at a line's end.
const endHyphen = '\x02'

// partsWord tells whether a line ends within a word, and gives it without its
// hyphen.
func partsWord(line string) (string, bool) {
	r, size := utf8.DecodeLastRuneInString(line)
	if r != '-' && r != '\u2010' && r != '\u00ad' && r != endHyphen {
		return line, false
	}
	head := line[:len(line)-size]
	before, _ := utf8.DecodeLastRuneInString(head)
	return head, unicode.IsLetter(before)
}

// joined writes lines as text; a word that two lines part is one again.
func joined(lines []string) string {
	var b strings.Builder
	gap := false
	for i := 0; i < len(lines); i++ {
		line := lines[i]
		for i+1 < len(lines) {
			head, parts := partsWord(line)
			next, _ := utf8.DecodeRuneInString(lines[i+1])
			if !parts || !unicode.IsLower(next) {
				break
			}
			line = head + lines[i+1]
			i++
		}
		line = strings.ReplaceAll(strings.ReplaceAll(line, string(endHyphen), "-"), "\u00ad", "")
		if line == "" {
			gap = b.Len() > 0
			continue
		}
		if gap {
			b.WriteByte('\n')
			gap = false
		}
		b.WriteString(line)
		b.WriteByte('\n')
	}
	return strings.TrimSpace(b.String())
}

const (
	edge     = 2 // lines at the top and at the foot of a page that may run through a document
	fewPages = 4 // of so many pages nothing is said to run through
)

var number = regexp.MustCompile(`\p{Nd}+`)

// withoutRunning blanks the lines at the edges of pages that stand there on
// many of them, but for a number.
func withoutRunning(pages [][]string) {
	counts := map[string]int{}
	full := 0
	for _, lines := range pages {
		if slices.ContainsFunc(lines, func(l string) bool { return l != "" }) {
			full++
		}
		seen := map[string]bool{}
		for _, i := range edges(lines) {
			if key := number.ReplaceAllString(lines[i], "0"); !seen[key] {
				seen[key] = true
				counts[key]++
			}
		}
	}
	if full < fewPages {
		return
	}
	for _, lines := range pages {
		for _, i := range edges(lines) {
			if counts[number.ReplaceAllString(lines[i], "0")]*5 > full*2 {
				lines[i] = ""
			}
		}
	}
}

// edges gives the places of the first and last lines that are not empty.
func edges(lines []string) []int {
	var full []int
	for i, l := range lines {
		if l != "" {
			full = append(full, i)
		}
	}
	if len(full) <= 2*edge {
		return full
	}
	return append(slices.Clone(full[:edge]), full[len(full)-edge:]...)
}
