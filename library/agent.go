package library

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"waymark/analysis"
)

// AgentType tells persons from organisations.
type AgentType string

// The types of agents.
const (
	Person       AgentType = "person"
	Organisation AgentType = "organisation"
)

// Agent is the authority record of a person or an organisation.
type Agent struct {
	ID       ID        `json:"-"`
	Version  int64     `json:"-"`
	Type     AgentType `json:"type"`
	Code     string    `json:"code,omitempty"` // its row in the vocabulary of organisations
	Names    Text      `json:"names"`
	Acronym  string    `json:"acronym,omitempty"`
	Variants []string  `json:"variants,omitempty"` // other forms of the name that sources use
	Website  string    `json:"website,omitempty"`

	Identifiers []Identifier `json:"identifiers,omitempty"` // orcid, isni, ror, viaf, wikidata
}

// Key schemes of agents.
const (
	KeyAgentCode = "agent-code" // row of the vocabulary
	KeyAgentName = "agent-name" // NameKey of a name or variant
	KeyAgentID   = "agent-id"   // scheme and value of an identifier
)

// NameKey is the form in which two names are the same: folded words in order.
func NameKey(name string) string { return strings.Join(analysis.Words(name), " ") }

// Keys gives the values under which the agent is looked up.
func (a *Agent) Keys() []Key {
	var keys []Key
	add := func(scheme, value string) {
		if k := (Key{scheme, value}); value != "" && !slices.Contains(keys, k) {
			keys = append(keys, k)
		}
	}
	add(KeyAgentCode, a.Code)
	for _, lang := range a.Names.Languages() {
		add(KeyAgentName, NameKey(a.Names[lang]))
	}
	add(KeyAgentName, NameKey(a.Acronym))
	for _, v := range a.Variants {
		add(KeyAgentName, NameKey(v))
	}
	for _, id := range a.Identifiers {
		add(KeyAgentID, id.Scheme+" "+id.Value)
	}
	return keys
}

// Absorb takes the names and identifiers of another record of the same agent:
// a name in a language that this one has another name in becomes a variant.
func (a *Agent) Absorb(other *Agent) {
	known := func(name string) bool {
		return slices.Contains(a.Keys(), Key{KeyAgentName, NameKey(name)})
	}
	a.Code, a.Acronym, a.Website = cmp.Or(a.Code, other.Code), cmp.Or(a.Acronym, other.Acronym), cmp.Or(a.Website, other.Website)
	for _, lang := range other.Names.Languages() {
		name := other.Names[lang]
		if a.Names[lang] == "" && lang != Undetermined {
			a.Names[lang] = name
		} else if !known(name) {
			a.Variants = append(a.Variants, name)
		}
	}
	for _, v := range append([]string{other.Acronym}, other.Variants...) {
		if v != "" && !known(v) {
			a.Variants = append(a.Variants, v)
		}
	}
	a.Identifiers = union(a.Identifiers, other.Identifiers)
}

// Entry gives the agent as the store keeps it: published and public.
func (a *Agent) Entry() (Entry, error) {
	body, err := json.Marshal(a)
	if err != nil {
		return Entry{}, fmt.Errorf("write the agent %s: %w", a.ID, err)
	}
	return Entry{ID: a.ID, Kind: KindAgent, Status: Published, Audience: Public, Keys: a.Keys(), Body: body}, nil
}

// AgentOf reads the agent that an entry holds.
func AgentOf(e Entry) (*Agent, error) {
	a := &Agent{}
	if err := e.decode(KindAgent, a); err != nil {
		return nil, err
	}
	a.ID, a.Version = e.ID, e.Version
	return a, nil
}

// NewAgent makes the record of a name as sources write it: a person, or an
// organisation when the name ends with its acronym in brackets or holds a word
// that only organisations have.
func NewAgent(name string) *Agent {
	name = strings.Join(strings.Fields(name), " ")
	a := &Agent{Type: Person, Names: Text{Undetermined: name}}
	if upright, ok := turned(name); ok {
		a.Names[Undetermined] = upright
		return a
	}
	if head, tail, ok := strings.Cut(name, " ("); ok && strings.HasSuffix(tail, ")") && head != "" {
		acronym := strings.TrimSuffix(tail, ")")
		if acronym == strings.ToUpper(acronym) && len(acronym) <= 12 {
			a.Type, a.Names[Undetermined], a.Acronym = Organisation, head, acronym
		}
	}
	for _, w := range analysis.Words(name) {
		if slices.Contains(organisationWords, w) {
			a.Type = Organisation
		}
	}
	if !strings.ContainsRune(name, ' ') && name == strings.ToUpper(name) && name != strings.ToLower(name) {
		a.Type = Organisation // a bare acronym
	}
	return a
}

// turned gives a person's name in its natural order when a source has the
// family name first: "Gusak, Nataliya", "King, Martin Luther, Jr.".
func turned(name string) (string, bool) {
	parts := strings.Split(name, ",")
	if len(parts) < 2 || len(parts) > 3 || strings.ContainsAny(name, "()/&") {
		return "", false
	}
	for i, p := range parts {
		parts[i] = strings.TrimSpace(p)
		if n := len(strings.Fields(p)); n == 0 || n > 4 {
			return "", false
		}
	}
	for _, w := range analysis.Words(name) {
		if slices.Contains(organisationWords, w) {
			return "", false
		}
	}
	upright := parts[1] + " " + parts[0]
	if len(parts) == 3 {
		upright += " " + parts[2]
	}
	return upright, true
}

// organisationWords are folded words by which the name of an organisation is
// told from a person's.
var organisationWords = strings.Fields(`agency alliance association bank bureau center centre coalition commission committee
	council court department directorate federation foundation fund government institute initiative ministry mission
	network ngo office organisation organization parliament programme program project secretariat service society
	taskforce union university unit working group international nations
	agence alianza asociacion association bureau centro commission comite comision conseil consejo fondation fundacion
	gobierno gouvernement instituto ministere ministerio oficina organizacion programa red secretaria universidad universite
	агентство ассоциация институт комиссия комитет министерство организация совет союз университет фонд центр`)

// Agents reads the agents among the entries that a store answers, by ID. It
// takes the store's error too, so that it can stand around the call.
func Agents(entries []Entry, err error) (map[ID]*Agent, error) {
	if err != nil {
		return nil, err
	}
	agents := make(map[ID]*Agent, len(entries))
	for _, e := range entries {
		a, err := AgentOf(e)
		if err != nil {
			return nil, err
		}
		agents[e.ID] = a
	}
	return agents, nil
}

// Label gives the agent's name for a reader of lang, with the acronym behind.
func (a *Agent) Label(lang string) string {
	name, _ := a.Names.In(lang)
	if a.Acronym != "" && a.Acronym != name {
		return name + " (" + a.Acronym + ")"
	}
	return name
}
