package site

import (
	"net/http"

	"waymark/indicator"
	"waymark/locale"
)

// coveragePage is pages/indicatorcoverage.html: what has been reported of what
// is expected, and how old it is.
type coveragePage struct {
	frame
	Indicator link
	Notes     []string
	Periods   []string
	Rows      []coverageRow
	Parts     []row
}

type coverageRow struct {
	Area  string
	Cells []coverageCell
	Of    string
	Last  string
	Age   string
	Stale bool
}

// coverageCell is a sign with what it says.
type coverageCell struct{ Sign, Says string }

func (s *Site) indicatorCoverage(w http.ResponseWriter, r *http.Request, l *locale.Language) error {
	b, err := s.indicatorOf(r)
	if err != nil {
		return err
	}
	title, _ := b.version.Titles.In(l.Tag)
	base := "/indicators/" + b.ind.Code
	p := coveragePage{frame: s.frame(r, l, l.T("indicator.coverage")+": "+title, base+"/coverage"), Indicator: link{Label: title}}
	p.Indicator.URL = p.URL(base)
	if b.release == nil {
		p.Notes = append(p.Notes, l.T("indicator.release.none"))
		return s.show(w, http.StatusOK, "indicatorcoverage", p)
	}
	if b.release.Synthetic {
		p.Notes = append(p.Notes, l.T("indicator.synthetic"))
	}
	c := indicator.CoverageOf(b.release, b.version, s.Now())
	p.Periods = c.Periods
	signs := map[indicator.Reported]string{indicator.There: "●", indicator.Held: "[c]", indicator.Absent: "–"}
	for _, a := range c.Areas {
		row := coverageRow{Area: s.areaName(a.Area, l.Tag), Last: a.Last, Age: l.Number(a.Age), Stale: a.Stale,
			Of: l.T("indicator.coverage.of", "There", l.Number(a.Reported), "Expected", l.Number(len(c.Periods)))}
		for _, cell := range a.Cells {
			row.Cells = append(row.Cells, coverageCell{signs[cell], l.T("indicator.coverage." + string(cell))})
		}
		p.Rows = append(p.Rows, row)
	}
	for _, part := range c.Parts {
		p.Parts = append(p.Parts, row{b.view.Words.Dimensions.Label(part.Dimension, l.Tag),
			[]link{{Label: l.T("indicator.coverage.of", "There", l.Number(part.Reported), "Expected", l.Number(part.Expected))}}})
	}
	return s.show(w, http.StatusOK, "indicatorcoverage", p)
}
