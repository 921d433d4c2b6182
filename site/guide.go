package site

import (
	"net/http"
	"slices"
	"strings"

	"waymark/guide"
	"waymark/library"
	"waymark/locale"
	"waymark/serve"
)

// guidePage is pages/guide.html: what a guide is and holds.
type guidePage struct {
	guideFrame
	Box         searchBox
	Facts       []link // label and value
	Tongues     []tongueView
	Standing    string // how it stands to its base, in one line
	Comparison  string
	Adaptations []guideCard
	Countries   string
	Editions    []editionView
	Overdue     []link
	Soon        []link
	Files       []link
}

type editionView struct {
	Label, URL, Note string
	Changes          string // address of what changed since the one before
	Hash             string
}

func (s *Site) guide(w http.ResponseWriter, r *http.Request, l *locale.Language) error {
	o, moved, err := s.openGuide(r, l)
	if err != nil {
		return err
	}
	if moved != "" {
		http.Redirect(w, r, moved, http.StatusMovedPermanently)
		return nil
	}
	readings, err := s.Guides.Sections(r.Context(), o, "", l.Tag)
	if err != nil {
		return err
	}
	p := guidePage{guideFrame: s.inGuide(r, l, o, "", "")}
	p.Title, p.Lead = p.Guide.Title.String(), p.Guide.Lead.String()
	p.Tree = p.tree(nil)
	p.Box = searchBox{L: l, Action: p.URL("/search"), Label: l.T("guide.search"), Hidden: []hidden{{string(library.FieldGuide), string(o.ID)}}}
	for _, frame := range o.Frames { // what it took over unchanged is found there
		p.Box.Hidden = append(p.Box.Hidden, hidden{string(library.FieldGuide), string(frame.ID)})
	}
	p.Tongues = p.tongues(s, readings, "/guides/"+o.Slug)
	if p.Adaptations, err = s.adaptations(r, &p); err != nil {
		return err
	}
	if o.Base != "" {
		p.Standing = standing(l, guide.Stand(o.Guide, readings))
		p.Comparison = p.URL("/guides/" + o.Slug + "/-/comparison" + p.Suffix)
	}
	p.editions()
	p.reviews(readings)
	lang := "?lang=" + textLanguage(o, l.Tag)
	if p.Suffix != "" {
		lang = p.Suffix + "&lang=" + textLanguage(o, l.Tag)
	}
	p.Files = []link{{Label: l.T("guide.epub"), URL: p.URL("/guides/" + o.Slug + "/-/guide.epub" + lang)},
		{Label: l.T("guide.zip"), URL: p.URL("/guides/" + o.Slug + "/-/guide.zip" + lang)}}
	s.prints(&p)
	return s.show(w, http.StatusOK, "guide", p)
}

// textLanguage gives the language of the guide that suits a reader best.
func textLanguage(o *guide.Opened, want string) string {
	for _, l := range o.Languages {
		if l == want {
			return l
		}
	}
	return o.Language()
}

func (s *Site) adaptations(r *http.Request, p *guidePage) ([]guideCard, error) {
	all, err := s.Guides.Adaptations(r.Context(), serve.Viewer(r), p.opened.ID)
	var cards []guideCard
	for _, g := range all {
		cards = append(cards, p.guideCard(g))
	}
	if len(cards) > 0 {
		p.Countries = p.URL("/guides/" + p.opened.Slug + "/-/countries")
	}
	return cards, err
}

// standing says in one line how an adaptation stands to its base.
func standing(l *locale.Language, st guide.Standing) string {
	all := st.Adopted + st.Adapted + st.Added + st.Omitted + st.Deferred
	line := l.T("guide.standing", "Adopted", l.Number(st.Adopted), "All", l.Number(all), "Adapted", l.Number(st.Adapted),
		"Added", l.Number(st.Added), "Omitted", l.Number(st.Omitted))
	if st.Waiting > 0 {
		line += " " + l.N("guide.waiting", st.Waiting, "Safety", l.Number(st.Safety))
	}
	return line
}

