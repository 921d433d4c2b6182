package site

import (
	"net/http"
	"strings"

	"waymark/access"
	"waymark/curate"
	"waymark/library"
	"waymark/locale"
	"waymark/serve"
)

// offerPage is pages/offer.html: a record that anyone can hand in, where the
// library is set so.
type offerPage struct {
	frame
	Sheet   string
	Values  map[string]string
	Faults  map[string]string
	Tongues []choice
	Near    []related
	Problem string
	Thanks  bool
	Mails   bool // the library can answer by e-mail
}

// offerFields are the inputs of the form, with how many characters each has at
// most. Those of named are words of the source until a curator has looked.
var (
	offerFields = map[string]int{"title": 1000, "lang": 35, "author": 2000, "country": 1000, "date": 10, "link": 2000, "abstract": 10_000, "say": curate.NoteMost, "address": 254}
	offerNamed  = []string{"author", "country"}
)

// offer shows the form, which does not exist where only those with an account
// hand records in.
func (s *Site) offer(w http.ResponseWriter, r *http.Request, l *locale.Language) error {
	if !s.Anyone {
		return library.Errorf(library.NotFound, "records are handed in by those who have signed in")
	}
	if serve.Viewer(r).MaySubmit() {
		http.Redirect(w, r, "/"+l.Tag+"/desk/submit", http.StatusSeeOther)
		return nil
	}
	return s.show(w, http.StatusOK, "offer", s.offerPage(r, l))
}

func (s *Site) offerPage(r *http.Request, l *locale.Language) offerPage {
	p := offerPage{frame: s.frame(r, l, l.T("offer.title"), "/offer"), Sheet: s.assets.path("desk.css"), Values: map[string]string{"lang": l.Tag},
		Faults: map[string]string{}, Mails: s.Entrance.Porter.Letters != nil}
	for name := range offerFields {
		if value := strings.TrimSpace(r.PostForm.Get(name)); value != "" {
			p.Values[name] = strings.ReplaceAll(value, "\r\n", "\n")
		}
	}
	p.Tongues = s.choices(l, library.FieldLanguage, p.Values["lang"])
	return p
}

// takeOffer takes the form.
func (s *Site) takeOffer(w http.ResponseWriter, r *http.Request, l *locale.Language) error {
	if !s.Anyone {
		return library.Errorf(library.NotFound, "records are handed in by those who have signed in")
	}
	p := s.offerPage(r, l)
	if r.PostForm.Get("website") != "" { // a field that people do not see
		p.Thanks = true
		return s.show(w, http.StatusOK, "offer", p)
	}
	o := s.readOffer(l, &p)
	faulty(l, o.Check(), &form{faults: p.Faults})
	if len(p.Faults) == 0 && r.PostForm.Get("other") == "" {
		var err error
		if p.Near, err = s.similar(r, l, o.Title); err != nil {
			return err
		}
		if len(p.Near) > 0 {
			p.Problem = l.T("desk.near")
			return s.show(w, http.StatusUnprocessableEntity, "offer", p)
		}
	}
	if len(p.Faults) == 0 {
		if err := s.Entrance.Porter.Receive(s.Entrance.From(r)); err != nil {
			return err
		}
		if _, err := s.Desk.Offer(r.Context(), o); err != nil && !faulty(l, err, &form{faults: p.Faults}) {
			return err
		}
	}
	if len(p.Faults) > 0 {
		p.Problem = l.T("desk.faults")
		return s.show(w, http.StatusUnprocessableEntity, "offer", p)
	}
	p.Thanks = true
	return s.show(w, http.StatusOK, "offer", p)
}

// readOffer makes an offer of what was filled in, and notes what is at fault.
func (s *Site) readOffer(l *locale.Language, p *offerPage) curate.Offer {
	for name, most := range offerFields {
		if len([]rune(p.Values[name])) > most {
			p.Faults[name] = l.T("offer.long", "Count", l.Number(most))
		}
	}
	if _, ok := s.Vocabularies.Languages.Find(p.Values["lang"]); !ok {
		p.Faults["lang"] = l.T("desk.fault.unknown", "Name", p.Values["lang"])
	}
	o := curate.Offer{Title: strings.Join(strings.Fields(p.Values["title"]), " "), Lang: p.Values["lang"], Abstract: p.Values["abstract"],
		Date: library.Date(p.Values["date"]), Link: p.Values["link"], Note: p.Values["say"]}
	if p.Values["address"] != "" && p.Mails {
		address, err := access.Address(p.Values["address"])
		if err != nil {
			p.Faults["address"] = l.T("offer.address.fault")
		}
		o.Address, o.AnswerIn = address, l.Tag
	}
	for _, name := range offerNamed {
		if stated := lines(p.Values[name]); len(stated) > 0 {
			o.Stated = append(o.Stated, library.Stated{Field: name, Values: stated})
		}
	}
	return o
}
