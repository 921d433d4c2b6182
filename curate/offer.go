package curate

import (
	"context"
	"strings"

	"waymark/library"
)

// Offer is a record that somebody without an account hands in: what it says in
// their own words, for a curator to make something of.
type Offer struct {
	Title, Lang, Abstract string
	Date                  library.Date
	Link                  string
	Stated                []library.Stated // fields whose names a curator turns into codes
	Note                  string
	Address, AnswerIn     string // e-mail for the answer, and its language; empty for none
}

const (
	// offerSource is the source that an offer is kept under.
	offerSource = "handed in without an account"
	// offerActor stands in the history as the one who did it.
	offerActor = "anyone"
	// NoteMost is how many characters a note has at most.
	NoteMost = 4000
)

// resource makes the draft of an offer.
func (o Offer) resource() *library.Resource {
	r := &library.Resource{Status: library.Draft, Audience: library.Public, Titles: library.Text{}, Languages: []string{o.Lang},
		Date: o.Date, Review: library.Review{Unnamed: true}}
	if o.Title != "" {
		r.Titles[o.Lang] = o.Title
	}
	if o.Abstract != "" {
		r.Abstracts = library.Text{o.Lang: o.Abstract}
	}
	if o.Link != "" {
		r.Links = []library.Link{{URL: o.Link}}
	}
	return r
}

// Check tells what is at fault with an offer, like Check of a record.
func (o Offer) Check() error { return Check(o.resource()) }

// Offer keeps an offer as a draft in the queue of what was submitted. Names stay
// words of its source: nobody without an account makes persons, organisations or
// codes. It answers Invalid like Check.
func (d *Desk) Offer(ctx context.Context, o Offer) (library.Edit, error) {
	r := o.resource()
	if err := Check(r); err != nil {
		return library.Edit{}, err
	}
	var err error
	if r.ID, err = d.NewID(); err != nil {
		return library.Edit{}, err
	}
	r.Sources = []library.Source{{Name: offerSource, At: d.Now(), Stated: o.Stated}}
	edit := d.edit(library.Viewer{Name: offerActor}, "submit", "")
	if err := add(&edit, 0, r); err != nil {
		return edit, err
	}
	if o.Note = strings.TrimSpace(o.Note); o.Note != "" || o.Address != "" {
		if err := d.note(ctx, library.Note{Subject: r.ID, Address: o.Address, Lang: o.AnswerIn, Text: o.Note}); err != nil {
			return edit, err
		}
	}
	return d.Store.Commit(ctx, edit)
}

// Say keeps what a person says about a record that they may change.
func (d *Desk) Say(ctx context.Context, v library.Viewer, id library.ID, text string) error {
	if _, err := d.Own(ctx, v, id); err != nil {
		return err
	}
	return d.note(ctx, library.Note{Subject: id, Author: v.Name, Text: text})
}

func (d *Desk) note(ctx context.Context, n library.Note) (err error) {
	if n.Text = strings.TrimSpace(n.Text); len([]rune(n.Text)) > NoteMost || n.Text == "" && n.Address == "" {
		return &library.Error{Kind: library.Invalid, Field: "say", Key: "desk.fault.say"}
	}
	if n.ID, err = d.NewID(); err != nil {
		return err
	}
	n.At = d.Now()
	return d.Notes.AddNote(ctx, library.House(), n)
}

// Said gives what was said about a record to those who may change it, the first
// first.
func (d *Desk) Said(ctx context.Context, v library.Viewer, id library.ID) ([]library.Note, error) {
	if _, err := d.Own(ctx, v, id); err != nil {
		return nil, err
	}
	return d.Notes.Notes(ctx, library.House(), id)
}
