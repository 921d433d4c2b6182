package library

import (
	"time"
)

// The kinds of entries that a guide is made of.
const (
	KindGuide      Kind = "guide"
	KindGuideEntry Kind = "guide-entry"
	KindSection    Kind = "guide-section"
	KindEdition    Kind = "guide-edition"
	KindFeedback   Kind = "guide-feedback"
)

// Key schemes of guides and their parts.
const (
	KeyGuide        = "guide"         // "all"
	KeyGuideSlug    = "guide-slug"    // the word in the address, former ones too
	KeyGuideBase    = "guide-base"    // ID of the guide that it adapts
	KeyGuideOf      = "guide-of"      // ID of the guide that an entry or edition belongs to
	KeySectionOf    = "section-of"    // ID of the guide, of every section
	KeySectionIn    = "section-in"    // ID of the entry
	KeySectionName  = "section-name"  // ID of the guide and the section's name
	KeySectionFrom  = "section-from"  // ID of the section that it derives from
	KeyFeedbackOn   = "feedback-on"   // ID of the section
	KeyFeedbackOpen = "feedback-open" // "1" while nobody has decided on it
)

// GuideType says what a guide is for.
type GuideType string

// The types of guides.
const (
	Handbook GuideType = "handbook"
	Manual   GuideType = "manual"
	SOP      GuideType = "sop"
	Toolkit  GuideType = "toolkit"
	Policy   GuideType = "policy"
)

// Guide is a text of many parts that lives: a handbook, or a standard
// operating procedure. One that has a Base is the adaptation of that one.
type Guide struct {
	Head

	Slug      string    `json:"slug"`
	Former    []string  `json:"former,omitempty"` // slugs that still answer
	Type      GuideType `json:"type"`
	Titles    Text      `json:"titles"`
	Leads     Text      `json:"leads,omitempty"` // one sentence
	Owner     string    `json:"owner"`           // organisation or unit
	Languages []string  `json:"languages"`       // BCP 47; the text is written in the first, the others are translations
	Licence   string    `json:"licence,omitempty"`
	Example   bool      `json:"example,omitempty"` // made up for a demonstration, and pages say so

	Base  ID     `json:"base,omitempty"`
	Place string `json:"place,omitempty"` // code of a country or region, or the name of a smaller place

	Parameters []Parameter       `json:"parameters,omitempty"` // asked of those who adapt it
	Values     []ParameterValue  `json:"values,omitempty"`     // given for those of its Base
	Structure  []StructureChange `json:"structure,omitempty"`  // oldest first
}

// Parameter is a fact that each place fills in: {{hotline}} in the text. It is
// no part of what makes two texts differ.
type Parameter struct {
	Key      string `json:"key"`
	Labels   Text   `json:"labels"`
	Required bool   `json:"required,omitempty"`
	Default  string `json:"default,omitempty"`
}

// ParameterValue fills a parameter, from a day to a day.
type ParameterValue struct {
	Key    string `json:"key"`
	Value  string `json:"value"`
	Source string `json:"source"`         // where it is stated
	From   Date   `json:"from,omitempty"` // empty: always
	To     Date   `json:"to,omitempty"`   // the last day
}

// StructureChange says what became of sections.
type StructureChange struct {
	From []ID      `json:"from"`
	To   []ID      `json:"to,omitempty"`
	Kind string    `json:"kind"` // "split", "merge", "move" or "withdraw"
	Why  string    `json:"why"`
	At   time.Time `json:"at"`
}

// GuideEntry is one page of a guide; entries without a Parent are its chapters.
type GuideEntry struct {
	Head // its audience as Narrowed

	Guide    ID       `json:"guide"`
	Parent   ID       `json:"parent,omitempty"`
	Order    int      `json:"order"`
	Slug     string   `json:"slug"`
	Former   []string `json:"former,omitempty"`
	Titles   Text     `json:"titles"`
	Owner    string   `json:"owner,omitempty"`
	Keywords []string `json:"keywords,omitempty"`
	Own      Audience `json:"own,omitempty"`  // asked for here; empty as what it lies in
	From     ID       `json:"from,omitempty"` // the entry of the base that it follows
	Ended    *Ending  `json:"ended,omitempty"`
}

// Edition is the state of a guide that can be cited: which version of which
// text it is made of never changes.
type Edition struct {
	Head

	Guide  ID            `json:"guide"`
	Number int           `json:"number"`
	Date   Date          `json:"date"`
	Note   string        `json:"note,omitempty"`
	Hash   string        `json:"hash"` // SHA-256 over Items in hex
	Whole  Ref           `json:"whole"`
	Pages  []Ref         `json:"pages"` // entries, in order
	Items  []EditionItem `json:"items"`
}

// Ref names one version of an entry.
type Ref struct {
	ID      ID    `json:"id"`
	Version int64 `json:"version"`
}

// EditionItem is one section in an edition with the hash of its text by language.
type EditionItem struct {
	Ref
	Hashes map[string]string `json:"hashes"`
}

