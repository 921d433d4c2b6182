package site

import (
	"cmp"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"waymark/guide"
	"waymark/library"
	"waymark/locale"
	"waymark/serve"
)

// guideDesks are the routes of those who keep guides, below /desk.
func (s *Site) guideDesks() map[string]deskRoute {
	c := func(h handler) deskRoute { return deskRoute{library.Curator, h} }
	return map[string]deskRoute{
		"GET /guides":                                   c(s.guideDesk),
		"POST /guides":                                  c(s.beginGuide),
		"GET /guides/{guide}":                           c(s.deskGuide),
		"POST /guides/{guide}":                          c(s.actOnGuide),
		"GET /guides/{guide}/values":                    c(s.deskValues),
		"POST /guides/{guide}/values":                   c(s.saveValues),
		"GET /guides/{guide}/drift":                     c(s.deskDrift),
		"POST /guides/{guide}/drift":                    c(s.answerDrift),
		"GET /guides/{guide}/entries/{entry}":           c(s.deskEntry),
		"POST /guides/{guide}/entries/{entry}":          c(s.actOnEntry),
		"GET /guides/{guide}/entries/{entry}/sections":  c(s.newSection),
		"POST /guides/{guide}/entries/{entry}/sections": c(s.addSection),
		"GET /sections/{id}":                            c(s.deskSection),
		"POST /sections/{id}":                           c(s.saveSection),
		"POST /sections/{id}/keep":                      c(s.keep),
		"POST /sections/{id}/drop":                      c(s.drop),
		"POST /sections/{id}/place":                     c(s.placeSection),
		"POST /sections/{id}/review":                    c(s.reviewSection),
		"GET /sections/{id}/answer":                     c(s.deskAnswer),
		"POST /sections/{id}/answer":                    c(s.saveAnswer),
		"GET /reviews":                                  c(s.deskReviews),
		"GET /feedback":                                 c(s.deskFeedback),
		"POST /feedback/{id}":                           c(s.decideFeedback),
		"GET /links":                                    c(s.deskLinks),
	}
}

// guideDeskFrame is what every page of the desk for guides has around its content.
type guideDeskFrame struct {
	deskFrame
	Crumbs  []link
	Heading text
	Problem string // what is wrong with what was sent
}

func (s *Site) guideDeskFrame(r *http.Request, l *locale.Language, heading text, crumbs ...link) guideDeskFrame {
	f := guideDeskFrame{deskFrame: s.deskFrame(r, l, heading.String()), Heading: heading}
	f.Crumbs = append([]link{{Label: l.T("desk.title"), URL: f.URL("/desk")}, {Label: l.T("guidedesk.title"), URL: f.URL("/desk/guides")}}, crumbs...)
	f.Said, _ = said(r, l)
	return f
}

// guideCrumb leads to the desk of one guide.
func guideCrumb(l *locale.Language, g *library.Guide) link {
	title, _ := g.Titles.In(l.Tag, g.Language())
	return link{Label: title, URL: "/" + l.Tag + "/desk/guides/" + g.Slug}
}

// guideFaults are the words for what is wrong with a field.
var guideFaults = map[string]string{"class": "class", "summary": "summary", "heading": "heading", "body": "body", "links": "links", "reason": "reason",
	"why": "reason", "note": "reason", "deviation": "deviation", "slug": "slug", "title": "title", "titles": "title", "parent": "parent", "entry": "parent",
	"audience": "audience", "due": "due", "parameters": "parameters", "values": "values", "reply": "reply", "text": "reason", "languages": "languages",
	"lang": "languages", "resolution": "resolution"}

// guideFault says what is wrong with what was sent, in the reader's words; false
// for an error that is no fault of a form.
func guideFault(l *locale.Language, err error) (string, bool) {
	e, ok := asError(err)
	switch {
	case !ok || e.Kind != library.Invalid && e.Kind != library.Conflict:
		return "", false
	case e.Kind == library.Conflict:
		return l.T("guidedesk.fault.conflict"), true
	case guideFaults[e.Field] != "":
		said := l.T("guidedesk.fault." + guideFaults[e.Field])
		if e.Why != "" {
			said += " " + e.Why
		}
		return said, true
	}
	return l.T("desk.faults"), true
}

