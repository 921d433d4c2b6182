package library

import "waymark/match"

// Record gives what can be compared of the resource with another; agents have
// the names of its contributors, who are known by their IDs alone without.
func (r *Resource) Record(agents map[ID]*Agent) *match.Record {
	f := match.Facts{Year: r.Date.Year(), Languages: r.Languages, Edition: r.Edition, Container: r.Container,
		Volume: r.Volume, Issue: r.Issue, Pages: r.Pages}
	for _, form := range r.Forms() {
		f.Titles = append(f.Titles, match.Title{Text: form})
	}
	for _, lang := range r.Titles.Languages() {
		f.Titles = append(f.Titles, match.Title{Text: r.Titles[lang], Lang: lang})
	}
	for _, id := range r.AgentIDs() {
		c := match.Contributor{ID: string(id)}
		if a := agents[id]; a != nil {
			for _, lang := range a.Names.Languages() {
				c.Names = append(c.Names, a.Names[lang])
			}
			c.Names, c.Acronym = append(c.Names, a.Variants...), a.Acronym
		}
		f.Contributors = append(f.Contributors, c)
	}
	for _, id := range r.Identifiers {
		f.Identifiers = append(f.Identifiers, match.Identifier(id))
	}
	for _, l := range r.Links {
		f.URLs = append(f.URLs, l.URL)
	}
	return match.New(f)
}

// LinkKeys gives the keys under which the resources of some addresses are found.
func LinkKeys(addresses []string) []Key {
	r := &Resource{}
	for _, a := range addresses {
		r.Links = append(r.Links, Link{a})
	}
	return r.CandidateKeys(r.Record(nil))
}

// Compare says whether two records describe the same work, by the IDs of their
// contributors. Translations and editions are other works: they are Different.
func Compare(a, b *Resource) match.Verdict { return match.Compare(a.Record(nil), b.Record(nil)) }
