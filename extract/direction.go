package extract

import (
	"cmp"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/bidi"
	"golang.org/x/text/unicode/norm"
)

// glyph is a character with the box that it takes on its line, in points.
type glyph struct {
	r                   rune
	order, number       int // among all characters of the page, and among those of the line that are no spaces
	left, right, height float64
}

// rightToLeft tells whether a text has letters that are written from right to
// left.
func rightToLeft(text string) bool { return strings.IndexFunc(text, rtl) >= 0 }

func rtl(r rune) bool {
	if r < 0x590 {
		return false
	}
	p, _ := bidi.LookupRune(r)
	return p.Class() == bidi.R || p.Class() == bidi.AL
}

// visual gives the characters of a line, without its spaces, in the order of
// reading: by place, from right to left with runs of left-to-right letters and
// digits the other way where the line is mostly of right-to-left letters.
func visual(line []glyph) string {
	right, left := 0, 0
	for _, g := range line {
		switch p, _ := bidi.LookupRune(g.r); {
		case rtl(g.r):
			right++
		case p.Class() == bidi.L:
			left++
		}
	}
	sorted := slices.Clone(line)
	if left > 2*right {
		slices.SortStableFunc(sorted, func(a, b glyph) int { return cmp.Compare(a.left, b.left) })
		return norm.NFKC.String(string(turnedRight([]rune(spaced(sorted)))))
	}
	slices.SortStableFunc(sorted, func(a, b glyph) int { return cmp.Compare(b.left, a.left) })
	return norm.NFKC.String(string(turned([]rune(spaced(sorted))))) // presentation forms become letters
}

// turnedRight puts runs of right-to-left letters, with the numbers and signs
// among them, in their own order within a line that is mostly written from left
// to right. A number that begins such a line belongs to the run beside it,
// which goes on from the line above.
func turnedRight(line []rune) []rune {
	letter := func(r rune) bool { return unicode.IsLetter(r) && !rtl(r) }
	for i := 0; i < len(line); i++ {
		if !rtl(line[i]) {
			continue
		}
		begin, end := i, i+1
		if !slices.ContainsFunc(line[:i], letter) {
			begin = 0
		}
		for k := end; k < len(line) && !letter(line[k]); k++ {
			if rtl(line[k]) {
				end = k + 1
			}
		}
		slices.Reverse(line[begin:end])
		turned(line[begin:end])
		i = end - 1
	}
	return line
}

// wordGap is the distance between two characters, as a share of their height,
// from which they belong to two words.
const wordGap = 0.1

// spaced writes characters with spaces where they stand apart: as PDFium says
// for those that it has side by side, by their distance for others.
func spaced(line []glyph) string {
	var b strings.Builder
	for i, g := range line {
		if i > 0 && apart(line[i-1], g) {
			b.WriteByte(' ')
		}
		b.WriteRune(g.r)
	}
	return b.String()
}

func apart(a, b glyph) bool {
	if n := a.number - b.number; n == 1 || n == -1 {
		return a.order-b.order != n
	}
	return max(b.left-a.right, a.left-b.right) > wordGap*max(a.height, b.height)
}

// turned puts runs of left-to-right letters and digits, with what stands
// between them, in their own order, and sets round brackets in pairs.
func turned(line []rune) []rune {
	for i := 0; i < len(line); {
		if !strong(line[i]) {
			i++
			continue
		}
		end := i + 1
		for k := end; k < len(line) && !rtl(line[k]); k++ {
			if strong(line[k]) {
				end = k + 1
			} else if unicode.IsSpace(line[k]) && !latinBeside(line, i, k) {
				break
			}
		}
		slices.Reverse(line[i:end])
		i = end
	}
	open := false
	for i, r := range line { // fonts name a mirrored bracket by either sign
		if r == '(' || r == ')' {
			if line[i] = '('; open {
				line[i] = ')'
			}
			open = !open
		}
	}
	return line
}

// strong tells a letter or digit that is written from left to right.
func strong(r rune) bool {
	p, _ := bidi.LookupRune(r)
	switch p.Class() {
	case bidi.L, bidi.EN, bidi.AN:
		return true
	}
	return false
}

// latinBeside tells whether letters stand on both sides of a space: words of
// one left-to-right phrase, and not two numbers of a right-to-left one.
func latinBeside(line []rune, from, at int) bool {
	letter := func(r rune) bool { return unicode.IsLetter(r) && !rtl(r) }
	before := slices.ContainsFunc(line[from:at], letter)
	for k := at + 1; k < len(line) && !unicode.IsSpace(line[k]); k++ {
		if letter(line[k]) {
			return before
		}
	}
	return false
}
