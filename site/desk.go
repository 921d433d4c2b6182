package site

import (
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"waymark/curate"
	"waymark/library"
	"waymark/locale"
	"waymark/serve"
)

// The queues of the desk that hold no records of their own.
const (
	queuePairs = "pairs" // suspected duplicates
	queueMine  = "mine"  // what a contributor has submitted, and unsaved forms
)

// deskFrame is what every page of the desk has around its content.
type deskFrame struct {
	frame
	Sheet, Help string // addresses of the desk's style and script
	Queues      []link
	Said        string // what was just done
	Undo        *undo
	Rules       bool   // the viewer is an administrator
	Curates     bool   // or a curator at least
	asked       string // the path of the page
}

// undo takes back what was just done.
type undo struct {
	Action string
	Seq    int64
	IDs    []library.ID
}

// deskPage is pages/desk.html: what waits for a curator.
type deskPage struct {
	deskFrame
	Heading  string
	Queue    string
	Rows     []waiting
	Pairs    []pairRow
	Unsaved  []unsaved
	More     string // how many are not shown
	Assigned []choice
	Topics   []choice
	Lands    []choice // the countries
	Deeds    []choice
	Filter   curate.Filter
	total    int    // records of the queue
	Table    string // address of the queue as a table
}

// waiting is a record that waits.
type waiting struct {
	ID       library.ID
	Title    text
	URL      string
	Date     string
	From     string // the source, or who handed it in
	Changed  string
	Assigned string
	Draft    bool
	Stage    string // of a draft that was handed in
}

// pairRow is a pair that waits.
type pairRow struct {
	URL           string
	First, Second text
	Why           string
}

// unsaved is a form that a person has written and not saved.
type unsaved struct {
	URL, Title, At string
}

// choice is one of the values of a list to choose from.
type choice struct {
	Value, Label string
	Chosen       bool
}

// maxWaiting bounds the rows of a queue that are shown at once.
const maxWaiting = 100

// desk shows a queue; a contributor sees what they have submitted.
func (s *Site) desk(w http.ResponseWriter, r *http.Request, l *locale.Language) error {
	v := serve.Viewer(r)
	asked := r.URL.Query()
	queue := asked.Get("queue")
	if v.Role < library.Curator {
		queue = queueMine
	}
	if queue == "" {
		queue = string(library.QueueSubmitted)
	}
	p := deskPage{deskFrame: s.deskFrame(r, l, l.T("desk.title")), Heading: l.T("desk.queue." + queue), Queue: queue,
		Filter: filterOf(asked)}
	p.Said, p.Undo = said(r, l)
	if err := s.queue(r, &p); err != nil {
		return err
	}
	if v.Role >= library.Curator {
		if err := s.queues(r, &p); err != nil {
			return err
		}
		s.filters(&p, v)
		p.Table = p.URL("/desk/table.csv") + query("queue", queue, "assigned", p.Filter.Assigned, "topic", p.Filter.Topic, "country", p.Filter.Country)
	}
	return s.show(w, http.StatusOK, "desk", p)
}

func (s *Site) deskFrame(r *http.Request, l *locale.Language, title string) deskFrame {
	f := deskFrame{frame: s.frame(r, l, title, "/desk"), Sheet: s.assets.path("desk.css"), Help: s.assets.path("desk.js")}
	f.Canonical, f.NoIndex = "", true
	v := serve.Viewer(r)
	f.Rules, f.Curates, f.asked = v.MayGovern(), v.Role >= library.Curator, r.URL.Path
	return f
}

