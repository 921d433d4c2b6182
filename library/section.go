package library

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"time"

	"golang.org/x/text/unicode/norm"
)

// SectionType says how a section is to be read.
type SectionType string

// The types of sections.
const (
	PlainSection      SectionType = "text"
	SectionSteps      SectionType = "steps"
	SectionChecklist  SectionType = "checklist"
	SectionWarning    SectionType = "warning"
	SectionContacts   SectionType = "contacts"
	SectionForm       SectionType = "form"
	SectionDefinition SectionType = "definition"
)

// Force says how binding a section is.
type Force string

// The forces of sections. A Must may be supplemented by those who adapt it, but
// neither replaced nor left out without a Deviation.
const (
	Must   Force = "must"
	Should Force = "should"
	Info   Force = "info"
)

// ChangeClass says how heavy a change of a text is; its editor must say so.
type ChangeClass string

// The classes of changes, lightest first.
const (
	Editorial     ChangeClass = "editorial"
	Clarification ChangeClass = "clarification"
	Substantive   ChangeClass = "substantive"
	Safety        ChangeClass = "safety-legal"
)

// Weight orders the classes: 1 to 4, 0 for none of them.
func (c ChangeClass) Weight() int {
	switch c {
	case Editorial:
		return 1
	case Clarification:
		return 2
	case Substantive:
		return 3
	case Safety:
		return 4
	}
	return 0
}

// Days gives how long those who depend on a text have to answer a change of
// it; 0 when it asks nothing of them.
func (c ChangeClass) Days() int {
	switch c {
	case Clarification:
		return 180
	case Substantive:
		return 90
	case Safety:
		return 30
	}
	return 0
}

// Section is the smallest part of a guide that has a life of its own: its
// address, its history, its review, and those who depend on it. Its ID is
// never used again.
type Section struct {
	Head // its audience as Narrowed

	Guide   ID                 `json:"guide"`
	In      ID                 `json:"entry"` // entry of the guide
	Order   int                `json:"order"`
	Name    string             `json:"name"` // within the guide, for import
	Type    SectionType        `json:"type"`
	Force   Force              `json:"force"`
	Own     Audience           `json:"own,omitempty"` // asked for here; empty as the entry
	Texts   map[string]Writing `json:"texts,omitempty"`
	Notes   Text               `json:"notes,omitempty"` // what a place adds below a text it keeps, Markdown
	Log     map[string][]Stamp `json:"log,omitempty"`   // of what it says, by language, oldest first
	Reviews []SectionReview    `json:"reviews,omitempty"`
	Derived *Derivation        `json:"derived,omitempty"`
	Ended   *Ending            `json:"ended,omitempty"`
}

// Writing is the text of a section in one language.
type Writing struct {
	Heading string `json:"heading"`
	Body    string `json:"body"`             // Markdown, {{parameters}} unfilled
	Source  string `json:"source,omitempty"` // of a translation: Hash of the text it was made from
	Made    int64  `json:"made,omitempty"`   // and the version of the section that had it
}

// Hash tells what a section says from what another says: SHA-256 in hex over
// heading and body in NFC with white space folded. Neither its place nor its
// parameters' values have a part in it.
func (w Writing) Hash() string {
	folded := func(s string) string { return strings.Join(strings.Fields(norm.NFC.String(s)), " ") }
	sum := sha256.Sum256([]byte(folded(w.Heading) + "\n" + folded(w.Body)))
	return hex.EncodeToString(sum[:])
}

// Stamp is one change of what a section says.
type Stamp struct {
	Hash    string      `json:"hash"`
	Class   ChangeClass `json:"class"`
	Summary string      `json:"summary"`
	By      string      `json:"by"`
	At      time.Time   `json:"at"`
	Version int64       `json:"version"` // of the section
}

// SectionReview is the word of a person that a text holds good. It is worth
// something as long as the text has the hash that was looked at.
type SectionReview struct {
	Lang string    `json:"lang"`
	Hash string    `json:"hash"`
	By   string    `json:"by"`
	At   time.Time `json:"at"`
	Due  Date      `json:"due"`            // of the next review
	Note string    `json:"note,omitempty"` // what needs change; empty when nothing does
}