// done leads back to a page after something was done.
func (f frame) done(w http.ResponseWriter, r *http.Request, path, what string) error {
	at, fragment, _ := strings.Cut(path, "#")
	to := f.URL(at)
	if strings.Contains(at, "?") {
		to += "&" + url.Values{"done": {what}, "n": {"1"}}.Encode()
	} else {
		to += query("done", what, "n", "1")
	}
	if fragment != "" {
		to += "#" + fragment
	}
	http.Redirect(w, r, to, http.StatusSeeOther)
	return nil
}

// keptGuide opens a guide for one who may change it; for others there is none.
func (s *Site) keptGuide(r *http.Request) (*guide.Opened, error) {
	o, err := s.Guides.Open(r.Context(), serve.Viewer(r), r.PathValue("guide"), guide.When{})
	if err == nil && !serve.Viewer(r).MayKeep(o.Guide) {
		err = library.Errorf(library.NotFound, "the guide %s is kept by others", o.Slug)
	}
	return o, err
}

// audienceChoices gives those that the viewer may choose for a part of a guide;
// empty, where allowed, stands for those of what it lies in.
func audienceChoices(l *locale.Language, v library.Viewer, chosen library.Audience, inherits bool) []choice {
	all := []library.Audience{library.Public, library.Staff}
	if inherits {
		all = []library.Audience{"", library.Staff}
	}
	all = append(all, v.Audiences...)
	slices.Sort(all)
	var out []choice
	for _, a := range slices.Compact(all) {
		switch {
		case a == "":
			out = append(out, choice{"", l.T("guidedesk.audience.same"), chosen == ""})
		case a != chosen && !v.Sees(library.Published, a) || inherits && a == library.Public:
		default:
			out = append(out, choice{string(a), audienceName(l, a), a == chosen})
		}
	}
	return out
}

// guideDeskPage is pages/deskguides.html: the guides that a curator keeps, with
// what waits in each.
type guideDeskPage struct {
	guideDeskFrame
	Rows      []keptRow
	Types     []choice
	Bases     []choice
	Places    []choice
	Values    url.Values // of the form to begin a guide
	Audiences []choice
	Links     []link
}

type keptRow struct {
	Title                                        link
	Kind                                         string
	Soon, Overdue, Feedback, Drift, Late, Drifts string
	HasOverdue, HasLate                          bool
}

func (s *Site) guideDesk(w http.ResponseWriter, r *http.Request, l *locale.Language) error {
	return s.showGuideDesk(w, r, l, nil, "")
}

func (s *Site) showGuideDesk(w http.ResponseWriter, r *http.Request, l *locale.Language, values url.Values, problem string) error {
	v := serve.Viewer(r)
	kept, err := s.Guides.Keeping(r.Context(), v)
	if err != nil {
		return err
	}
	p := guideDeskPage{guideDeskFrame: s.guideDeskFrame(r, l, plain(l.T("guidedesk.title"), l.Tag)), Values: values}
	p.Crumbs, p.Problem = p.Crumbs[:1], problem
	for _, k := range kept {
		row := keptRow{Title: guideCrumb(l, k.Guide), Kind: l.T("guide.type." + string(k.Type)), Soon: l.Number(k.Soon), Overdue: l.Number(k.Overdue),
			Feedback: l.Number(k.Feedback), HasOverdue: k.Overdue > 0, HasLate: k.Late > 0}
		if k.Base != "" {
			row.Drift, row.Late, row.Drifts = l.Number(k.Drift), l.Number(k.Late), row.Title.URL+"/drift"
		}
		p.Rows = append(p.Rows, row)
	}
	for _, t := range []library.GuideType{library.Handbook, library.Manual, library.SOP, library.Toolkit, library.Policy} {
		p.Types = append(p.Types, choice{string(t), l.T("guide.type." + string(t)), string(t) == values.Get("type")})
	}
	all, err := s.Guides.List(r.Context(), v)
	if err != nil {
		return err
	}
	p.Bases = []choice{{"", l.T("guidedesk.begin.own"), values.Get("base") == ""}}
	for _, g := range all {
		title, _ := g.Titles.In(l.Tag, g.Language())
		p.Bases = append(p.Bases, choice{g.Slug, title, g.Slug == values.Get("base")})
	}
	p.Places = append([]choice{{"", "–", values.Get("place") == ""}}, s.choices(l, library.FieldCountry, values.Get("place"))...)
	p.Audiences = audienceChoices(l, v, library.Audience(cmp.Or(values.Get("audience"), "public")), false)
	p.Links = []link{{Label: l.T("guidedesk.reviews"), URL: p.URL("/desk/reviews")}, {Label: l.T("guidedesk.feedback"), URL: p.URL("/desk/feedback")},
		{Label: l.T("guidedesk.links"), URL: p.URL("/desk/links")}}
	status := http.StatusOK
	if problem != "" {
		status = http.StatusUnprocessableEntity
	}
	return s.show(w, status, "deskguides", p)
}

