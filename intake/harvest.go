package intake

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"iter"
	"strings"

	"waymark/feed"
	"waymark/format"
	"waymark/library"
	"waymark/oai"
)

// Harvester reads a source of the web into the library, page by page.
type Harvester struct {
	*Importer // its History is set
	Source    *library.Harvest
	Client    *oai.Client  // for a provider of OAI-PMH
	Feed      *feed.Client // for a feed or a sitemap

	rules format.Rules // of the source
}

// Run harvests what is new since the last run, or goes on where that stopped.
// After each page the library remembers where it is, so that whatever stops the
// run, the next goes on there. The report is of all pages.
func (h *Harvester) Run(ctx context.Context) (Report, error) {
	rep := Report{Source: h.Source.Name}
	err := h.run(ctx, &rep)
	if e, ok := errors.AsType[*oai.ProtocolError](err); ok && e.Code == "badResumptionToken" && h.Source.Token != "" {
		// The provider has forgotten where we were: what is new is asked for again.
		h.Source.Token = ""
		err = h.run(ctx, &rep)
	}
	src := h.Source
	if src.Error = ""; err != nil {
		src.Error = err.Error()
	}
	if ctx.Err() != nil {
		return rep, err
	}
	src.Ran, src.Records = h.Now().UTC(), rep.Read
	return rep, errors.Join(err, h.keep(ctx))
}

func (h *Harvester) run(ctx context.Context, rep *Report) error {
	var err error
	if h.rules, err = format.ReadRules(strings.NewReader(h.Source.Map)); err != nil {
		return fmt.Errorf("harvest %s: %w", h.Source.Name, err)
	}
	switch h.Source.Type {
	case library.HarvestFeed:
		return h.entries(ctx, rep)
	case library.HarvestSitemap:
		return h.pages(ctx, rep)
	}
	return h.provider(ctx, rep)
}

// provider harvests a provider of OAI-PMH.
func (h *Harvester) provider(ctx context.Context, rep *Report) error {
	src := h.Source
	if src.Token == "" {
		id, err := h.Client.Identify(ctx)
		if err != nil {
			return fmt.Errorf("harvest %s: %w", src.Name, err)
		}
		src.Granularity = id.Granularity
		src.Next = oai.Overlap(id.Date, id.Granularity)
	}
	for page, err := range h.Client.Records(ctx, oai.Ask{Prefix: src.Prefix, Set: src.Set, From: src.From, Token: src.Token}) {
		if err != nil {
			return fmt.Errorf("harvest %s: %w", src.Name, err)
		}
		if _, err := h.take(ctx, h.drafts(page.Records, rep.Read), page.Token, rep); err != nil {
			return err
		}
	}
	src.From, src.Next, src.Token = src.Next, "", ""
	return nil
}

// take imports a page and remembers where the next begins; it gives the report
// of the page alone.
func (h *Harvester) take(ctx context.Context, drafts format.Drafts, token string, rep *Report) (Report, error) {
	part, err := h.Import(ctx, h.Source.Name, drafts)
	rep.add(part)
	rep.Read += part.Read
	if err != nil {
		return part, err
	}
	if h.Source.Token = token; token != "" {
		err = h.keep(ctx)
	}
	return part, err
}

// keep has the library remember where the harvest is.
func (h *Harvester) keep(ctx context.Context) error {
	e, err := h.Source.Entry()
	if err != nil {
		return err
	}
	_, err = h.Store.Commit(ctx, library.Edit{At: h.Now(), Actor: h.Actor, Action: ActionHarvest, Note: h.Source.Name,
		Changes: []library.Change{{Read: h.Source.Version, Entry: e}}})
	if err != nil {
		return fmt.Errorf("remember where the harvest %s is: %w", h.Source.Name, err)
	}
	h.Source.Version++
	return nil
}

// drafts reads the records of a page; they are numbered from before + 1.
func (h *Harvester) drafts(records []oai.Record, before int) iter.Seq2[format.Draft, error] {
	return func(yield func(format.Draft, error) bool) {
		for i, r := range records {
			number := before + i + 1
			problem := func(text string) error {
				return &format.Problem{Line: number, Text: r.Identifier + ": " + text}
			}
			switch {
			case r.Problem != "":
				if !yield(format.Draft{}, problem(r.Problem)) {
					return
				}
			case r.Deleted:
				if !yield(format.Draft{Line: number, Key: r.Identifier, Deleted: true}, nil) {
					return
				}
			default:
				d, err := metadata(r.Metadata, h.rules)
				d = h.rules.Apply(d, r.Sets...)
				if err != nil {
					err = problem(err.Error())
				}
				d.Line, d.Key = number, r.Identifier
				if !yield(d, err) {
					return
				}
			}
		}
	}
}

// metadata reads the one record in a piece of XML.
func metadata(data []byte, rules format.Rules) (format.Draft, error) {
	for d, err := range format.Read(bytes.NewReader(data), format.Options{Rules: rules}) {
		return d, err
	}
	return format.Draft{}, errors.New("it holds no record of a form that is known")
}
