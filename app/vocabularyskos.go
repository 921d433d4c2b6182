package app

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"waymark/library"
	"waymark/skos"
	"waymark/vocabulary"
)

// vocabularyBase is the address below which the vocabularies have theirs: that
// of the library, where it is set.
func (c *Config) vocabularyBase() string {
	if c.URL == "" {
		return "urn:waymark:vocabularies"
	}
	return strings.TrimSuffix(c.URL, "/") + "/vocabularies"
}

type vocabularyExport struct {
	List   string `arg:"" enum:"topics,categories,regions,countries,thesaurus" help:"Which vocabulary: topics, categories, regions, countries or thesaurus."`
	Format string `help:"turtle or jsonld." enum:"turtle,jsonld" default:"turtle"`
}

// Run writes a vocabulary as SKOS.
func (c *vocabularyExport) Run(ctx context.Context, cfg *Config, s streams) (err error) {
	h, err := cfg.open(ctx)
	if err != nil {
		return err
	}
	defer h.close(&err)
	out := bufio.NewWriter(s.out)
	scheme := skos.Scheme{List: c.List, Base: cfg.vocabularyBase(), Terms: h.vocabularies.List(c.List).Every()}
	if err := skos.Write(out, skos.Format(c.Format), scheme); err != nil {
		return err
	}
	return out.Flush()
}

type vocabularyImport struct {
	List   string `arg:"" enum:"topics,categories,regions,countries,thesaurus" help:"Which vocabulary the terms are for."`
	File   string `arg:"" type:"existingfile" help:"SKOS in Turtle (.ttl) or JSON-LD (.jsonld, .json)."`
	Note   string `help:"Why, for the history."`
	DryRun bool   `help:"Say what would happen and write nothing."`
}

// Run takes the terms of a file into a vocabulary: all or none.
func (c *vocabularyImport) Run(ctx context.Context, cfg *Config, s streams) (err error) {
	as, err := c.read(cfg)
	if err != nil {
		return err
	}
	h, err := cfg.open(ctx)
	if err != nil {
		return err
	}
	defer h.close(&err)
	note := c.Note
	if note == "" {
		note = filepath.Base(c.File)
	}
	rep, err := h.terms.Import(ctx, library.Viewer{Name: atTerminal().Name, Role: library.System}, as, note, c.DryRun)
	if err != nil {
		return err
	}
	for _, part := range []struct {
		word  string
		codes []string
	}{{"new", rep.Added}, {"changed", rep.Changed}} {
		for _, code := range part.codes {
			fmt.Fprintf(s.out, "%-8s %s\n", part.word, code)
		}
	}
	end := ""
	if c.DryRun {
		end = " (nothing was written)"
	}
	fmt.Fprintf(s.out, "%d new, %d changed, %d as they were%s\n", len(rep.Added), len(rep.Changed), rep.Same, end)
	return nil
}

func (c *vocabularyImport) read(cfg *Config) ([]vocabulary.Amendment, error) {
	file, err := os.Open(c.File)
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", c.File, err)
	}
	defer file.Close()
	return skos.Read(file, skos.FormatOf(c.File), c.List, cfg.vocabularyBase())
}
