package evidence

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"

	"waymark/library"
)

// Study is one piece of research, told by one or more publications of the
// catalogue and coded by a framework.
type Study struct {
	library.Head
	Framework    string        `json:"framework"` // "waymark/1"
	Titles       library.Text  `json:"titles"`
	Kind         string        `json:"kind"`
	State        string        `json:"state"` // completed, ongoing, protocol
	Design       string        `json:"design,omitempty"`
	Year         int           `json:"year,omitempty"`
	Comparison   string        `json:"comparison,omitempty"`
	Participants *int          `json:"participants,omitempty"`
	Sites        *int          `json:"sites,omitempty"`
	Countries    []string      `json:"countries,omitempty"` // ISO 3166-1 alpha-2; none for no country in particular
	Settings     []string      `json:"settings,omitempty"`
	Populations  []string      `json:"populations,omitempty"`
	Forms        []string      `json:"forms,omitempty"`
	Pillars      []string      `json:"pillars,omitempty"`
	Languages    []string      `json:"languages,omitempty"`
	Registration string        `json:"registration,omitempty"`
	Ethics       string        `json:"ethics,omitempty"`        // yes, no, not-reported
	SurvivorRole string        `json:"survivor_role,omitempty"` // led, co-designed, consulted, none, not-reported
	Evaluator    string        `json:"evaluator,omitempty"`     // independent, internal, mixed, not-reported
	CostData     bool          `json:"cost_data,omitempty"`
	Empty        bool          `json:"empty,omitempty"` // a review that found no study to include
	Publications []Publication `json:"publications,omitempty"`
	Citation     *Citation     `json:"citation,omitempty"` // of an imported study without a record of its own
	Codings      []Coding      `json:"codings,omitempty"`
	Codes        []ForeignCode `json:"codes,omitempty"` // every code of an imported study
	Appraisals   []Appraisal   `json:"appraisals,omitempty"`
	Findings     []Finding     `json:"findings,omitempty"`
	Demo         bool          `json:"demo,omitempty"` // the coding is a demonstration
}

// Publication is a record of the catalogue that tells of a study, with the
// hash of what the coding was made from.
type Publication struct {
	Resource library.ID `json:"resource"`
	Hash     string     `json:"hash"`
}

// Citation is what an exchange file says of a publication.
type Citation struct {
	ID       string   `json:"id,omitempty"`
	Type     string   `json:"type,omitempty"`
	Authors  []string `json:"authors,omitempty"`
	Abstract string   `json:"abstract,omitempty"`
	DOI      string   `json:"doi,omitempty"`
	URL      string   `json:"url,omitempty"`
	Parent   string   `json:"parent,omitempty"`
	Volume   string   `json:"volume,omitempty"`
	Issue    string   `json:"issue,omitempty"`
	Pages    string   `json:"pages,omitempty"`
	Keywords []string `json:"keywords,omitempty"`
}

// Coding places a study in a cell of the map. Two coders read on their own;
// where they differ, a third settles it.
type Coding struct {
	Intervention string    `json:"intervention"`
	Outcome      string    `json:"outcome"`
	First        *Decision `json:"first,omitempty"`
	Second       *Decision `json:"second,omitempty"`
	Adjudicated  *Decision `json:"adjudicated,omitempty"`
	Locator      Locator   `json:"locator,omitzero"`
	Note         string    `json:"note,omitempty"`
}

// Decision is what one coder decided. Who is for staff alone.
type Decision struct {
	By   string `json:"by"`
	Yes  bool   `json:"yes"`
	Note string `json:"note,omitempty"`
}

// Locator is where in a publication something stands. Page counts the pages
// of the file from 1; Label is what the page itself calls the place.
type Locator struct {
	Resource library.ID `json:"resource,omitempty"`
	File     string     `json:"file,omitempty"` // digest; empty for the first file
	Page     int        `json:"page,omitempty"`
	Label    string     `json:"label,omitempty"` // "table 3"
}

// ForeignCode is a code of an imported study, by the identifiers of its file.
type ForeignCode struct {
	Tree string `json:"tree"`
	Node string `json:"node"`
	Page string `json:"page,omitempty"` // where it was found, without the passage
}

// Appraisal is a judgement of how far a study can be relied on.
type Appraisal struct {
	Tool    string   `json:"tool"` // AMSTAR-2, RoB2, ROBINS-I, MMAT, JBI, CASP, other
	Version string   `json:"version,omitempty"`
	Domains []Domain `json:"domains,omitempty"`
	Overall string   `json:"overall"` // a code of Words.Ratings
	By      []string `json:"by,omitempty"`
	Agreed  bool     `json:"agreed"`
	Date    string   `json:"date,omitempty"` // ISO 8601
	Current bool     `json:"current"`
}

// Domain is one question of an appraisal tool.
type Domain struct {
	Name      string  `json:"name"`
	Judgement string  `json:"judgement"`
	Support   string  `json:"support,omitempty"`
	Locator   Locator `json:"locator,omitzero"`
}

// Finding is one result of a study for one outcome of one intervention.
type Finding struct {
	Intervention string       `json:"intervention"`
	Outcome      string       `json:"outcome"`
	Populations  []string     `json:"populations,omitempty"`
	Countries    []string     `json:"countries,omitempty"`
	Direction    string       `json:"direction"` // a code of Words.Directions
	Metric       string       `json:"metric,omitempty"`
	Value        *float64     `json:"value,omitempty"`
	Low          *float64     `json:"low,omitempty"` // of the 95 per cent interval
	High         *float64     `json:"high,omitempty"`
	N            *int         `json:"n,omitempty"`
	Months       *int         `json:"months,omitempty"` // of follow-up
	Certainty    string       `json:"certainty"`
	Harms        string       `json:"harms,omitempty"` // reported, sought-none, not-reported
	Locator      Locator      `json:"locator,omitzero"`
	Plain        library.Text `json:"plain,omitempty"`
}

