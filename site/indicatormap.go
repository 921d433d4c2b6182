package site

import (
	"bufio"
	"bytes"
	_ "embed"
	"fmt"
	"html"
	"net/http"
	"strings"

	"waymark/indicator"
	"waymark/library"
	"waymark/locale"
)

// worldOutlines is Natural Earth 1:110m (public domain), prepared by
// outlines/generate: a line for each country, and ~ for each border that is
// disputed or not agreed.
//
//go:embed outlines/world.txt
var worldOutlines []byte

// indicatorMapPage is pages/indicatormap.html: a map of countries, where that
// is fair, and the same as a list.
type indicatorMapPage struct {
	frame
	Indicator link
	Notes     []string
	Picture   string // address of the drawing
	Alt       string
	None      string // why there is no map
	Period    string
	Legend    []mapLegend
	Rows      []mapRow
}

type mapLegend struct {
	Label string
	Class int // as in shades; hatched and dotted behind them
}

type mapRow struct {
	Area  string
	Value panelCell
}

// shades are the fills of the classes, light to dark: their lightness alone
// tells them apart.
var shades = []string{"#dceceb", "#a9cfcb", "#6ea9a4", "#357f7a", "#0b504d"}

// hatched and dotted are the places of two more fills in the legend.
const (
	hatched = 5
	dotted  = 6
)

// mapOf gives what of an address may be mapped.
func (s *Site) mapOf(r *http.Request) (indicatorBase, indicatorState, indicator.Mapped, indicator.Reason, error) {
	b, err := s.indicatorOf(r)
	if err != nil {
		return b, indicatorState{}, indicator.Mapped{}, "", err
	}
	st, err := s.state(r, b)
	if err != nil {
		return b, st, indicator.Mapped{}, "", err
	}
	if b.release == nil {
		return b, st, indicator.Mapped{}, indicator.Undecided, nil
	}
	m, why := indicator.MapOf(indicator.Compare(b.release, b.version, st.q, s.members), b.version)
	return b, st, m, why, nil
}

func (s *Site) indicatorMap(w http.ResponseWriter, r *http.Request, l *locale.Language) error {
	b, st, m, why, err := s.mapOf(r)
	if err != nil {
		return err
	}
	title, _ := b.version.Titles.In(l.Tag)
	base := "/indicators/" + b.ind.Code
	p := indicatorMapPage{frame: s.frame(r, l, l.T("indicator.map")+": "+title, st.path(base+"/map"))}
	p.NoIndex = st.encode() != ""
	p.Indicator = link{Label: title, URL: p.URL(st.path(base))}
	if b.release != nil && b.release.Synthetic {
		p.Notes = append(p.Notes, l.T("indicator.synthetic"))
	}
	if why != "" {
		p.None = l.T("indicator.map.none", "Reason", l.T("indicator.reason."+string(why)))
		return s.show(w, http.StatusOK, "indicatormap", p)
	}
	if g, ok := b.view.Group(m.Group); ok {
		reason, _ := g.Reason.In(l.Tag)
		p.Notes = append(p.Notes, l.T("indicator.group", "Reason", reason))
	}
	p.Period, p.Picture = m.Period, p.URL(st.path(base+"/map.svg"))
	var said []string
	for _, a := range m.Areas {
		cell := panelCell{Text: valueText(l, b, a.Point), Sign: sign(a.Point), URL: p.URL(valuePath(b.ind.Code, a.Panel.PublicSeries, m.Period))}
		if a.Point.Period == "" {
			cell = panelCell{Sign: "[x]"}
		}
		name := s.areaName(a.Panel.Area, l.Tag)
		p.Rows = append(p.Rows, mapRow{name, cell})
		said = append(said, strings.TrimSpace(name+" "+cell.Text+" "+cell.Sign))
	}
	p.Alt = title + ", " + m.Period + ": " + l.List(said)
	for i := range len(m.Bounds) - 1 {
		p.Legend = append(p.Legend, mapLegend{l.T("indicator.map.class", "Low", l.Decimal(m.Bounds[i], b.version.Decimals), "High", l.Decimal(m.Bounds[i+1], b.version.Decimals)), i})
	}
	p.Legend = append(p.Legend, mapLegend{l.T("indicator.coverage.held"), hatched}, mapLegend{l.T("indicator.coverage.absent"), dotted})
	return s.show(w, http.StatusOK, "indicatormap", p)
}

// mapPatterns fill what is held back and what has no value. They have the ids
// that a page with a legend uses too.
const mapPatterns = `<defs><pattern id="held" width="6" height="6" patternUnits="userSpaceOnUse"><rect width="6" height="6" fill="#fff"/><path d="M0,6L6,0" stroke="#555"/></pattern>` +
	`<pattern id="none" width="5" height="5" patternUnits="userSpaceOnUse"><rect width="5" height="5" fill="#fff"/><circle cx="2" cy="2" r=".9" fill="#555"/></pattern></defs>`

// mapFill is the fill of a class, or of what has none.
func mapFill(a indicator.MappedArea) string {
	switch {
	case a.Class >= 0:
		return shades[a.Class]
	case a.Point.Conf == indicator.Hidden:
		return "url(#held)"
	}
	return "url(#none)"
}

// indicatorMapSVG draws the map: countries outside the comparison are plain,
// disputed borders dashed.
func (s *Site) indicatorMapSVG(w http.ResponseWriter, r *http.Request, l *locale.Language) error {
	b, _, m, why, err := s.mapOf(r)
	if err != nil {
		return err
	}
	if why != "" {
		return library.Errorf(library.NotFound, "%s is not mapped: %s", b.ind.Code, why)
	}
	fills := map[string]string{}
	for _, a := range m.Areas {
		fills[a.Panel.Area] = mapFill(a)
	}
	title, _ := b.version.Titles.In(l.Tag)
	var out, lines bytes.Buffer
	fmt.Fprintf(&out, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 900 430" lang="%s" role="img"><title>%s</title>%s<rect width="900" height="430" fill="#fff"/><g stroke="#777" stroke-width=".5" stroke-linejoin="round">`,
		l.Tag, html.EscapeString(title+", "+m.Period), mapPatterns)
	in := bufio.NewScanner(bytes.NewReader(worldOutlines))
	in.Buffer(nil, 1<<16)
	for in.Scan() {
		code, path, _ := strings.Cut(in.Text(), " ")
		switch fill := fills[code]; {
		case code == "~": // the plain line is covered, and dashes drawn over it
			fmt.Fprintf(&lines, `<path d="%s" stroke="#fff" stroke-width="1.4"/><path d="%s" stroke="#333" stroke-width=".9" stroke-dasharray="2 1.6"/>`, path, path)
		case fill != "":
			fmt.Fprintf(&out, `<path d="%s" fill="%s"><title>%s</title></path>`, path, fill, html.EscapeString(s.areaName(code, l.Tag)))
		default:
			fmt.Fprintf(&out, `<path d="%s" fill="#eee"/>`, path)
		}
	}
	if err := in.Err(); err != nil {
		return fmt.Errorf("read the outlines of countries: %w", err)
	}
	fmt.Fprintf(&out, `</g><g fill="none">%s</g></svg>`, lines.String())
	w.Header().Set("Content-Type", "image/svg+xml")
	w.Header().Set("Cache-Control", "no-cache")
	_, _ = out.WriteTo(w) // the reader may have gone
	return nil
}
