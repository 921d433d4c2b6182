package provider

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"time"

	"waymark/catalogue"
	"waymark/library"
)

// answer is one answer on its way: what it says is gathered first, so that a
// failure is known before the first byte goes out.
type answer struct {
	*Provider
	ctx    context.Context
	origin string
	base   string    // the provider's own address
	at     time.Time // of the answer

	said  url.Values      // the arguments, when they are to be repeated
	fault *Fault          // what is wrong with the request
	body  func(x *writer) // writes the element of the verb
}

// answer gathers what is to be said. An error is the library's; one of the
// harvester's is a fault, and part of the answer.
func (a *answer) answer(r *http.Request) error {
	values, err := arguments(r)
	if err == nil {
		err = a.ask(values)
	}
	if f, ok := asFault(err); ok {
		a.fault, err = f, nil
		if f.Code == badVerb || f.Code == badArgument {
			a.said = nil
		}
	}
	return err
}

func (a *answer) ask(values url.Values) error {
	verb, err := check(values)
	if err != nil {
		return err
	}
	a.said = values
	switch verb {
	case "Identify":
		return a.identify()
	case "ListMetadataFormats":
		return a.listFormats(values)
	case "ListSets":
		return a.listSets(values)
	case "GetRecord":
		return a.getRecord(values)
	}
	return a.list(verb, values)
}

// item is a record of an answer.
type item struct {
	library.Notice
	resource *library.Resource // of one that is gone, by which it was chosen only
	record   catalogue.Record  // empty for one that is gone, and where only headers are asked for
}

// list answers ListRecords and ListIdentifiers.
func (a *answer) list(verb string, values url.Values) error {
	at, err := a.place(verb, values)
	if err != nil {
		return err
	}
	f, err := formatOf(at.Prefix)
	if err != nil {
		return err
	}
	var only set
	if at.Set != "" {
		if only, err = parseSet(at.Set); err != nil {
			return err
		}
	}
	items, more, err := a.gather(at, only)
	if err != nil {
		return err
	}
	if len(items) == 0 {
		return faultf(noRecordsMatch, "nothing was changed then, or nothing of the set")
	}
	next := at
	last := items[len(items)-1].Mark()
	next.At, next.ID, next.Cursor = last.At.UnixMicro(), last.ID, at.Cursor+len(items)
	if more && at.Set == "" && at.Cursor == 0 {
		if next.Total, err = a.Notices.CountNotices(a.ctx, at.mark(), at.before()); err != nil {
			return err
		}
	}
	whole := verb == "ListRecords"
	if whole {
		if err := a.read(items); err != nil {
			return err
		}
	}
	a.body = func(x *writer) {
		for _, one := range items {
			if whole {
				a.record(x, f, one)
			} else {
				a.header(x, one)
			}
		}
		if more || at.Cursor > 0 {
			x.token(next, at.Cursor, more)
		}
	}
	return nil
}

// place gives where a list begins: at its arguments, or where a token says.
func (a *answer) place(verb string, values url.Values) (token, error) {
	if s := values.Get("resumptionToken"); values.Has("resumptionToken") {
		return parseToken(s, verb)
	}
	prefix := values.Get("metadataPrefix")
	if !setWord.MatchString(prefix) {
		return token{}, faultf(badArgument, "the metadataPrefix cannot be one")
	}
	t := token{Verb: verb, Prefix: prefix}
	if values.Has("set") {
		if t.Set = values.Get("set"); t.Set == "" {
			return token{}, faultf(badArgument, "the set has no name")
		}
	}
	s, err := spanOf(values)
	if err != nil {
		return token{}, err
	}
	if !s.before.IsZero() {
		t.Before = s.before.UnixMicro()
	}
	if !s.from.IsZero() {
		t.At = s.from.UnixMicro()
	}
	return t, nil
}

const (
	setStep = 1000   // notices that are looked at a time for those of a set
	setLook = 25_000 // and after how many a page ends that has found two: about half a second
)

// gather gives the records of a page, and whether more come behind them.
func (a *answer) gather(at token, only set) (items []item, more bool, err error) {
	room := a.PageSize
	if room <= 0 {
		room = pageSize
	}
	step := room + 1
	if only.field != "" {
		step = setStep
	}
	for mark, looked := at.mark(), 0; ; looked += step {
		if last := len(items) - 1; looked >= setLook && last > 0 {
			return items[:last], true, nil // the last one is kept, so that the next page has one
		}
		notices, err := a.Notices.Notices(a.ctx, mark, at.before(), step)
		if err != nil {
			return nil, false, err
		}
		for _, n := range notices {
			mark = n.Mark()
			if only.field != "" && !only.may(n.Entry.Body) {
				continue
			}
			one, err := itemOf(n)
			if err != nil {
				return nil, false, err
			}
			if only.field != "" && !only.holds(one.resource) {
				continue
			}
			if len(items) == room {
				return items, true, nil
			}
			items = append(items, one)
		}
		if len(notices) < step {
			return items, false, nil
		}
	}
}

func itemOf(n library.Notice) (item, error) {
	r, err := library.ResourceOf(n.Entry)
	return item{Notice: n, resource: r}, err
}

// read gives each item that is there its record, as everyone sees it.
func (a *answer) read(items []item) error {
	var entries []library.Entry
	for _, one := range items {
		if !one.Gone {
			entries = append(entries, one.Entry)
		}
	}
	records, err := a.Catalogue.RecordsOf(a.ctx, library.Viewer{}, entries)
	if err == nil {
		err = a.Catalogue.Related(a.ctx, library.Viewer{}, records)
	}
	if err != nil {
		return err
	}
	for i := range items {
		if !items[i].Gone {
			items[i].record, records = records[0], records[1:]
		}
	}
	return nil
}

func (a *answer) getRecord(values url.Values) error {
	if !setWord.MatchString(values.Get("metadataPrefix")) {
		return faultf(badArgument, "the metadataPrefix cannot be one")
	}
	one, err := a.one(values.Get("identifier"))
	if err != nil {
		return err
	}
	f, err := formatOf(values.Get("metadataPrefix"))
	if err != nil {
		return err
	}
	items := []item{one}
	if err := a.read(items); err != nil {
		return err
	}
	a.body = func(x *writer) { a.record(x, f, items[0]) }
	return nil
}

// one finds the record of an identifier.
func (a *answer) one(identifier string) (item, error) {
	if u, err := url.Parse(identifier); err != nil || u.Scheme == "" || strings.ContainsAny(identifier, " \t\r\n<>\"{}|\\^`") {
		return item{}, faultf(badArgument, "the identifier is not a URI")
	}
	name, ours := strings.CutPrefix(identifier, a.prefix())
	id := library.ID(name)
	if !ours || !id.Valid() {
		return item{}, faultf(idDoesNotExist, "this library has no such record")
	}
	n, err := a.Notices.Notice(a.ctx, id)
	if library.KindOf(err) == library.NotFound {
		return item{}, faultf(idDoesNotExist, "this library has no such record")
	}
	if err != nil {
		return item{}, err
	}
	return itemOf(n)
}

// prefix is what stands before the ID of an entry in an identifier.
func (a *answer) prefix() string { return "oai:" + a.host() + ":" }
