package app

import (
	"bytes"
	"context"
	_ "embed"
	"encoding/json"
	"fmt"
	"io"
	"os"
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
	const actor = "waymark indicators import"
	desk := h.indicatorDesk()
	d, err := desk.Judge(ctx, acting(actor), sheet)
	if err != nil {
		return err
	}
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
	n, err := desk.Take(ctx, acting(actor), c.File, d, nil)
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

// acting gives the viewer of a command that works for the house, with the name
// that its edits bear.
func acting(name string) library.Viewer { return library.Viewer{Name: name, Role: library.System} }

// indicatorDesk is where numbers are entered and released.
func (h *house) indicatorDesk() *indicator.Desk {
	return &indicator.Desk{Base: h.indicators, Store: h.store, IsArea: h.isArea, Now: time.Now, Entropy: entropy()}
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
	releases, err := h.indicatorDesk().Release(ctx, acting("waymark indicators release"), indicator.Wanted{Code: c.Code, Protection: p})
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
	var wanted []indicator.Wanted
	for _, ind := range indicators {
		last[ind.Code] = ind.Last()
		p := indicator.Default()
		if v := ind.Last(); v.Unit != "persons" && v.Measure != "percent" && v.Measure != "mean" {
			p = indicator.Protection{Mode: indicator.Open}
		}
		wanted = append(wanted, indicator.Wanted{Code: ind.Code, Protection: p})
	}
	adjust := func(s *indicator.Series) {
		s.Breaks, s.Targets = breaks[s.Indicator+"/"+s.Area], syntheticTargets(s, last[s.Indicator])
	}
	desk := h.indicatorDesk()
	if _, err := desk.Take(ctx, acting(actor), syntheticSource, indicator.Delivery{Rows: rows}, adjust); err != nil {
		return err
	}
	if _, err := desk.Release(ctx, acting(actor), wanted...); err != nil {
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
