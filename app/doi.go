package app

import (
	"bufio"
	"context"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"waymark/catalogue"
	"waymark/format"
	"waymark/library"
)

type doiCommands struct {
	List doiList `cmd:"" help:"Write the published records that have no DOI as DataCite XML, each with the one that it may be given."`
}

type doiList struct{}

// doiPrefix is what a registration agency gives a library (ISO 26324; the DOI
// Handbook, section 2.2).
var doiPrefix = regexp.MustCompile(`^10\.[0-9]{4,9}(\.[0-9]+)*$`)

// Run writes what DataCite is told when DOIs are registered. The suggested DOI
// is the prefix and the ID of the record, which is never another's; its address
// is the lasting one, /r/ and the ID.
func (c *doiList) Run(ctx context.Context, cfg *Config, s streams) (err error) {
	if !doiPrefix.MatchString(cfg.DOIPrefix) {
		return &library.Error{Kind: library.Invalid, Field: "doi-prefix", Err: fmt.Errorf("set doi-prefix to the prefix that your registration agency has given you, as 10.12345")}
	}
	h, err := cfg.open(ctx)
	if err != nil {
		return err
	}
	defer h.close(&err)
	buffered := bufio.NewWriter(s.out)
	w := format.WriteDataCiteXML(buffered)
	err = h.each(ctx, library.Viewer{}, func(records []catalogue.Record) error {
		for _, rec := range records {
			if rec.Locked || slices.ContainsFunc(rec.Identifiers, func(id library.Identifier) bool { return id.Scheme == "doi" }) {
				continue
			}
			d := catalogue.Draft(rec, h.vocabularies)
			doi := library.Identifier{Scheme: "doi", Value: cfg.DOIPrefix + "/" + strings.ToLower(string(rec.ID))}
			d.Identifiers = append([]library.Identifier{doi}, d.Identifiers...)
			if err := w.Write(d); err != nil {
				return fmt.Errorf("write the record %s: %w", rec.ID, err)
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	if err := w.Close(); err != nil {
		return err
	}
	return buffered.Flush()
}