// queue puts what waits in the queue of a page into it.
func (s *Site) queue(r *http.Request, p *deskPage) error {
	v := serve.Viewer(r)
	var records []*library.Resource
	var err error
	switch p.Queue {
	case queuePairs:
		return s.pairRows(r, p)
	case queueMine:
		if err := s.unsaved(r, p); err != nil {
			return err
		}
		records, err = s.Desk.Mine(r.Context(), v)
		p.total = len(records)
	default:
		known := false
		for _, q := range curate.Queues() {
			known = known || string(q) == p.Queue
		}
		if !known {
			return library.Errorf(library.NotFound, "there is no queue %q", p.Queue)
		}
		if records, p.total, err = s.Desk.Top(r.Context(), v, library.Queue(p.Queue), p.Filter, maxWaiting); err != nil {
			return err
		}
	}
	if err != nil {
		return err
	}
	if n := p.total - maxWaiting; n > 0 {
		p.More = p.L.T("desk.more", "Count", p.L.Number(n))
		records = records[:min(maxWaiting, len(records))]
	}
	for _, rec := range records {
		p.Rows = append(p.Rows, s.waiting(p.frame, rec))
	}
	return nil
}

func (s *Site) waiting(f frame, r *library.Resource) waiting {
	title, lang := r.Title(f.L.Tag)
	row := waiting{ID: r.ID, Title: plain(title, lang), URL: f.URL("/desk/r/" + string(r.ID) + "/edit"), Date: f.L.Date(r.Date),
		Changed: f.L.Day(r.Updated), Assigned: r.Review.Assigned, Draft: r.Status == library.Draft, From: r.Review.Submitted}
	if r.Status == library.Draft && r.Review.Stage != library.StageWaiting {
		row.Stage = f.L.T("desk.stage." + string(r.Review.Stage))
	}
	if r.Review.Publish != "" {
		row.Stage = strings.TrimSpace(row.Stage + " " + f.L.T("desk.scheduled", "Date", f.L.Date(r.Review.Publish)))
	}
	if r.Review.Unnamed {
		row.From = f.L.T("desk.unnamed")
	}
	if row.From == "" && len(r.Sources) > 0 {
		row.From = r.Sources[0].Name
	}
	return row
}

func (s *Site) pairRows(r *http.Request, p *deskPage) error {
	pairs, err := s.Desk.Duplicates(r.Context(), serve.Viewer(r), maxWaiting)
	if err != nil {
		return err
	}
	for _, d := range pairs {
		p.Pairs = append(p.Pairs, s.pairRow(p.frame, d))
	}
	return nil
}

func (s *Site) pairRow(f frame, d curate.Duplicate) pairRow {
	first, lang := d.First.Title(f.L.Tag)
	second, other := d.Second.Title(f.L.Tag)
	return pairRow{URL: f.URL("/desk/pairs/" + string(d.First.ID) + "/" + string(d.Second.ID)),
		First: plain(first, lang), Second: plain(second, other), Why: f.L.List(d.Reasons)}
}

func (s *Site) unsaved(r *http.Request, p *deskPage) error {
	forms, err := s.Forms.Forms(r.Context(), serve.Viewer(r), "")
	if err != nil {
		return err
	}
	for _, f := range forms {
		values, err := url.ParseQuery(string(f.Body))
		if err != nil {
			continue // of an earlier build; it is dropped when the record is saved
		}
		u := unsaved{URL: p.URL("/desk/r/"+string(f.Subject)+"/edit") + "?kept=1", At: p.L.Day(f.At), Title: firstTitle(values)}
		switch {
		case values.Get("section") != "":
			u.URL, u.Title = p.URL("/desk/sections/"+string(f.Subject))+"?kept=1", values.Get("heading")
		case f.Base == 0:
			u.URL = p.URL("/desk/submit") + "?kept=" + string(f.Subject)
		}
		p.Unsaved = append(p.Unsaved, u)
	}
	return nil
}

// firstTitle gives the first title of a form, by language.
func firstTitle(values url.Values) string {
	for _, name := range slices.Sorted(maps.Keys(values)) {
		if strings.HasPrefix(name, "title.") && values.Get(name) != "" {
			return values.Get(name)
		}
	}
	return "–"
}

