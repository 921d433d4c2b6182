package library

import (
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"waymark/match"
)

// Resource is one work of the field: a study, a handbook, a law, a data set.
// Every source, form of its title, identifier and file of the work hangs on
// this one record; editions and translations are records of their own.
type Resource struct {
	ID       ID        `json:"-"`
	Version  int64     `json:"-"`
	Status   Status    `json:"-"`
	Audience Audience  `json:"-"`
	Created  time.Time `json:"-"`
	Updated  time.Time `json:"-"`
	Opening  Date      `json:"-"` // the day on which more of it opens to the one for whom it was read
	Locked   bool      `json:"-"` // the one for whom it was read may not read it, and is told no more than its title

	Titles       Text          `json:"titles"` // by language; the first of Languages is the original
	Abstracts    Text          `json:"abstracts,omitempty"`
	Contributors []Contributor `json:"contributors,omitempty"`
	Date         Date          `json:"date,omitempty"`
	Countries    []string      `json:"countries,omitempty"` // ISO 3166-1 alpha-2
	Regions      []string      `json:"regions,omitempty"`   // codes of the vocabulary; "worldwide" is one
	Topics       []string      `json:"topics,omitempty"`    // codes of the vocabulary
	Category     string        `json:"category,omitempty"`  // resource type, a code of the vocabulary
	Languages    []string      `json:"languages,omitempty"` // BCP 47, of the work itself
	Identifiers  []Identifier  `json:"identifiers,omitempty"`
	Links        []Link        `json:"links,omitempty"`
	Subjects     []string      `json:"subjects,omitempty"`  // keywords that are no topics, in any language
	Container    string        `json:"container,omitempty"` // title of the journal, book or series that it stands in
	Volume       string        `json:"volume,omitempty"`
	Issue        string        `json:"issue,omitempty"`
	Pages        string        `json:"pages,omitempty"` // where it stands in the container, "12-34"; or how many there are, "120 p."
	Edition      string        `json:"edition,omitempty"`
	Rights       string        `json:"rights,omitempty"` // a licence's address, or a statement
	Files        []File        `json:"files,omitempty"`
	Relations    []Relation    `json:"relations,omitempty"`
	Sources      []Source      `json:"sources,omitempty"` // where the record comes from, oldest first
	Listed       bool          `json:"listed,omitempty"`  // those who may not read it are told its title
	Review       Review        `json:"review,omitzero"`
}

// Worldwide is the code of the region that has no members: the whole world.
const Worldwide = "worldwide"

// ContributorRole is what a contributor did for the work.
type ContributorRole string

// The roles of the persons and organisations that a source names.
const (
	Author    ContributorRole = "author"
	Editor    ContributorRole = "editor"
	Publisher ContributorRole = "publisher"
)

// Contributor is an agent in a role.
type Contributor struct {
	Agent ID              `json:"agent"`
	Role  ContributorRole `json:"role"`
}

// Identifier is a name that some scheme gives the work: "doi", "isbn",
// "un-symbol", "celex", …
type Identifier struct {
	Scheme string `json:"scheme"`
	Value  string `json:"value"`
}

// Link is an address where the work is held.
type Link struct {
	URL string `json:"url"`
}

// RelationType says how a resource stands to another; the names are those of
// Dublin Core's isVersionOf family, seen from the resource that carries it.
type RelationType string

// The relations between resources.
const (
	TranslationOf RelationType = "translation-of"
	Supersedes    RelationType = "supersedes"
	PartOf        RelationType = "part-of"
)

// Relation points from the resource that carries it to another.
type Relation struct {
	Type   RelationType `json:"type"`
	Target ID           `json:"target"`
}

// Source is one place that the record was read from, with what stood there.
// Digest is the SHA-256 of the statement in hex, so that the same statement
// read again is known.
type Source struct {
	Name   string    `json:"name"`          // file name or address
	Key    string    `json:"key,omitempty"` // the record's own name there
	Line   int       `json:"line,omitempty"`
	At     time.Time `json:"at"`
	Digest string    `json:"digest"`
	Stated []Stated  `json:"stated,omitempty"`
}

// Stated is one field as a source has it, in the source's own words. Note
// says what could not be understood.
type Stated struct {
	Field  string   `json:"field"`
	Values []string `json:"values"`
	Note   string   `json:"note,omitempty"`
}

// Key schemes of resources, beside those of match. Identifiers are keys under
// their own scheme.
const (
	KeyTitle    = match.KeyTitle
	KeyAgent    = "agent"    // ID of a contributor
	KeyRelation = "relation" // ID of the target of a relation
	KeySource   = "source"   // Digest of a source's statement
	KeyRecord   = "record"   // name of a source and the record's own name there
)

// Original gives the title in the work's own language, with its tag.
func (r *Resource) Original() (title, lang string) { return r.Titles.In(r.Languages...) }