func (p *guidePage) editions() {
	path := "/guides/" + p.opened.Slug
	for i, e := range p.opened.Editions {
		number := p.L.Number(e.Number)
		v := editionView{Label: p.L.T("guide.edition", "Number", number, "Date", p.L.Date(e.Date)), URL: p.URL(path + "?edition=" + number),
			Note: e.Note, Hash: e.Hash}
		if i+1 < len(p.opened.Editions) {
			v.Changes = p.URL(path + "/-/changes?from=" + p.L.Number(p.opened.Editions[i+1].Number) + "&to=" + number)
		}
		p.Editions = append(p.Editions, v)
	}
}

// reviews lists what is to be looked through: overdue, and within thirty days.
func (p *guidePage) reviews(readings []guide.Reading) {
	o := p.opened
	today := o.Day()
	soon := library.Date(o.On().AddDate(0, 0, 30).Format("2006-01-02"))
	for _, r := range readings {
		_, lang := r.Original()
		review, valid := r.Review(lang)
		if review.By == "" || r.Ended != nil || o.When.Past() {
			continue
		}
		to := link{Label: guide.Line(r.Text.Heading, o.Fill(r.Lang)) + " – " + p.entryTitle(r.In), URL: p.sectionURL(r)}
		switch {
		case !valid:
			to.Count = p.L.T("guide.review.stale", "Date", p.L.Day(review.At))
			p.Overdue = append(p.Overdue, to)
		case review.Due < today:
			to.Count = p.L.T("guide.review.overdue", "Date", p.L.Date(review.Due))
			p.Overdue = append(p.Overdue, to)
		case review.Due <= soon:
			to.Count = p.L.T("guide.review.due", "Date", p.L.Date(review.Due))
			p.Soon = append(p.Soon, to)
		}
	}
}

func (f *guideFrame) entryTitle(id library.ID) string {
	e := f.opened.Page(id)
	if e == nil {
		return ""
	}
	title, _ := e.Titles.In(f.L.Tag, f.opened.Language())
	return title
}

func (f *guideFrame) sectionURL(r guide.Reading) string {
	slug := ""
	if e := f.opened.Page(r.In); e != nil {
		slug = e.Slug
	}
	return f.URL("/guides/" + f.opened.Slug + "/" + slug + f.Suffix + "#" + anchor(r.ID))
}

// guideEntryPage is pages/guideentry.html: one entry with its sections.
type guideEntryPage struct {
	guideFrame
	Heading  text
	Chapter  link
	Staff    bool
	Owner    string
	Dates    []string // of most sections
	Tongues  []tongueView
	Contents []link
	Sections []sectionView
	Gone     []goneView
	Under    []treeEntry // entries of a chapter
	Previous link
	Next     link
	Behind   string
	Ended    string // when and why the entry left the guide

	entry *library.GuideEntry
}

func (s *Site) guideEntry(w http.ResponseWriter, r *http.Request, l *locale.Language) error {
	o, moved, err := s.openGuide(r, l)
	if err != nil {
		return err
	}
	slug := r.PathValue("entry")
	e := o.Named(slug)
	if e == nil {
		return library.Errorf(library.NotFound, "the guide %s has no entry %q", o.Slug, slug)
	}
	rest := "/" + e.Slug
	p := guideEntryPage{guideFrame: s.inGuide(r, l, o, "", rest), entry: e}
	if moved != "" || e.Slug != slug {
		http.Redirect(w, r, p.URL("/guides/"+o.Slug+rest+p.Suffix), http.StatusMovedPermanently)
		return nil
	}
	readings, err := s.Guides.Sections(r.Context(), o, e.ID, l.Tag)
	if err != nil {
		return err
	}
	title, lang := e.Titles.In(l.Tag, o.Language())
	p.Heading, p.Title = plain(title, lang), title+" – "+p.Guide.Title.String()
	p.Staff, p.Owner = e.Audience != library.Public, e.Owner
	if p.Tree = p.tree(e); p.Keep != "" && e.Ended == nil {
		p.Keep += "/entries/" + string(e.ID)
	}
	p.Tongues = p.tongues(s, readings, "/guides/"+o.Slug+rest)
	for _, t := range p.Tongues {
		if t.Current && t.Behind {
			p.Behind = t.State
		}
	}
	p.around(e)
	return s.showEntry(w, &p, readings)
}