// queues counts what waits.
func (s *Site) queues(r *http.Request, p *deskPage) error {
	v := serve.Viewer(r)
	add := func(name string, n int) {
		to := p.URL("/desk") + "?queue=" + name
		p.Queues = append(p.Queues, link{Label: p.L.T("desk.queue." + name), URL: to, Count: p.L.Number(n), Current: name == p.Queue})
	}
	for _, q := range curate.Queues() {
		n := p.total // that of the queue which is shown was read already
		if p.Queue != string(q) || p.Filter != (curate.Filter{}) {
			var err error
			if _, n, err = s.Desk.Top(r.Context(), v, q, curate.Filter{}, 0); err != nil {
				return err
			}
		}
		add(string(q), n)
	}
	pairs, err := s.Desk.CountPairs(r.Context(), v)
	if err != nil {
		return err
	}
	add(queuePairs, pairs)
	forms, err := s.Forms.Forms(r.Context(), v, "")
	if err != nil {
		return err
	}
	unsaved := len(forms)
	if p.Queue == queueMine { // else what a curator handed in is not looked for among all drafts
		unsaved += p.total
	}
	add(queueMine, unsaved)
	return nil
}

func (s *Site) filters(p *deskPage, v library.Viewer) {
	l := p.L
	for _, who := range []struct{ value, label string }{{"", l.T("desk.assigned.any")}, {v.Name, l.T("desk.assigned.me")}, {curate.Nobody, l.T("desk.assigned.nobody")}} {
		p.Assigned = append(p.Assigned, choice{who.value, who.label, who.value == p.Filter.Assigned})
	}
	p.Topics = append([]choice{{"", l.T("desk.topic.any"), p.Filter.Topic == ""}}, s.choices(l, library.FieldTopic, p.Filter.Topic)...)
	p.Lands = append([]choice{{"", l.T("desk.country.any"), p.Filter.Country == ""}}, s.choices(l, library.FieldCountry, p.Filter.Country)...)
	for _, d := range curate.Deeds() {
		p.Deeds = append(p.Deeds, choice{Value: string(d), Label: l.T("desk.deed." + string(d))})
	}
}

// choices gives the values of a field's vocabulary in the reader's language.
func (s *Site) choices(l *locale.Language, f library.Field, chosen ...string) []choice {
	var all []choice
	chosen = s.Vocabularies.Canonical(f, chosen)
	for _, t := range s.Vocabularies.Field(f).All() {
		if t.Deprecated && !slices.Contains(chosen, t.Code) {
			continue
		}
		c := choice{Value: t.Code, Label: s.Vocabularies.Field(f).Label(t.Code, l.Tag)}
		for _, code := range chosen {
			c.Chosen = c.Chosen || code == t.Code
		}
		all = append(all, c)
	}
	slices.SortFunc(all, func(a, b choice) int { return l.Compare(a.Label, b.Label) })
	return all
}

// dones name what can be done at the desk, as addresses tell it.
var dones = []string{"saved", "published", "kept", "dropped", "withdrawn", "restored", "undone", "changed", "merged", "different", "related", "said", "unsaid", "review", "returned"}

// said reads what was just done from the address that it led to.
func said(r *http.Request, l *locale.Language) (string, *undo) {
	q := r.URL.Query()
	n, err := strconv.Atoi(q.Get("n"))
	if err != nil || !slices.Contains(dones, q.Get("done")) {
		return "", nil
	}
	var u *undo
	if id := q.Get("unmerge"); id != "" {
		u = &undo{Action: "/" + l.Tag + "/desk/unmerge", IDs: []library.ID{library.ID(id)}}
	} else if seq, err := strconv.ParseInt(q.Get("seq"), 10, 64); err == nil {
		u = &undo{Action: "/" + l.Tag + "/desk/undo", Seq: seq}
		for _, id := range q["id"] {
			u.IDs = append(u.IDs, library.ID(id))
		}
	}
	return l.T("desk.done."+q.Get("done"), "Count", l.Number(n)), u
}
