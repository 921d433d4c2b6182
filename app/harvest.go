package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"strings"
	"time"

	"waymark/feed"
	"waymark/fetch"
	"waymark/intake"
	"waymark/library"
	"waymark/oai"
)

type harvestCommand struct {
	Add    harvestAdd    `cmd:"" help:"Name a source on the web that is to be read again and again."`
	Run    harvestRun    `cmd:"" help:"Read what is new in the sources."`
	List   harvestList   `cmd:"" help:"List the sources and how they did."`
	Remove harvestRemove `cmd:"" help:"Forget a source; what came from it stays."`
}

// changeHarvest commits the state of a source.
func (h *house) changeHarvest(ctx context.Context, im *intake.Importer, source *library.Harvest, action string) error {
	e, err := source.Entry()
	if err != nil {
		return err
	}
	if action == "remove" {
		e.Status, e.Keys = library.Withdrawn, nil
	}
	_, err = h.store.Commit(ctx, library.Edit{At: im.Now(), Actor: im.Actor, Action: action, Note: source.Name,
		Changes: []library.Change{{Read: source.Version, Entry: e}}})
	return err
}

// harvests gives the sources, or the one of a name.
func (h *house) harvests(ctx context.Context, name string) ([]*library.Harvest, error) {
	key := library.Key{Scheme: library.KeyHarvest, Value: "all"}
	if name != "" {
		key.Value = "name " + name
	}
	entries, err := h.store.Find(ctx, library.House(), library.KindHarvest, []library.Key{key}, 0)
	if err != nil {
		return nil, fmt.Errorf("look for the sources to harvest: %w", err)
	}
	var list []*library.Harvest
	for _, e := range entries {
		source, err := library.HarvestOf(e)
		if err != nil {
			return nil, err
		}
		list = append(list, source)
	}
	return list, nil
}

// harvestTimeout bounds one answer of a provider, which may be slow to make.
const harvestTimeout = 5 * time.Minute

// web reads what sources answer.
func (c *Config) web() *fetch.Client {
	return &fetch.Client{UserAgent: c.agent(), AllowPrivate: c.PrivateAddresses, Timeout: harvestTimeout}
}

type harvestRun struct {
	Name string `arg:"" optional:"" help:"Only this source."`
}

// Run harvests one source after the other; one that fails does not keep the
// next from its turn.
func (c *harvestRun) Run(ctx context.Context, cfg *Config, s streams) (err error) {
	h, err := cfg.open(ctx)
	if err != nil {
		return err
	}
	defer h.close(&err)
	sources, err := h.harvests(ctx, c.Name)
	if err != nil {
		return err
	}
	if len(sources) == 0 {
		if c.Name != "" {
			return library.Errorf(library.NotFound, "there is no source %q: see waymark harvest list", c.Name)
		}
		fmt.Fprintln(s.out, "No source is named yet: see waymark harvest add --help")
		return nil
	}
	failed := false
	for _, source := range sources {
		rep, err := h.harvest(ctx, cfg, source, "waymark harvest, "+userName())
		report(s.out, rep, false)
		if ctx.Err() != nil {
			return err
		}
		if err != nil {
			fmt.Fprintln(s.err, err)
			failed = true
		}
		failed = failed || len(rep.Refused) > 0
	}
	if failed {
		return errRefused
	}
	return nil
}

// harvest reads one source.
func (h *house) harvest(ctx context.Context, cfg *Config, source *library.Harvest, actor string) (intake.Report, error) {
	im := h.importer(actor)
	im.History = h.store
	web := cfg.web()
	return (&intake.Harvester{Importer: im, Source: source, Client: &oai.Client{Base: source.URL, Web: web}, Feed: &feed.Client{Address: source.URL, Web: web}}).Run(ctx)
}

type harvestList struct{}

// Run says of each source what it is and how its last run went.
func (c *harvestList) Run(ctx context.Context, cfg *Config, s streams) (err error) {
	h, err := cfg.open(ctx)
	if err != nil {
		return err
	}
	defer h.close(&err)
	sources, err := h.harvests(ctx, "")
	if err != nil {
		return err
	}
	for _, source := range sources {
		kind := string(source.Type)
		if source.Type == library.HarvestOAI {
			kind = source.Prefix + strings.TrimSuffix(", set "+source.Set, ", set ")
		}
		fmt.Fprintf(s.out, "%s %s (%s)\n", source.Name, source.URL, kind)
		describeRun(s.out, source)
	}
	if len(sources) == 0 {
		fmt.Fprintln(s.out, "No source is named yet: see waymark harvest add --help")
	}
	return nil
}

func describeRun(w io.Writer, source *library.Harvest) {
	switch {
	case source.Ran.IsZero():
		fmt.Fprintln(w, "  has not been read yet")
	default:
		fmt.Fprintf(w, "  read on %s: %d records; the next run asks for what changed since %s\n", source.Ran.Format(time.DateTime), source.Records, source.From)
	}
	if source.Token != "" {
		fmt.Fprintln(w, "  the last run stopped on the way; the next goes on there")
	}
	if source.Error != "" {
		fmt.Fprintf(w, "  the last run failed: %s\n", source.Error)
	}
}

type harvestRemove struct {
	Name string `arg:"" help:"The source."`
}

// Run forgets a source.
func (c *harvestRemove) Run(ctx context.Context, cfg *Config, s streams) (err error) {
	h, err := cfg.open(ctx)
	if err != nil {
		return err
	}
	defer h.close(&err)
	sources, err := h.harvests(ctx, c.Name)
	if err == nil && len(sources) == 0 {
		err = library.Errorf(library.NotFound, "there is no source %q: see waymark harvest list", c.Name)
	}
	if err != nil {
		return err
	}
	if err := h.changeHarvest(ctx, h.importer("waymark harvest, "+userName()), sources[0], "remove"); err != nil {
		return err
	}
	fmt.Fprintf(s.out, "%s is forgotten; what came from it stays.\n", c.Name)
	return nil
}

// harvestEvery looks for sources whose time has come, until the context ends.
func (h *house) harvestEvery(ctx context.Context, cfg *Config) {
	tick := time.NewTicker(time.Minute)
	defer tick.Stop()
	for {
		sources, err := h.harvests(ctx, "")
		if err != nil && ctx.Err() == nil {
			slog.Error("the sources to harvest cannot be read", "err", err)
		}
		for _, source := range sources {
			if source.Every <= 0 || time.Since(source.Ran) < source.Every {
				continue
			}
			rep, err := h.harvest(ctx, cfg, source, "waymark serve")
			switch {
			case errors.Is(err, context.Canceled):
				return
			case err != nil:
				slog.Error("a source could not be harvested", "source", source.Name, "err", err)
			default:
				slog.Info("harvested", "source", source.Name, "read", rep.Read, "added", rep.Added, "changed", rep.Updated)
			}
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}