func (s *Site) showEntry(w http.ResponseWriter, p *guideEntryPage, readings []guide.Reading) error {
	for _, reading := range readings {
		if gone, ok := p.gone(reading); ok {
			p.Gone = append(p.Gone, gone)
			continue
		}
		if reading.Lang == "" {
			continue // what it derives from is not for this reader
		}
		v, err := s.sectionView(&p.guideFrame, reading)
		if err != nil {
			return err
		}
		p.Sections = append(p.Sections, v)
		p.Contents = append(p.Contents, link{Label: v.Heading.String(), URL: "#" + v.Anchor})
	}
	if e := p.entry; e != nil && e.Ended != nil {
		p.Ended = p.L.T("guide.ended", "Date", p.L.Day(e.Ended.At), "Why", e.Ended.Why)
	}
	p.gather()
	return s.show(w, http.StatusOK, "guideentry", p)
}

// gather says once for the page what most sections would say each about their
// dates.
func (p *guideEntryPage) gather() {
	count := map[string]int{}
	var most []string
	for _, v := range p.Sections {
		key := strings.Join(v.Dates, "\n")
		if count[key]++; count[key] > 1 && (most == nil || count[key] > count[strings.Join(most, "\n")]) {
			most = v.Dates
		}
	}
	p.Dates = most
	for i, v := range p.Sections {
		if most != nil && slices.Equal(v.Dates, most) {
			p.Sections[i].Dates = nil
		}
	}
}

// gone shows a section that has left the guide, or is left out of this one.
func (p *guideEntryPage) gone(r guide.Reading) (goneView, bool) {
	v := goneView{Anchor: anchor(r.ID), Heading: r.Name}
	for _, w := range r.Texts {
		v.Heading = w.Heading
	}
	if r.Parent != nil {
		if w, ok := r.Parent.Texts[r.Derived.Lang]; ok {
			v.Heading = w.Heading
		}
	}
	switch {
	case r.Ended != nil:
		v.Text = p.L.T("guide.ended", "Date", p.L.Day(r.Ended.At), "Why", r.Ended.Why)
		for _, to := range r.Ended.To {
			v.To = append(v.To, link{Label: p.L.T("guide.ended.to"), URL: p.URL("/g/" + string(to))})
		}
	case r.Omitted():
		reason, _ := r.Derived.Reason.In(p.L.Tag, p.opened.Language())
		v.Text = p.L.T("guide.omitted", "Why", reason)
	default:
		return v, false
	}
	return v, true
}

// around puts the ways from an entry: up, before, behind and down.
func (p *guideEntryPage) around(e *library.GuideEntry) {
	o := p.opened
	to := func(e *library.GuideEntry) link {
		title, _ := e.Titles.In(p.L.Tag, o.Language())
		return link{Label: title, URL: p.URL("/guides/" + o.Slug + "/" + e.Slug + p.Suffix)}
	}
	if parent := o.Page(e.Parent); parent != nil {
		p.Chapter = to(parent)
	}
	live := o.Live()
	for i, other := range live {
		if other.ID != e.ID {
			continue
		}
		if i > 0 {
			p.Previous = to(live[i-1])
		}
		if i+1 < len(live) {
			p.Next = to(live[i+1])
		}
	}
	for _, t := range p.Tree {
		if t.Current {
			p.Under = t.Children
		}
	}
}
