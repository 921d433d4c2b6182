package provider

import (
	"bufio"
	"bytes"
	"encoding/xml"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"time"

	"waymark/catalogue"
	"waymark/library"
)

// writer writes elements; the first error is kept and ends the writing.
type writer struct {
	w   *bufio.Writer
	buf bytes.Buffer
	err error
}

func (x *writer) raw(parts ...string) {
	for _, s := range parts {
		if x.err == nil {
			_, x.err = x.w.WriteString(s)
		}
	}
}

// text writes a text; what XML 1.0 does not have becomes U+FFFD.
func (x *writer) text(s string) {
	x.buf.Reset()
	_ = xml.EscapeText(&x.buf, []byte(printable(s))) // a Buffer takes all
	if x.err == nil {
		_, x.err = x.w.Write(x.buf.Bytes())
	}
}

// leaf writes an element with a text.
func (x *writer) leaf(name, text string) {
	x.raw("<", name, ">")
	x.text(text)
	x.raw("</", name, ">")
}

// attribute writes an attribute of the element that is open.
func (x *writer) attribute(name, value string) {
	x.raw(" ", name, `="`)
	x.text(value)
	x.raw(`"`)
}

const head = xml.Header + `<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" ` +
	`xsi:schemaLocation="http://www.openarchives.org/OAI/2.0/ http://www.openarchives.org/OAI/2.0/OAI-PMH.xsd">`

// write writes the whole answer.
func (a *answer) write(w *bufio.Writer) error {
	x := &writer{w: w}
	x.raw(head)
	x.leaf("responseDate", a.at.Format(bySecond))
	x.raw("<request")
	for _, name := range argumentNames(a.said) {
		x.attribute(name, a.said.Get(name))
	}
	x.raw(">")
	x.text(a.base)
	x.raw("</request>")
	if a.fault != nil {
		x.raw("<error")
		x.attribute("code", a.fault.Code)
		x.raw(">")
		x.text(a.fault.Text)
		x.raw("</error>")
	} else {
		verb := a.said.Get("verb")
		x.raw("<", verb, ">")
		a.body(x)
		x.raw("</", verb, ">")
	}
	x.raw("</OAI-PMH>\n")
	if x.err != nil {
		return fmt.Errorf("write an answer of OAI-PMH: %w", x.err)
	}
	return nil
}

func argumentNames(values url.Values) []string {
	var names []string
	for name := range values {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

func (a *answer) header(x *writer, one item) {
	x.raw("<header")
	if one.Gone {
		x.attribute("status", "deleted")
	}
	x.raw(">")
	x.leaf("identifier", a.prefix()+string(one.Entry.ID))
	x.leaf("datestamp", one.At.Format(bySecond))
	for _, spec := range specs(one.resource, a.Vocabularies) {
		x.leaf("setSpec", spec)
	}
	x.raw("</header>")
}

// record writes a record; beside what it says of itself it has its lasting
// address in the library.
func (a *answer) record(x *writer, f metadataFormat, one item) {
	x.raw("<record>")
	a.header(x, one)
	if !one.Gone && x.err == nil {
		d := catalogue.Draft(one.record, a.Vocabularies)
		d.Links = append([]library.Link{{URL: a.origin + "/r/" + string(one.Entry.ID)}}, d.Links...)
		b, err := f.Marshal(d)
		if err != nil {
			x.err = fmt.Errorf("write the record %s as %s: %w", one.Entry.ID, f.Prefix, err)
			return
		}
		x.raw("<metadata>", string(b), "</metadata>")
	}
	x.raw("</record>")
}

// token ends a page. The last one of a list that has several has an empty one.
func (x *writer) token(next token, cursor int, more bool) {
	x.raw("<resumptionToken")
	if next.Total > 0 {
		x.attribute("completeListSize", strconv.Itoa(next.Total))
	}
	x.attribute("cursor", strconv.Itoa(cursor))
	x.raw(">")
	if more {
		x.text(next.String())
	}
	x.raw("</resumptionToken>")
}

func (a *answer) identify() error {
	first, err := a.Notices.Notices(a.ctx, library.Mark{}, time.Time{}, 1)
	if err != nil {
		return err
	}
	earliest, sample := a.at, library.ID("01ARZ3NDEKTSV4RRFFQ69G5FAV")
	if len(first) > 0 {
		earliest, sample = first[0].At, first[0].Entry.ID
	}
	email := a.Email
	if email == "" {
		email = "library@" + a.host()
	}
	a.body = func(x *writer) {
		x.leaf("repositoryName", a.Name)
		x.leaf("baseURL", a.base)
		x.leaf("protocolVersion", "2.0")
		x.leaf("adminEmail", email)
		x.leaf("earliestDatestamp", earliest.Format(bySecond))
		x.leaf("deletedRecord", "persistent")
		x.leaf("granularity", "YYYY-MM-DDThh:mm:ssZ")
		x.leaf("compression", "gzip")
		x.raw(`<description><oai-identifier xmlns="http://www.openarchives.org/OAI/2.0/oai-identifier" ` +
			`xsi:schemaLocation="http://www.openarchives.org/OAI/2.0/oai-identifier http://www.openarchives.org/OAI/2.0/oai-identifier.xsd">`)
		x.leaf("scheme", "oai")
		x.leaf("repositoryIdentifier", a.host())
		x.leaf("delimiter", ":")
		x.leaf("sampleIdentifier", a.prefix()+string(sample))
		x.raw("</oai-identifier></description>")
	}
	return nil
}

func (a *answer) listFormats(values url.Values) error {
	if values.Has("identifier") {
		if _, err := a.one(values.Get("identifier")); err != nil {
			return err
		}
	}
	a.body = func(x *writer) {
		for _, f := range metadataFormats() {
			x.raw("<metadataFormat>")
			x.leaf("metadataPrefix", f.Prefix)
			x.leaf("schema", f.Schema)
			x.leaf("metadataNamespace", f.Namespace)
			x.raw("</metadataFormat>")
		}
	}
	return nil
}

// listSets names every set that there can be, whether anything is in it or not,
// so that the list tells nothing of the records.
func (a *answer) listSets(values url.Values) error {
	if values.Has("resumptionToken") {
		return faultf(badResumptionToken, "the list of sets is given whole")
	}
	a.body = func(x *writer) {
		for _, f := range setFields() {
			word := string(f)
			name := string(word[0]-'a'+'A') + word[1:]
			x.set(word, name)
			for _, term := range a.Vocabularies.Field(f).All() {
				if label, _ := term.Labels.In("en"); setWord.MatchString(term.Code) {
					x.set(word+":"+term.Code, name+": "+label)
				}
			}
		}
	}
	return nil
}

func (x *writer) set(spec, name string) {
	x.raw("<set>")
	x.leaf("setSpec", spec)
	x.leaf("setName", name)
	x.raw("</set>")
}