// Title gives the title for a reader of lang: in that language when the
// record has one, else the original.
func (r *Resource) Title(lang string) (title, tag string) {
	if s := r.Titles[lang]; s != "" {
		return s, lang
	}
	return r.Original()
}

// Abstract gives the abstract for a reader of lang, like Title.
func (r *Resource) Abstract(lang string) (abstract, tag string) {
	return r.Abstracts.In(append([]string{lang}, r.Languages...)...)
}

// Forms gives every form of the title that the record's sources use, in order
// and without those that already stand in Titles.
func (r *Resource) Forms() []string {
	var forms []string
	for _, s := range r.Sources {
		for _, st := range s.Stated {
			if st.Field != "title" {
				continue
			}
			for _, v := range st.Values {
				if !slices.Contains(forms, v) && !r.hasTitle(v) {
					forms = append(forms, v)
				}
			}
		}
	}
	return forms
}

func (r *Resource) hasTitle(title string) bool {
	for _, t := range r.Titles {
		if t == title {
			return true
		}
	}
	return false
}

// AgentIDs gives the contributors' IDs in order, each once.
func (r *Resource) AgentIDs() []ID {
	var ids []ID
	for _, c := range r.Contributors {
		if !slices.Contains(ids, c.Agent) {
			ids = append(ids, c.Agent)
		}
	}
	return ids
}

// Creators gives those whose work it is, in order: authors and editors; where
// a source names neither, those who published it.
func (r *Resource) Creators() []ID {
	if ids := r.In(Author, Editor); len(ids) > 0 {
		return ids
	}
	return r.In(Publisher)
}

// In gives the contributors in any of the roles, in order, each once.
func (r *Resource) In(roles ...ContributorRole) []ID {
	var ids []ID
	for _, c := range r.Contributors {
		if slices.Contains(roles, c.Role) && !slices.Contains(ids, c.Agent) {
			ids = append(ids, c.Agent)
		}
	}
	return ids
}

// RelatedTo tells whether the resource points to another.
func (r *Resource) RelatedTo(id ID) bool {
	return slices.ContainsFunc(r.Relations, func(rel Relation) bool { return rel.Target == id })
}

// Keys gives the values under which the resource is looked up.
func (r *Resource) Keys() []Key { return r.allKeys(r.CandidateKeys(r.Record(nil))) }

func (r *Resource) allKeys(candidates []Key) []Key {
	keys := slices.Clone(candidates)
	for _, id := range r.AgentIDs() {
		keys = append(keys, Key{KeyAgent, string(id)})
	}
	for _, rel := range r.Relations {
		if k := (Key{KeyRelation, string(rel.Target)}); !slices.Contains(keys, k) {
			keys = append(keys, k)
		}
	}
	return append(keys, r.queues()...)
}

// CandidateKeys gives the keys under which a store finds the records that may
// be the same as r, each once; record is that of r.
func (r *Resource) CandidateKeys(record *match.Record) []Key {
	found := record.Keys()
	keys := make([]Key, 0, len(found)+6)
	for _, k := range found {
		keys = append(keys, Key(k))
	}
	add := func(scheme, value string) {
		if k := (Key{scheme, value}); value != "" && !slices.Contains(keys, k) {
			keys = append(keys, k)
		}
	}
	for _, id := range r.Identifiers {
		add(id.Scheme, id.Value)
	}
	for _, s := range r.Sources {
		add(KeySource, s.Digest)
		if s.Key != "" {
			add(KeyRecord, s.Name+" "+s.Key)
		}
	}
	for _, f := range r.Files {
		add(KeyFile, f.Digest)
	}
	return keys
}

// Entry gives the resource as the store keeps it.
func (r *Resource) Entry() (Entry, error) { return r.EntryWith(r.CandidateKeys(r.Record(nil))) }

// EntryWith is Entry for those who have worked out the candidate keys already.
func (r *Resource) EntryWith(candidates []Key) (Entry, error) {
	body, err := json.Marshal(r)
	if err != nil {
		return Entry{}, fmt.Errorf("write the resource %s: %w", r.ID, err)
	}
	e := Entry{ID: r.ID, Kind: KindResource, Status: r.Status, Audience: r.Audience, Keys: r.allKeys(candidates), Body: body}
	if r.Listed && r.Audience != Public {
		if e.Teaser, err = json.Marshal(&Resource{Titles: r.Titles, Languages: r.Languages, Review: Review{Opens: r.Review.Opens}}); err != nil {
			return Entry{}, fmt.Errorf("write the teaser of %s: %w", r.ID, err)
		}
	}
	return e, nil
}

// ResourceOf reads the resource that an entry holds.
func ResourceOf(e Entry) (*Resource, error) {
	r := &Resource{}
	if err := e.decode(KindResource, r); err != nil {
		return nil, err
	}
	r.ID, r.Version, r.Status, r.Audience = e.ID, e.Version, e.Status, e.Audience
	r.Created, r.Updated = e.Created, e.Updated
	return r, nil
}
