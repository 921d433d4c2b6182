package intake

import "waymark/library"

// Report says what became of a source, record by record. Read counts every
// record that was found; it is Added + Known + Updated + Joined + the refused records.
type Report struct {
	Source    string
	Read      int
	Added     int    // new resources
	Known     int    // statements that the library already holds
	Updated   int    // records that a source says something else of than before
	Joined    []Pair // taken into a resource that was there: the same work
	Suspected []Pair // added, but near to another: a person decides
	Refused   []Note // lost to the library, with the reason
	Warnings  []Note // taken in, with a part that was not understood; each text once

	warned map[string]int // places in Warnings by text
}

// Pair is a record of the source beside a resource of the library.
type Pair struct {
	Line   int    // of the record
	Title  string // as the source has it
	Other  string // title of the resource
	Reason string
	ID     library.ID // of the record of the source, which stays as a merged one when it was joined
}

// Note is a remark on a line of the source; line 0 is the source as a whole.
type Note struct {
	Line int
	Text string
	More int // records beside for which the same is to be said
}

// There is the number of records that were in the library already, by the
// same statement or by another of the same work.
func (r *Report) There() int { return r.Known + len(r.Joined) }

func (r *Report) add(part Report) {
	r.Added += part.Added
	r.Known += part.Known
	r.Updated += part.Updated
	r.Joined = append(r.Joined, part.Joined...)
	r.Suspected = append(r.Suspected, part.Suspected...)
	r.Refused = append(r.Refused, part.Refused...)
	for _, n := range part.Warnings {
		r.note(n)
	}
}

func (r *Report) warn(line int, text string) { r.note(Note{Line: line, Text: text}) }

// note takes in a warning; one that was given before is counted there, since a
// word that no vocabulary knows stands in thousands of records.
func (r *Report) note(n Note) {
	if at, ok := r.warned[n.Text]; ok {
		r.Warnings[at].More += 1 + n.More
		return
	}
	if r.warned == nil {
		r.warned = map[string]int{}
	}
	r.warned[n.Text] = len(r.Warnings)
	r.Warnings = append(r.Warnings, n)
}
