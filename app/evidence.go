package app

import (
	"bytes"
	"context"
	"crypto/rand"
	_ "embed"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"waymark/evidence"
	"waymark/library"
)

// demoEvidence codes publications of the demonstration collection. That the
// publications exist is a fact; how they are coded is a demonstration.
//
//go:embed demo/evidence.json
var demoEvidence []byte

type evidenceCommands struct {
	Import   evidenceImportCommand   `cmd:"" help:"Read a review or an evidence map (JSON of EPPI-Reviewer, or of this program)."`
	Snapshot evidenceSnapshotCommand `cmd:"" help:"Freeze a map, to be cited."`
}

type evidenceImportCommand struct {
	File    string `arg:"" type:"existingfile" help:"The file to read."`
	Name    string `help:"What to call an imported review; the file's name when it is left out."`
	Rows    string `help:"The code set that becomes the rows, by name or number (EPPI)."`
	Columns string `help:"The code set that becomes the columns."`

	Searched  string   `help:"The day of the review's last search, as 2026-11-01 (EPPI)."`
	Languages []string `help:"The languages in which was searched, as en,fr (EPPI)." default:"en"`
}

// Run reads a file into the evidence base; nothing is written unless all of it
// can be.
func (c *evidenceImportCommand) Run(ctx context.Context, cfg *Config, s streams) (err error) {
	h, err := cfg.open(ctx)
	if err != nil {
		return err
	}
	defer h.close(&err)
	raw, err := os.ReadFile(c.File)
	if err != nil {
		return fmt.Errorf("read %s: %w", c.File, err)
	}
	var col evidence.Collection
	if bytes.Contains(raw, []byte(`"CodeSets"`)) {
		if col, err = c.review(raw, s.out); err != nil {
			return err
		}
	} else if col, err = evidence.ReadJSON(bytes.NewReader(raw)); err != nil {
		return err
	}
	n, err := h.adopt(ctx, "waymark evidence import", filepath.Base(c.File), col)
	if err != nil {
		return err
	}
	fmt.Fprintf(s.out, "Added %d entries to the evidence base.\n", n)
	return nil
}

// review reads the JSON of EPPI-Reviewer and says what was put right in it.
func (c *evidenceImportCommand) review(raw []byte, out io.Writer) (evidence.Collection, error) {
	name := c.Name
	if name == "" {
		name = strings.TrimSuffix(filepath.Base(c.File), filepath.Ext(c.File))
	}
	rv, err := evidence.ReadEPPI(bytes.NewReader(raw), name, c.Rows, c.Columns)
	if err != nil {
		return evidence.Collection{}, err
	}
	fmt.Fprintf(out, "Read %d studies with %d codes in %d code sets.\n", len(rv.Studies), rv.Codes, len(rv.Framework.Trees))
	for _, line := range rv.Repairs.Lines() {
		fmt.Fprintln(out, " ", line)
	}
	now := time.Now()
	for _, st := range rv.Studies {
		if st.ID, err = library.NewID(now, rand.Reader); err != nil {
			return evidence.Collection{}, err
		}
	}
	f := rv.Framework
	m := &evidence.Map{Code: f.Code, Framework: f.Code + "/1", Titles: f.Labels, Question: f.Labels, Rows: f.Trees[0].Code, Columns: f.Trees[1].Code,
		Searched: c.Searched, Languages: c.Languages, Due: now.AddDate(1, 0, 0).Format(time.DateOnly)}
	return evidence.Collection{Map: m, Framework: &f, Studies: rv.Studies}, nil
}

type evidenceSnapshotCommand struct {
	Map string `arg:"" optional:"" help:"The code of the map; the first when it is left out."`
}

// Run freezes what a public reader sees of a map.
func (c *evidenceSnapshotCommand) Run(ctx context.Context, cfg *Config, s streams) (err error) {
	h, err := cfg.open(ctx)
	if err != nil {
		return err
	}
	defer h.close(&err)
	snap, err := h.freeze(ctx, "waymark evidence snapshot", c.Map)
	if err != nil {
		return err
	}
	fmt.Fprintf(s.out, "%s\n/evidence/snapshots/%s\n", snap.Citations, snap.Hash)
	return nil
}