// beginGuide makes a new guide, or the adaptation of a framework by a place.
// Its required parameters are asked for at the same time.
func (s *Site) beginGuide(w http.ResponseWriter, r *http.Request, l *locale.Language) error {
	if err := readForm(w, r, maxForm); err != nil {
		return err
	}
	v, f := serve.Viewer(r), r.PostForm
	d := &guide.Draft{Slug: strings.TrimSpace(f.Get("slug")), Type: library.GuideType(f.Get("type")), Owner: strings.TrimSpace(f.Get("owner")), Base: f.Get("base"),
		Place: f.Get("place"), Audience: library.Audience(f.Get("audience")), Titles: library.Text{},
		Languages: strings.FieldsFunc(f.Get("languages"), func(r rune) bool { return r == ',' || r == ' ' })}
	if title := strings.TrimSpace(f.Get("title")); title != "" && len(d.Languages) > 0 {
		d.Titles[d.Languages[0]] = title
	}
	if d.Base != "" {
		base, err := s.Guides.Open(r.Context(), v, d.Base, guide.When{})
		if err != nil {
			return err
		}
		d.Type, d.Licence = base.Type, base.Licence
		for key := range f {
			if name, ok := strings.CutPrefix(key, "value."); ok && f.Get(key) != "" {
				d.Values = append(d.Values, guide.DraftValue{Key: name, Value: f.Get(key), Source: f.Get("source")})
			}
		}
		if f.Get("asked") == "" && len(required(base)) > 0 {
			return s.askValues(w, r, l, base)
		}
	}
	err := s.Guides.Begin(r.Context(), v, d)
	if problem, ok := guideFault(l, err); ok {
		if d.Base != "" && f.Get("asked") != "" {
			r.PostForm.Del("asked")
		}
		return s.showGuideDesk(w, r, l, f, problem)
	}
	if err != nil {
		return err
	}
	return s.frame(r, l, "", "/desk").done(w, r, "/desk/guides/"+d.Slug, "saved")
}

// required gives the parameters that an adaptation of a guide must fill.
func required(base *guide.Opened) []library.Parameter {
	var all []library.Parameter
	for _, frame := range append([]*library.Guide{base.Guide}, base.Frames...) {
		for _, p := range frame.Parameters {
			if _, filled := base.Value(p.Key, base.Day()); p.Required && p.Default == "" && !filled {
				all = append(all, p)
			}
		}
	}
	return all
}

// askValuesPage is pages/deskbegin.html: the facts that a framework asks of a
// place before it can be adapted.
type askValuesPage struct {
	guideDeskFrame
	Given  []hidden
	Params []valueView // Source holds the key
}

func (s *Site) askValues(w http.ResponseWriter, r *http.Request, l *locale.Language, base *guide.Opened) error {
	title, lang := base.Titles.In(l.Tag, base.Language())
	p := askValuesPage{guideDeskFrame: s.guideDeskFrame(r, l, plain(title, lang))}
	for _, name := range []string{"slug", "title", "owner", "languages", "base", "place", "audience"} {
		p.Given = append(p.Given, hidden{name, r.PostForm.Get(name)})
	}
	for _, param := range required(base) {
		label, _ := param.Labels.In(l.Tag, base.Language())
		p.Params = append(p.Params, valueView{label, r.PostForm.Get("value." + param.Key), param.Key})
	}
	return s.show(w, http.StatusOK, "deskbegin", p)
}
