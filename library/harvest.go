package library

import (
	"encoding/json"
	"fmt"
	"time"
)

// KindHarvest is the kind of the entries that hold a Harvest.
const KindHarvest Kind = "harvest"

// HarvestType is the kind of a source.
type HarvestType string

// The kinds of sources.
const (
	HarvestOAI     HarvestType = "" // a provider of OAI-PMH
	HarvestFeed    HarvestType = "feed"
	HarvestSitemap HarvestType = "sitemap"
)

// Harvest is a source of records on the web that is read again and again. It is
// a draft as an entry, so that only curators see it.
type Harvest struct {
	ID      ID    `json:"-"`
	Version int64 `json:"-"`

	Name   string        `json:"name"`
	URL    string        `json:"url"`
	Type   HarvestType   `json:"type,omitempty"`
	Prefix string        `json:"prefix,omitempty"` // metadataPrefix of OAI-PMH
	Set    string        `json:"set,omitempty"`
	Map    string        `json:"map,omitempty"` // what its words become, see format.ReadRules
	Every  time.Duration `json:"every"`         // nanoseconds between two runs

	Granularity string    `json:"granularity,omitempty"` // of the provider's dates
	From        string    `json:"from,omitempty"`        // the next run begins at this date of the provider; of others RFC 3339
	Token       string    `json:"token,omitempty"`       // where a run stopped that did not come to its end
	Next        string    `json:"next,omitempty"`        // From once that run has come to its end
	Full        time.Time `json:"full,omitzero"`         // when all pages of a sitemap were last asked for, those without a date too
	Ran         time.Time `json:"ran,omitzero"`          // when the last run ended
	Records     int       `json:"records,omitempty"`     // of the last run
	Error       string    `json:"error,omitempty"`       // of the last run
}

// KeyHarvest is the scheme of the keys of harvests: "all", and "name " with the
// name of each.
const KeyHarvest = "harvest"

// Entry gives the harvest as the store keeps it.
func (h *Harvest) Entry() (Entry, error) {
	body, err := json.Marshal(h)
	if err != nil {
		return Entry{}, fmt.Errorf("write the harvest %s: %w", h.Name, err)
	}
	keys := []Key{{KeyHarvest, "all"}, {KeyHarvest, "name " + h.Name}}
	return Entry{ID: h.ID, Kind: KindHarvest, Status: Draft, Audience: Public, Keys: keys, Body: body}, nil
}

// HarvestOf reads the harvest that an entry holds.
func HarvestOf(e Entry) (*Harvest, error) {
	h := &Harvest{}
	if err := e.decode(KindHarvest, h); err != nil {
		return nil, err
	}
	h.ID, h.Version = e.ID, e.Version
	return h, nil
}
