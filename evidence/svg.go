package evidence

import (
	"fmt"
	"html"
	"io"
	"strings"
)

// Picture is a grid with the words that a drawing of it needs, in one language.
type Picture struct {
	Grid    *Grid
	Title   string
	Credit  string // search date, languages, citation
	Lang    string
	RTL     bool
	Row     func(Line) string
	Segment func(string) string
}

// Widths of the drawing, in its own units.
const (
	svgCell, svgLine, svgHead, svgSide = 44, 26, 190, 300
)

// WriteSVG draws the map: a count in every cell above a bar of its segments,
// told apart by pattern and by lightness. It stands on its own, with title and
// description, and prints in grey.
func WriteSVG(w io.Writer, p Picture) error {
	g := p.Grid
	width, height := svgSide+svgCell*len(g.Columns)+20, svgHead+svgLine*len(g.Rows)+90
	var b strings.Builder
	esc := html.EscapeString
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" width="%d" height="%d" role="img" aria-labelledby="t d" xml:lang="%s" font-family="sans-serif" font-size="11">`,
		width, height, width, height, esc(p.Lang))
	fmt.Fprintf(&b, "\n<title id=\"t\">%s</title>\n<desc id=\"d\">%s</desc>\n<defs>%s</defs>\n<rect width=\"100%%\" height=\"100%%\" fill=\"#fff\"/>\n", esc(p.Title), esc(p.Credit), Patterns)
	x := func(left, wide int) int { // mirrored where one reads from the right
		if p.RTL {
			return width - left - wide
		}
		return left
	}
	anchor := "end"
	fmt.Fprintf(&b, "<text x=\"%d\" y=\"22\" font-size=\"15\" font-weight=\"bold\" text-anchor=\"middle\">%s</text>\n", width/2, esc(p.Title))
	for j, c := range g.Columns {
		at := x(svgSide+j*svgCell, svgCell) + svgCell/2
		fmt.Fprintf(&b, "<text x=\"%d\" y=\"%d\" transform=\"rotate(-50 %d %d)\">%s</text>\n", at, svgHead-8, at, svgHead-8, esc(cut(p.Row(c), 32)))
	}
	for i, r := range g.Rows {
		y := svgHead + i*svgLine
		if p.RTL {
			fmt.Fprintf(&b, "<text x=\"%d\" y=\"%d\">%s</text>\n", width-svgSide+8, y+17, esc(cut(p.Row(r), 48)))
		} else {
			fmt.Fprintf(&b, "<text x=\"%d\" y=\"%d\" text-anchor=\"%s\">%s</text>\n", svgSide-8, y+17, anchor, esc(cut(p.Row(r), 48)))
		}
		for j := range g.Columns {
			left := x(svgSide+j*svgCell, svgCell)
			svgCount(&b, g.Cells[i][j], left, y)
		}
	}
	y := height - 56
	for i, s := range g.Segments {
		left := x(20+i*170, 150)
		fmt.Fprintf(&b, "<rect x=\"%d\" y=\"%d\" width=\"14\" height=\"10\" fill=\"url(#s%d)\" stroke=\"#333\"/><text x=\"%d\" y=\"%d\">%s</text>\n", left, y, i, left+20, y+9, esc(cut(p.Segment(s), 26)))
	}
	fmt.Fprintf(&b, "<text x=\"20\" y=\"%d\" font-size=\"10\">%s</text>\n</svg>\n", height-18, esc(p.Credit))
	if _, err := io.WriteString(w, b.String()); err != nil {
		return fmt.Errorf("write the drawing: %w", err)
	}
	return nil
}

func svgCount(b *strings.Builder, c Count, left, y int) {
	fmt.Fprintf(b, "<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" fill=\"none\" stroke=\"#bbb\"/>", left, y, svgCell, svgLine)
	if c.Studies == 0 {
		b.WriteByte('\n')
		return
	}
	fmt.Fprintf(b, "<text x=\"%d\" y=\"%d\" text-anchor=\"middle\">%d</text>", left+svgCell/2, y+13, c.Studies)
	for _, bar := range c.Bars(svgCell - 6) {
		fmt.Fprintf(b, "<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"6\" fill=\"url(#s%d)\" stroke=\"#333\" stroke-width=\".5\"/>", left+3+bar.X, y+17, bar.Width, bar.Segment)
	}
	b.WriteByte('\n')
}

// Bar is a part of the bar in a cell.
type Bar struct{ Segment, X, Width int }

// Bars divides a bar of some width by the segments of a cell; every segment
// that has a study is to be seen.
func (c Count) Bars(width int) (bars []Bar) {
	at, left := 0, c.Studies
	for i, n := range c.Segments {
		if n == 0 {
			continue
		}
		w := max(2, (width-at)*n/max(left, 1))
		left -= n
		bars = append(bars, Bar{i, at, w})
		at += w
	}
	return bars
}

// Patterns are the fills of segments, s0 to s4: from dark to light, each with
// a texture of its own.
const Patterns = `<pattern id="s0" width="4" height="4" patternUnits="userSpaceOnUse"><path d="M0 0h4v4H0z" fill="#12343b"/></pattern>` +
	`<pattern id="s1" width="4" height="4" patternUnits="userSpaceOnUse"><path d="M0 0h4v4H0z" fill="#2f6f73"/><path d="M0 4 4 0" stroke="#fff"/></pattern>` +
	`<pattern id="s2" width="3" height="4" patternUnits="userSpaceOnUse"><path d="M0 0h3v4H0z" fill="#7fb0a5"/><path d="M1 0v4" stroke="#12343b"/></pattern>` +
	`<pattern id="s3" width="4" height="4" patternUnits="userSpaceOnUse"><path d="M0 0h4v4H0z" fill="#c3ddd3"/><circle cx="2" cy="2" r=".9" fill="#12343b"/></pattern>` +
	`<pattern id="s4" width="4" height="4" patternUnits="userSpaceOnUse"><path d="M0 0h4v4H0z" fill="#fff"/><path d="M0 2h4" stroke="#777"/></pattern>`

func cut(s string, most int) string {
	r := []rune(s)
	if len(r) <= most {
		return s
	}
	return string(r[:most-1]) + "…"
}