// Feedback is what a reader says about a section. It is a draft as an entry,
// so that only curators see it.
type Feedback struct {
	ID       ID        `json:"-"`
	Version  int64     `json:"-"`
	Created  time.Time `json:"-"`
	Audience Audience  `json:"-"` // of the section

	Section ID            `json:"section"`
	Lang    string        `json:"lang"`
	Hash    string        `json:"hash"` // of the text that the reader saw
	Kind    FeedbackKind  `json:"kind"`
	Text    string        `json:"text"`
	Contact string        `json:"contact,omitempty"`
	From    ID            `json:"from,omitempty"` // the section of an adaptation that proposes its text
	State   FeedbackState `json:"state"`
	Reply   string        `json:"reply,omitempty"`
}

// FeedbackKind says what a reader wants to say.
type FeedbackKind string

// The kinds of feedback.
const (
	FeedbackError    FeedbackKind = "error"
	FeedbackUnclear  FeedbackKind = "unclear"
	FeedbackOutdated FeedbackKind = "outdated"
	FeedbackLocal    FeedbackKind = "local"
	FeedbackThanks   FeedbackKind = "thanks"
	FeedbackProposal FeedbackKind = "proposal" // the text of an adaptation, offered to its base
)

// FeedbackKinds are the kinds that a reader may choose.
func FeedbackKinds() []FeedbackKind {
	return []FeedbackKind{FeedbackError, FeedbackUnclear, FeedbackOutdated, FeedbackLocal, FeedbackThanks}
}

// FeedbackState says what became of feedback.
type FeedbackState string

// The states of feedback.
const (
	FeedbackNew      FeedbackState = "new"
	FeedbackAccepted FeedbackState = "accepted" // answered, or a proposal taken up
	FeedbackRejected FeedbackState = "rejected" // nothing changes, for the reason in Reply
	FeedbackDone     FeedbackState = "done"     // the text was mended
)

// Narrowed gives the audience of a part that lies within others, outermost
// first: the innermost that is not public. A part never opens what it lies in.
func Narrowed(audiences ...Audience) Audience {
	narrow := Public
	for _, a := range audiences {
		if a != "" && a != Public {
			narrow = a
		}
	}
	return narrow
}

// Language gives the language that the guide is written in.
func (g *Guide) Language() string {
	if len(g.Languages) == 0 {
		return Undetermined
	}
	return g.Languages[0]
}

// Value gives what stands for a parameter on a day.
func (g *Guide) Value(key string, on Date) (ParameterValue, bool) {
	for _, v := range g.Values {
		if v.Key == key && v.Value != "" && (v.From == "" || on >= v.From) && (v.To == "" || on <= v.To) {
			return v, true
		}
	}
	return ParameterValue{}, false
}

// MayKeep tells whether the viewer may change a guide and what is in it: a
// curator one that they see. One with limits keeps the guides of their countries
// only, and none when the limits are topics, which guides have not.
func (v Viewer) MayKeep(g *Guide) bool {
	if v.Role < Curator || !v.Sees(g.Status, g.Audience) {
		return false
	}
	return v.Role > Curator || len(v.Topics) == 0 && within(v.Countries, []string{g.Place})
}

// Entry gives the guide as the store keeps it.
func (g *Guide) Entry() (Entry, error) {
	keys := []Key{{KeyGuide, "all"}, {KeyGuideSlug, g.Slug}}
	for _, s := range g.Former {
		keys = append(keys, Key{KeyGuideSlug, s})
	}
	if g.Base != "" {
		keys = append(keys, Key{KeyGuideBase, string(g.Base)})
	}
	return NewEntry(g.Head, KindGuide, g, keys...)
}

// GuideOf reads the guide that an entry holds.
func GuideOf(e Entry) (*Guide, error) {
	g := &Guide{}
	if err := e.decode(KindGuide, g); err != nil {
		return nil, err
	}
	g.Head = e.head()
	return g, nil
}

// Entry gives the entry of a guide as the store keeps it.
func (g *GuideEntry) Entry() (Entry, error) {
	return NewEntry(g.Head, KindGuideEntry, g, Key{KeyGuideOf, string(g.Guide)})
}

// GuideEntryOf reads the entry of a guide that an entry of the store holds.
func GuideEntryOf(e Entry) (*GuideEntry, error) {
	g := &GuideEntry{}
	if err := e.decode(KindGuideEntry, g); err != nil {
		return nil, err
	}
	g.Head = e.head()
	return g, nil
}

// Entry gives the edition as the store keeps it.
func (d *Edition) Entry() (Entry, error) {
	return NewEntry(d.Head, KindEdition, d, Key{KeyGuideOf, string(d.Guide)})
}

// EditionOf reads the edition that an entry holds.
func EditionOf(e Entry) (*Edition, error) {
	d := &Edition{}
	if err := e.decode(KindEdition, d); err != nil {
		return nil, err
	}
	d.Head = e.head()
	return d, nil
}

// Entry gives the feedback as the store keeps it.
func (f *Feedback) Entry() (Entry, error) {
	keys := []Key{{KeyFeedbackOn, string(f.Section)}}
	if f.State == FeedbackNew {
		keys = append(keys, Key{KeyFeedbackOpen, "1"})
	}
	return NewEntry(Head{ID: f.ID, Status: Draft, Audience: f.Audience}, KindFeedback, f, keys...)
}

// FeedbackOf reads the feedback that an entry holds.
func FeedbackOf(e Entry) (*Feedback, error) {
	f := &Feedback{}
	if err := e.decode(KindFeedback, f); err != nil {
		return nil, err
	}
	f.ID, f.Version, f.Created, f.Audience = e.ID, e.Version, e.Created, e.Audience
	return f, nil
}