// Decision words of adaptation, as the GRADE working group uses them.
type AdaptDecision string

// The decisions on a section of the base.
const (
	Adopted  AdaptDecision = "adopted"
	Adapted  AdaptDecision = "adapted"
	Added    AdaptDecision = "added"
	Omitted  AdaptDecision = "omitted"
	Deferred AdaptDecision = "deferred"
)

// Derivation ties a section of an adaptation to the version of the base's
// section that it was made from.
type Derivation struct {
	Parent    ID            `json:"parent,omitempty"`   // none for what was added
	Lang      string        `json:"lang,omitempty"`     // in which the two are compared
	Base      int64         `json:"base,omitempty"`     // version of Parent
	Hash      string        `json:"hash,omitempty"`     // what Parent said in it
	Reviewed  string        `json:"reviewed,omitempty"` // a later hash of Parent that was looked at and asks nothing
	Decision  AdaptDecision `json:"decision"`
	Reason    Text          `json:"reason,omitempty"`
	By        string        `json:"by"`
	At        time.Time     `json:"at"`
	Deviation *Deviation    `json:"deviation,omitempty"`
	Live      bool          `json:"live,omitempty"` // follows Parent unasked: definitions and contacts only
}

// Deviation allows a place to depart from a Must.
type Deviation struct {
	Reason     string    `json:"reason"`
	LegalBasis string    `json:"legal_basis"`
	Authority  string    `json:"authority"`
	ApprovedBy string    `json:"approved_by"`
	ApprovedAt time.Time `json:"approved_at"`
	Expires    Date      `json:"expires,omitempty"` // the last day
}

// Valid tells whether the deviation allows anything on a day.
func (d *Deviation) Valid(on Date) bool {
	return d != nil && d.Reason != "" && d.LegalBasis != "" && d.Authority != "" && d.ApprovedBy != "" &&
		(d.Expires == "" || on <= d.Expires)
}

// Ending says when and why a section left its guide. Its address keeps answering.
type Ending struct {
	At  time.Time `json:"at"`
	Why string    `json:"why"`
	To  []ID      `json:"to,omitempty"`
}

// Says gives the hash of what the section says in a language: its own text's,
// or that of the version of its parent to which it is pinned.
func (s *Section) Says(lang string) string {
	if w, ok := s.Texts[lang]; ok {
		return w.Hash()
	}
	if s.Derived != nil && s.Derived.Lang == lang {
		return s.Derived.Hash
	}
	return ""
}

// Review gives the last review of the text in a language, if it is of the text
// that stands.
func (s *Section) Review(lang string) (SectionReview, bool) {
	for i := len(s.Reviews) - 1; i >= 0; i-- {
		if r := s.Reviews[i]; r.Lang == lang {
			return r, r.Hash == s.Says(lang) && r.Note == ""
		}
	}
	return SectionReview{}, false
}

// Last gives the last change of what the section says in a language.
func (s *Section) Last(lang string) Stamp {
	if log := s.Log[lang]; len(log) > 0 {
		return log[len(log)-1]
	}
	return Stamp{}
}

// Behind tells whether the translation into a language was made from another
// text than the one that stands in the language of the guide.
func (s *Section) Behind(lang, original string) bool {
	w, ok := s.Texts[lang]
	return ok && lang != original && w.Source != s.Says(original)
}

// Entry gives the section as the store keeps it.
func (s *Section) Entry() (Entry, error) {
	keys := []Key{{KeySectionOf, string(s.Guide)}, {KeySectionIn, string(s.In)}, {KeySectionName, string(s.Guide) + " " + s.Name}}
	if s.Derived != nil && s.Derived.Parent != "" {
		keys = append(keys, Key{KeySectionFrom, string(s.Derived.Parent)})
	}
	return NewEntry(s.Head, KindSection, s, keys...)
}

// SectionOf reads the section that an entry holds.
func SectionOf(e Entry) (*Section, error) {
	s := &Section{}
	if err := e.decode(KindSection, s); err != nil {
		return nil, err
	}
	s.Head = e.head()
	return s, nil
}
