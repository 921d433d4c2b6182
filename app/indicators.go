package app

import (
	"bytes"
	"cmp"
	"context"
	_ "embed"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"time"

	"waymark/indicator"
	"waymark/library"
)

// demoIndicators is the registry of the demonstration, worded for it.
//
//go:embed demo/indicators.json
var demoIndicators []byte

type indicatorCommands struct {
	Import  indicatorImportCommand  `cmd:"" help:"Read observations from CSV, XLSX or SDMX-CSV; nothing is written unless all of them pass."`
	Release indicatorReleaseCommand `cmd:"" help:"Freeze the numbers of an indicator for readers, after disclosure control."`
}

type indicatorImportCommand struct {
	File  string `arg:"" type:"existingfile" help:"The file to read."`
	Check bool   `help:"Only say what is wrong with it."`
}

// Run judges a delivery, says what is wrong line by line, and takes it in if
// nothing blocks it. Readers see it with the next release.
func (c *indicatorImportCommand) Run(ctx context.Context, cfg *Config, s streams) (err error) {
	h, err := cfg.open(ctx)
	if err != nil {
		return err
	}
	defer h.close(&err)
	raw, err := os.ReadFile(c.File)
	if err != nil {
		return fmt.Errorf("read %s: %w", c.File, err)
	}
	sheet, err := indicator.ReadSheet(bytes.NewReader(raw))
	if err != nil {
		return err
	}
	view, err := h.indicators.View(ctx, library.House())
	if err != nil {
		return err
	}
	registry := map[string]*indicator.Indicator{}
	for _, ind := range view.Indicators {
		registry[ind.Code] = ind
	}
	d := indicator.Read(sheet, view.Words, registry, h.isArea, time.Now())
	for _, issue := range d.Issues {
		fmt.Fprintln(s.out, issue)
	}
	if d.Blocked() {
		fmt.Fprintf(s.out, "%d rows were read and none was written.\n", len(d.Rows))
		return errRefused
	}
	if c.Check {
		return nil
	}
	n, err := h.takeDelivery(ctx, "waymark indicators import", c.File, d, nil)
	if err != nil {
		return err
	}
	fmt.Fprintf(s.out, "%d rows were read, %d series changed. Readers see them with the next release.\n", len(d.Rows), n)
	return nil
}

// isArea tells whether a code is a country of the vocabulary.
func (h *house) isArea(code string) bool {
	_, ok := h.vocabularies.Countries.Get(code)
	return ok
}

// seriesOf gives the series of an indicator, or of all when code is empty.
func (h *house) seriesOf(ctx context.Context, code string) ([]*indicator.Series, error) {
	entries, err := h.store.Scan(ctx, library.House(), indicator.KindSeries, "", 0)
	if err != nil {
		return nil, err
	}
	var out []*indicator.Series
	for _, e := range entries {
		s, err := library.ReadEntry[indicator.Series](e)
		if err != nil {
			return nil, err
		}
		if code == "" || s.Indicator == code {
			out = append(out, s)
		}
	}
	return out, nil
}

// takeDelivery writes what a delivery changes in one edit; adjust may add to
// each series before it is written.
func (h *house) takeDelivery(ctx context.Context, actor, from string, d indicator.Delivery, adjust func(*indicator.Series)) (int, error) {
	have, err := h.seriesOf(ctx, "")
	if err != nil {
		return 0, err
	}
	now := time.Now()
	changed, err := d.Take(have, actor, now)
	if err != nil || len(changed) == 0 {
		return 0, err
	}
	entropy := entropy()
	changes := make([]library.Change, 0, len(changed))
	for _, s := range changed {
		if s.ID == "" {
			if s.ID, err = library.NewID(now, entropy); err != nil {
				return 0, err
			}
		}
		if adjust != nil {
			adjust(s)
		}
		e, err := s.Entry()
		if err != nil {
			return 0, err
		}
		changes = append(changes, library.Change{Read: s.Version, Entry: e})
	}
	_, err = h.store.Commit(ctx, library.Edit{At: now, Actor: actor, Action: "observations", Note: from, Changes: changes})
	return len(changed), err
}

type indicatorReleaseCommand struct {
	Code      string `arg:"" help:"The indicator."`
	Mode      string `enum:"round,suppress,none" default:"round" help:"How counts of people are protected: round, suppress or none."`
	Base      int    `default:"10" help:"What counts are rounded down to a multiple of."`
	Threshold int    `default:"11" help:"Counts under it are not to be learnt."`
	ShowZero  bool   `help:"That nobody was counted is no secret here."`
}

// Run makes the next release of an indicator and prints what was held back.
func (c *indicatorReleaseCommand) Run(ctx context.Context, cfg *Config, s streams) (err error) {
	h, err := cfg.open(ctx)
	if err != nil {
		return err
	}
	defer h.close(&err)
	p := indicator.Protection{Mode: c.Mode, Base: c.Base, Threshold: c.Threshold, ShowZero: c.ShowZero}
	releases, err := h.release(ctx, "waymark indicators release", func(string) *indicator.Protection { return &p }, c.Code)
	if err != nil {
		return err
	}
	for _, r := range releases {
		audit, err := json.MarshalIndent(r.Audit, "", "  ")
		if err != nil {
			return fmt.Errorf("write the audit: %w", err)
		}
		fmt.Fprintf(s.out, "%s, release %d\n%s\n", r.Indicator, r.Issue, audit)
	}
	return nil
}