// evidenceDesk is where studies are coded.
func (h *house) evidenceDesk() *evidence.Desk {
	return &evidence.Desk{Base: h.evidence, Store: h.store, Now: time.Now, Entropy: entropy()}
}

// adopt brings a collection into the evidence base and gives how many entries
// were added. What the studies say of their publications is taken from the
// catalogue, and its hash kept.
func (h *house) adopt(ctx context.Context, actor, from string, col evidence.Collection) (int, error) {
	view, err := h.evidence.View(ctx, library.House())
	if err != nil {
		return 0, err
	}
	_, builtIn, err := evidence.ReadWords()
	if err != nil {
		return 0, err
	}
	for _, s := range col.Studies {
		if err := h.describe(ctx, s); err != nil {
			return 0, err
		}
	}
	entropy := entropy()
	now := time.Now()
	changes, err := view.Adopt(col, builtIn, func() (library.ID, error) { return library.NewID(now, entropy) })
	if err != nil || len(changes) == 0 {
		return 0, err
	}
	if _, err := h.store.Commit(ctx, library.Edit{At: now, Actor: actor, Action: "evidence", Note: from, Changes: changes}); err != nil {
		return 0, fmt.Errorf("keep the evidence of %s: %w", from, err)
	}
	return len(changes), nil
}

// describe fills in what a study's first publication says.
func (h *house) describe(ctx context.Context, s *evidence.Study) error {
	for i := range s.Publications {
		p := &s.Publications[i]
		rec, err := h.catalogue.Record(ctx, library.House(), p.Resource)
		if err != nil {
			return fmt.Errorf("read the publication of study %s: %w", s.ID, err)
		}
		if p.Hash == "" {
			p.Hash = evidence.FingerprintOf(rec.Resource)
		}
		if rec.Audience != library.Public { // the study tells of its publication
			s.Status, s.Audience = library.Published, rec.Audience
		}
		if i == 0 && len(s.Titles) == 0 {
			s.Titles, s.Year, s.Languages = rec.Titles, rec.Date.Year(), rec.Languages
		}
	}
	return nil
}

// freeze keeps a snapshot of a map; the same content is kept once.
func (h *house) freeze(ctx context.Context, actor, code string) (evidence.Snapshot, error) {
	view, err := h.evidence.View(ctx, library.Viewer{})
	if err != nil {
		return evidence.Snapshot{}, err
	}
	m, ok := view.Map(code)
	if !ok {
		return evidence.Snapshot{}, library.Errorf(library.NotFound, "no evidence map is called %q", code)
	}
	f, ok := view.Framework(m.Framework)
	if !ok {
		return evidence.Snapshot{}, library.Errorf(library.NotFound, "the framework of the map %q is not public", m.Code)
	}
	now := time.Now()
	snap, err := evidence.Freeze(*m, *f, view.On(m), view.GapsOf(m), now)
	if err != nil {
		return evidence.Snapshot{}, err
	}
	for _, old := range view.Snapshots {
		if old.Hash == snap.Hash {
			return *old, nil
		}
	}
	if snap.ID, err = library.NewID(now, rand.Reader); err != nil {
		return evidence.Snapshot{}, err
	}
	snap.Status, snap.Audience = library.Published, library.Public
	e, err := snap.Entry()
	if err != nil {
		return evidence.Snapshot{}, err
	}
	_, err = h.store.Commit(ctx, library.Edit{At: now, Actor: actor, Action: "snapshot", Note: m.Code, Changes: []library.Change{{Entry: e}}})
	return snap, err
}

// importDemoEvidence puts the demonstration's evidence map into the library,
// and freezes it once.
func (h *house) importDemoEvidence(ctx context.Context, out io.Writer) error {
	col, err := evidence.ReadJSON(bytes.NewReader(demoEvidence))
	if err != nil {
		return fmt.Errorf("read the evidence of the demonstration: %w", err)
	}
	placeNotes(col)
	n, err := h.adopt(ctx, "waymark serve --demo", "the demonstration evidence map", col)
	if err != nil || n == 0 {
		return err
	}
	fmt.Fprintf(out, "Added an evidence map with %d studies, coded as a demonstration.\n", len(col.Studies))
	_, err = h.freeze(ctx, "waymark serve --demo", col.Map.Code)
	return err
}
