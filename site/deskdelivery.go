package site

import (
	"cmp"
	"net/http"
	"slices"

	"waymark/indicator"
	"waymark/library"
	"waymark/locale"
	"waymark/serve"
)

// deliveryPage is pages/delivery.html: a file of numbers is delivered, and what
// is wrong with it is said line by line.
type deliveryPage struct {
	deskFrame
	Crumb   link
	Result  string
	Good    bool
	Problem string
	Issues  []issueRow
	More    string
	Kinds   []namedText // what the rules mean
}

type issueRow struct {
	Line, Column, Severity string
	Says                   string // in the words of the rule, in the reader's language
	Detail                 string // in English
	Blocks                 bool
}

// maxDelivery bounds an uploaded file, in bytes; maxIssues what is shown of its
// faults at once.
const (
	maxDelivery = 16 << 20
	maxIssues   = 300
)

func (s *Site) deliveryFrame(r *http.Request, l *locale.Language) deliveryPage {
	p := deliveryPage{deskFrame: s.deskFrame(r, l, l.T("measure.deliver"))}
	p.Crumb = link{Label: l.T("indicator.title"), URL: p.URL("/desk/indicators")}
	return p
}

func (s *Site) delivery(w http.ResponseWriter, r *http.Request, l *locale.Language) error {
	return s.show(w, http.StatusOK, "delivery", s.deliveryFrame(r, l))
}

// takeDelivery judges a file and, unless it is only to be checked, takes it in.
// Nothing is written when any rule blocks it; the same file again changes
// nothing.
func (s *Site) takeDelivery(w http.ResponseWriter, r *http.Request, l *locale.Language) error {
	v := serve.Viewer(r)
	r.Body = http.MaxBytesReader(w, r.Body, maxDelivery)
	p := s.deliveryFrame(r, l)
	file, head, err := r.FormFile("file")
	if err != nil {
		p.Problem = l.T("measure.nofile", "Size", l.Number(maxDelivery>>20))
		return s.show(w, http.StatusUnprocessableEntity, "delivery", p)
	}
	defer file.Close()
	defer func() { _ = r.MultipartForm.RemoveAll() }()
	sheet, err := indicator.ReadSheet(file)
	if fault, ok := asError(err); ok && fault.Kind == library.Invalid {
		p.Problem = l.T("measure.unread")
		p.Issues = []issueRow{{Says: l.T("measure.rule.file"), Detail: fault.Error(), Severity: l.T("measure.block"), Blocks: true}}
		return s.show(w, http.StatusUnprocessableEntity, "delivery", p)
	}
	if err != nil {
		return err
	}
	d, err := s.IndicatorDesk.Judge(r.Context(), v, sheet)
	if err != nil {
		return err
	}
	p.issues(d)
	status := http.StatusOK
	switch {
	case d.Blocked():
		status, p.Problem = http.StatusUnprocessableEntity, l.T("measure.blocked", "Rows", l.Number(len(sheet.Rows)))
	case r.PostFormValue("do") != "take":
		p.Result, p.Good = l.T("measure.good", "Rows", l.Number(len(sheet.Rows))), true
	default:
		n, err := s.IndicatorDesk.Take(r.Context(), v, head.Filename, d, nil)
		if err != nil {
			return err
		}
		p.Result, p.Good = l.T("measure.taken", "Rows", l.Number(len(sheet.Rows)), "Count", l.Number(n)), true
	}
	return s.show(w, status, "delivery", p)
}

// issues lists what is wrong, what blocks first within each line.
func (p *deliveryPage) issues(d indicator.Delivery) {
	l := p.L
	all := slices.Clone(d.Issues)
	slices.SortStableFunc(all, func(a, b indicator.Issue) int {
		return cmp.Or(cmp.Compare(weight(a.Severity), weight(b.Severity)), cmp.Compare(a.Line, b.Line))
	})
	if n := len(all) - maxIssues; n > 0 {
		p.More = l.T("measure.issues.more", "Count", l.Number(n))
		all = all[:maxIssues]
	}
	for _, i := range all {
		p.Issues = append(p.Issues, issueRow{Line: l.Number(i.Line), Column: i.Column, Severity: l.T("measure." + string(i.Severity)), Says: l.T("measure.rule." + i.Rule), Detail: i.Text, Blocks: i.Severity == indicator.Block})
	}
}

func weight(s indicator.Severity) int {
	return slices.Index([]indicator.Severity{indicator.Block, indicator.Warn, indicator.Info}, s)
}

// ruleText says which rule an issue breaks, with the detail.
func ruleText(l *locale.Language, i indicator.Issue) string {
	return l.T("measure.rule."+i.Rule) + " (" + i.Text + ")"
}