// release makes the next release of indicators from the series that stand, and
// keeps them in one edit. The series that the last release was made of are
// read from their revisions at that time.
func (h *house) release(ctx context.Context, actor string, protect func(code string) *indicator.Protection, codes ...string) ([]*indicator.Release, error) {
	view, err := h.indicators.View(ctx, library.House())
	if err != nil {
		return nil, err
	}
	all, err := h.seriesOf(ctx, "")
	if err != nil {
		return nil, err
	}
	slices.SortStableFunc(all, func(a, b *indicator.Series) int { return cmp.Compare(a.Indicator, b.Indicator) })
	now := time.Now()
	entropy := entropy()
	var out []*indicator.Release
	var changes []library.Change
	for _, code := range codes {
		ind, ok := view.Indicator(code)
		if !ok {
			return nil, library.Errorf(library.NotFound, "there is no indicator %q", code)
		}
		own := slices.DeleteFunc(slices.Clone(all), func(s *indicator.Series) bool { return s.Indicator != code })
		before, _ := view.Latest(code)
		var earlier []*indicator.Series
		if before != nil {
			earlier = indicator.AsOf(own, before.Taken)
		}
		r, err := indicator.NewRelease(ind, own, earlier, before, *protect(code), now)
		if err != nil {
			return nil, err
		}
		if r.ID, err = library.NewID(now, entropy); err != nil {
			return nil, err
		}
		r.Status, r.Audience = library.Published, ind.Audience
		e, err := r.Entry()
		if err != nil {
			return nil, err
		}
		out, changes = append(out, r), append(changes, library.Change{Entry: e})
	}
	if len(changes) == 0 {
		return nil, nil
	}
	_, err = h.store.Commit(ctx, library.Edit{At: now, Actor: actor, Action: "release", Note: strings.Join(codes, " "), Changes: changes})
	return out, err
}

// importDemoIndicators puts the demonstration's registry and synthetic
// observations into the library, once, and releases them.
func (h *house) importDemoIndicators(ctx context.Context, out io.Writer) error {
	var indicators []*indicator.Indicator
	if err := json.Unmarshal(demoIndicators, &indicators); err != nil {
		return fmt.Errorf("read the indicators of the demonstration: %w", err)
	}
	view, err := h.indicators.View(ctx, library.House())
	if err != nil {
		return err
	}
	if _, there := view.Indicator(indicators[0].Code); there {
		return nil
	}
	const actor = "waymark serve --demo"
	if err := h.register(ctx, actor, indicators); err != nil {
		return err
	}
	rows, breaks := syntheticRows(indicators)
	last := map[string]indicator.Version{}
	var codes []string
	for _, ind := range indicators {
		last[ind.Code], codes = ind.Last(), append(codes, ind.Code)
	}
	adjust := func(s *indicator.Series) {
		s.Breaks, s.Targets = breaks[s.Indicator+"/"+s.Area], syntheticTargets(s, last[s.Indicator])
	}
	if _, err := h.takeDelivery(ctx, actor, syntheticSource, indicator.Delivery{Rows: rows}, adjust); err != nil {
		return err
	}
	protect := func(code string) *indicator.Protection {
		p := indicator.Default()
		if v := last[code]; v.Unit != "persons" && v.Measure != "percent" && v.Measure != "mean" {
			p = indicator.Protection{Mode: indicator.Open}
		}
		return &p
	}
	if _, err := h.release(ctx, actor, protect, codes...); err != nil {
		return err
	}
	fmt.Fprintf(out, "Added %d indicators with %d synthetic observations.\n", len(indicators), len(rows))
	return nil
}

// register keeps indicators with a comparability group each, and a results
// framework of some of them.
func (h *house) register(ctx context.Context, actor string, indicators []*indicator.Indicator) error {
	now := time.Now()
	entropy := entropy()
	var changes []library.Change
	add := func(head *library.Head, entry func() (library.Entry, error)) error {
		id, err := library.NewID(now, entropy)
		if err != nil {
			return err
		}
		head.ID, head.Status, head.Audience = id, library.Published, library.Public
		e, err := entry()
		changes = append(changes, library.Change{Entry: e})
		return err
	}
	results := &indicator.Results{Code: "demo", Synthetic: true, Titles: library.Text{"en": "A response in East Africa (demonstration)", "fr": "Une intervention en Afrique de l'Est (démonstration)",
		"es": "Una respuesta en África Oriental (demostración)", "ar": "استجابة في شرق أفريقيا (عرض توضيحي)", "ru": "Меры в Восточной Африке (демонстрация)", "zh": "东非应对行动（演示）"}}
	for _, ind := range indicators {
		if err := ind.Check(h.indicators.Words); err != nil {
			return err
		}
		if err := add(&ind.Head, ind.Entry); err != nil {
			return err
		}
		if ind.Last().Direction == "ambiguous" {
			continue
		}
		g := &indicator.Group{Code: ind.Code + "-demo", Indicator: ind.Code, Decided: "2026-11-01", By: actor, Synthetic: true, Reason: library.Text{
			"en": "Made by one generator with the same definition, source and counting rule.", "fr": "Produites par un même générateur : mêmes définition, source et règle de comptage.",
			"es": "Generadas con la misma definición, fuente y regla de recuento.", "ar": "أنتجها مولّد واحد بالتعريف والمصدر وقاعدة العد نفسها.",
			"ru": "Созданы одним генератором: одно определение, источник и правило счёта.", "zh": "由同一生成器按相同定义、来源和计数规则生成。"}}
		if err := add(&g.Head, g.Entry); err != nil {
			return err
		}
		for _, area := range []string{"ET", "KE", "SD"} {
			results.Rows = append(results.Rows, indicator.ResultRow{Indicator: ind.Code, Area: area})
		}
	}
	if err := add(&results.Head, results.Entry); err != nil {
		return err
	}
	_, err := h.store.Commit(ctx, library.Edit{At: now, Actor: actor, Action: "indicators", Note: "the demonstration's registry", Changes: changes})
	return err
}
