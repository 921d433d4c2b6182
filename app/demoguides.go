package app

import (
	"context"
	"embed"
	"fmt"
	"io"
	"io/fs"
	"time"

	"waymark/guide"
	"waymark/library"
)

// demoGuides are guides made up for the demonstration, with a later state of two.
//
//go:embed demo/handbook demo/handbook-update demo/sop demo/sop-update demo/sop-aldoria demo/sop-merinia demo/sop-sahla
var demoGuides embed.FS

// demoSteps is the life of the demonstration's guides: on which day before
// today a folder came in, or an edition of a guide was issued.
var demoSteps = []struct {
	days           int
	folder, issued string
}{
	{250, "sop", ""}, {240, "", "global-sop"},
	{200, "sop-aldoria", ""}, {199, "sop-merinia", ""}, {198, "sop-sahla", ""},
	{100, "handbook", ""}, {95, "", "crisis-handbook"},
	{45, "handbook-update", ""}, {44, "", "crisis-handbook"},
	{43, "sop-update", ""}, {42, "", "global-sop"},
}

// importDemoGuides puts the demonstration's guides into the library, unless
// they are there.
func (h *house) importDemoGuides(ctx context.Context, out io.Writer) error {
	desk := library.House()
	desk.Name = "waymark serve --demo"
	if _, err := h.guides.Open(ctx, desk, "global-sop", guide.When{}); err == nil {
		return nil
	}
	now := time.Now()
	for _, step := range demoSteps {
		then := *h.guides
		then.Now = func() time.Time { return now.AddDate(0, 0, -step.days) }
		if step.issued != "" {
			if _, err := then.Issue(ctx, desk, step.issued, library.Date(then.Now().UTC().Format(time.DateOnly)), ""); err != nil {
				return fmt.Errorf("issue an edition of %s: %w", step.issued, err)
			}
			continue
		}
		folder, err := fs.Sub(demoGuides, "demo/"+step.folder)
		if err != nil {
			return fmt.Errorf("the demonstration's guide %s: %w", step.folder, err)
		}
		draft, err := guide.ReadFolder(folder)
		if err == nil {
			_, err = then.Import(ctx, desk, draft)
		}
		if err != nil {
			return fmt.Errorf("the demonstration's guide %s: %w", step.folder, err)
		}
	}
	if err := h.settleDemo(ctx, desk, now.AddDate(0, 0, -20)); err != nil {
		return err
	}
	fmt.Fprintln(out, "Added the guides of the demonstration: a handbook, and a framework with three adaptations.")
	return nil
}

// settleDemo has one of the places answer the change on safety in time.
func (h *house) settleDemo(ctx context.Context, desk library.Viewer, at time.Time) error {
	then := *h.guides
	then.Now = func() time.Time { return at }
	o, err := then.Open(ctx, desk, "sop-aldoria", guide.When{})
	if err != nil {
		return err
	}
	readings, err := then.Sections(ctx, o, "", o.Language())
	if err != nil {
		return err
	}
	for _, r := range readings {
		if r.Name == "screening/risk" && r.Drift.State == guide.Update {
			return then.Settle(ctx, desk, guide.Answer{Section: r.ID, Read: r.Version, Saw: r.Parent.Says(r.Derived.Lang), Resolution: guide.Accepted})
		}
	}
	return nil
}