// State of a coding.
const (
	Single      = "single"      // one coder so far
	Agreed      = "agreed"      // two coders decided alike
	Adjudicated = "adjudicated" // they differed and a third has settled it
	Open        = "open"        // they differ and nobody has settled it
)

// State tells how far a coding has come.
func (c Coding) State() string {
	switch {
	case c.Adjudicated != nil:
		return Adjudicated
	case c.First == nil || c.Second == nil:
		return Single
	case c.First.Yes == c.Second.Yes:
		return Agreed
	}
	return Open
}

// Counts tells whether the study stands in the cell: what two coders dispute
// does not until it is settled.
func (c Coding) Counts() bool {
	switch c.State() {
	case Adjudicated:
		return c.Adjudicated.Yes
	case Open:
		return false
	}
	return (c.First == nil || c.First.Yes) && (c.Second == nil || c.Second.Yes)
}

// Rating gives the overall rating of the current appraisal, else NotAppraised.
func (s *Study) Rating() string {
	for _, a := range s.Appraisals {
		if a.Current && a.Overall != "" {
			return a.Overall
		}
	}
	return NotAppraised
}

// FingerprintOf gives the hash of what a coder reads of a record: titles,
// abstracts, date and files. It is stored with the coding, so that a change of
// the record is seen.
func FingerprintOf(r *library.Resource) string {
	h := sha256.New()
	for _, t := range []library.Text{r.Titles, r.Abstracts} {
		for _, lang := range t.Languages() {
			fmt.Fprintf(h, "%s\x1f%s\x1e", lang, t[lang])
		}
	}
	fmt.Fprintf(h, "%s\x1e", r.Date)
	for _, f := range r.Files {
		fmt.Fprintf(h, "%s\x1e", f.Digest)
	}
	return hex.EncodeToString(h.Sum(nil))[:16]
}

// Check answers Invalid for a study that breaks a rule: a code that its
// vocabulary lacks, a rated finding without a page, two current appraisals.
func (s *Study) Check(w *Words, f *Framework) error {
	if f.Foreign != "" {
		return nil // an imported review keeps its own words
	}
	for _, c := range []struct {
		field string
		codes []string
		knows func(string) bool
	}{
		{"kind", []string{s.Kind}, has(w.Kinds)},
		{"design", some(s.Design), has(w.Designs)},
		{"setting", s.Settings, has(w.Settings)},
		{"population", s.Populations, has(w.Populations)},
		{"form", s.Forms, has(w.Forms)},
		{"pillar", s.Pillars, has(w.Pillars)},
	} {
		for _, code := range c.codes {
			if !c.knows(code) {
				return fault(c.field, "desk.fault.code", "study %s has the %s %q, which is no code of the vocabulary", s.ID, c.field, code)
			}
		}
	}
	if len(s.Titles) == 0 {
		return fault("title", "desk.fault.title", "study %s has no title", s.ID)
	}
	return s.checkCoding(w, f)
}

func (s *Study) checkCoding(w *Words, f *Framework) error {
	rows, cols := has(f.Trees[0].List()), has(f.Trees[1].List())
	cell := func(i, o string) error {
		if !rows(i) || !cols(o) {
			return fault("intervention", "desk.fault.cell", "study %s is coded %s × %s, which the framework %s/%d lacks", s.ID, i, o, f.Code, f.Number)
		}
		return nil
	}
	for _, c := range s.Codings {
		if err := cell(c.Intervention, c.Outcome); err != nil {
			return err
		}
		if c.First != nil && c.Second != nil && c.First.By == c.Second.By {
			return invalid("coding", "study %s is coded twice by the same person", s.ID)
		}
	}
	current := 0
	for _, a := range s.Appraisals {
		if !has(w.Ratings)(a.Overall) {
			return fault("overall", "desk.fault.code", "study %s is appraised %q, which is no rating", s.ID, a.Overall)
		}
		if a.Current {
			current++
		}
	}
	if current > 1 {
		return invalid("appraisal", "study %s has %d current appraisals", s.ID, current)
	}
	for _, n := range s.Findings {
		if err := cell(n.Intervention, n.Outcome); err != nil {
			return err
		}
		switch {
		case !has(w.Directions)(n.Direction), !has(w.Certainties)(n.Certainty):
			return fault("direction", "desk.fault.code", "study %s has a finding %q of certainty %q, which are no codes", s.ID, n.Direction, n.Certainty)
		case n.Certainty != "not-rated" && n.Locator.Page == 0 && n.Locator.Label == "":
			return fault("at.page", "desk.fault.locator", "study %s has a rated finding without the page that it stands on", s.ID)
		case n.Value == nil && (n.Low != nil || n.High != nil):
			return fault("value", "desk.fault.interval", "study %s has an interval without a value", s.ID)
		}
	}
	return nil
}

func some(code string) []string {
	if code == "" {
		return nil
	}
	return []string{code}
}

// Entry gives the study as the store keeps it.
func (s *Study) Entry() (library.Entry, error) {
	var keys []library.Key
	for _, p := range s.Publications {
		if k := (library.Key{Scheme: KeyPublication, Value: string(p.Resource)}); !slices.Contains(keys, k) {
			keys = append(keys, k)
		}
	}
	return library.NewEntry(s.Head, KindStudy, s, keys...)
}
