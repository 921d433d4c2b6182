package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"sync"
	"time"

	"waymark/api"
	"waymark/extract"
	"waymark/library"
	"waymark/serve"
	"waymark/site"
)

type serveCommand struct {
	Demo bool `help:"Put the demonstration collection into the library first."`
}

// shutdown is how long open requests may take to end.
const shutdown = 10 * time.Second

// Run opens the library to browsers until it is told to stop.
func (c *serveCommand) Run(ctx context.Context, cfg *Config, s streams) (err error) {
	slog.SetDefault(slog.New(slog.NewTextHandler(s.err, nil)))
	h, err := cfg.openSearch(ctx)
	if err != nil {
		return err
	}
	defer h.close(&err)
	if c.Demo {
		if err := errors.Join(h.importDemo(ctx, s.out), h.importDemoNotes(ctx)); err != nil {
			return err
		}
	}
	if err := h.follower.CatchUp(ctx); err != nil {
		return err
	}
	reader, err := cfg.reader()
	if err != nil {
		return err
	}
	defer reader.Close()
	h.documents, err = cfg.documents(ctx, h, "waymark serve", reader)
	if err != nil {
		return err
	}
	if _, err := h.desk().Arrive(ctx); err != nil { // what fell due while nobody served
		slog.Error("what was due by now failed", "err", err)
	}
	h.background = append(h.background, h.warm, h.present, h.expire, h.arrive, h.notifier(cfg.URL).Run)
	tasks := h.runner(h.documents, 1)
	h.background = append(h.background, func(ctx context.Context) { tasks.Run(ctx, h.store.Changed) },
		func(ctx context.Context) { h.harvestEvery(ctx, cfg) })
	if h.press = cfg.press(h); h.press != nil {
		h.background = append(h.background, func(ctx context.Context) { h.press.run(ctx, h.store.Changed) })
	}
	handler, err := h.doors(cfg, c.Demo)
	if err != nil {
		return err
	}
	if h.usage != nil {
		h.background = append(h.background, h.usage.Run)
	}
	if h.follow != nil {
		h.background = append(h.background, h.follow.Run)
	}
	listener, err := net.Listen("tcp", cfg.Listen)
	if err != nil {
		return fmt.Errorf("listen on %s (choose another address with --listen): %w", cfg.Listen, err)
	}
	fmt.Fprintf(s.out, "Waymark is open on http://%s (stop with Ctrl-C)\n", address(listener.Addr(), cfg.Listen))
	return h.serve(ctx, listener, handler)
}

// perMinute is how many requests of one address the API answers in a minute.
const perMinute = 600

// api gives the door for programs.
func (h *house) api(url string) *api.API {
	return &api.API{Catalogue: h.catalogue, Searcher: h.searcher, Vocabularies: h.vocabularies, Desk: h.desk(), Indicators: h.indicators, Evidence: h.evidence, Entrance: h.entrance(url), URL: strings.TrimSuffix(url, "/"),
		PerMinute: perMinute, Now: time.Now}
}

// entrance is where doors learn who is asking.
func (h *house) entrance(url string) *serve.Entrance {
	return &serve.Entrance{Porter: h.porter, URL: url, Proxies: h.proxies}
}

// site gives the HTML door.
func (h *house) site(url string, demo bool) (http.Handler, error) {
	s, err := h.pages(url, demo)
	if err != nil {
		return nil, err
	}
	return s.Handler()
}

// pages gives the HTML door before it is built.
func (h *house) pages(url string, demo bool) (*site.Site, error) {
	h.follow = h.office(h.messages, url)
	p := &site.Site{Follow: h.follow, Usage: h.usage, Catalogue: h.catalogue, Guides: h.guides, Searcher: h.searcher, Vocabularies: h.vocabularies,
		Locale: h.messages, Evidence: h.evidence, Indicators: h.indicators, Open: h.store, URL: url, Demo: demo, Desk: h.desk(), EvidenceDesk: h.evidenceDesk(), IndicatorDesk: h.indicatorDesk(), Forms: h.store, Names: h.importer(""), Similar: h.importer(""), Now: time.Now, Terms: h.terms, Profile: h.profile, Journal: h.journal,
		Entrance: h.entrance(url)}
	if h.press != nil {
		p.Prints = h.press
	}
	p.Wishes = h.store
	p.Brought, p.UploadMost = h.store, extract.MaxFile
	p.Anyone = h.anyone
	if h.documents != nil {
		p.Uploads = h.documents
	}
	if h.press != nil {
		p.Prints = h.press
	}
	return p, nil
}

// serve answers requests and follows the library until the context ends; then
// it lets open requests end.
func (h *house) serve(ctx context.Context, listener net.Listener, handler http.Handler) error {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	var work sync.WaitGroup
	work.Go(func() { h.follower.Run(ctx, h.store.Changed) })
	work.Go(func() { h.refresh(ctx) })
	for _, do := range h.background {
		work.Go(func() { do(ctx) })
	}
	server := serve.Server(handler)
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(listener) }()
	select {
	case err := <-failed:
		return fmt.Errorf("serve: %w", err)
	case <-ctx.Done():
	}
	work.Wait()
	end, cancel := context.WithTimeout(context.WithoutCancel(ctx), shutdown)
	defer cancel()
	if err := server.Shutdown(end); err != nil && !errors.Is(err, context.DeadlineExceeded) {
		return fmt.Errorf("end the server: %w", err)
	}
	return nil
}

// warm reads studies and released numbers before the first reader asks.
func (h *house) warm(ctx context.Context) {
	if _, err := h.evidence.View(ctx, library.Viewer{}); err != nil && ctx.Err() == nil {
		slog.Error("the evidence base cannot be read", "err", err)
	}
	if _, err := h.indicators.View(ctx, library.Viewer{}); err != nil && ctx.Err() == nil {
		slog.Error("the indicators cannot be read", "err", err)
	}
}

// arriveEvery is how soon what was to happen on a day happens after midnight UTC.
const arriveEvery = time.Minute

// arrive publishes and opens what falls due.
func (h *house) arrive(ctx context.Context) {
	every(ctx, arriveEvery, func() {
		if _, err := h.desk().Arrive(ctx); err != nil && ctx.Err() == nil {
			slog.Error("what was due by now failed", "err", err)
		}
	})
}

// every does something again and again until the context ends.
func every(ctx context.Context, pause time.Duration, do func()) {
	tick := time.NewTicker(pause)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			do()
		}
	}
}

// refreshEvery is how soon a search index built by another process is used.
const refreshEvery = time.Second

// refresh changes over to an index that another process has built.
func (h *house) refresh(ctx context.Context) {
	every(ctx, refreshEvery, func() {
		if err := h.index.Refresh(); err != nil {
			slog.Error("the search index in use stays, for the new one cannot be opened", "err", err)
		}
	})
}

// address gives the host and port for a person: the name that was asked for
// with the port that was given.
func address(actual net.Addr, asked string) string {
	_, port, err := net.SplitHostPort(actual.String())
	host, _, _ := strings.Cut(asked, ":")
	if err != nil || host == "" {
		return actual.String()
	}
	return net.JoinHostPort(host, port)
}

// importDemo puts the demonstration collection into the library; what is
// there already is left alone.
func (h *house) importDemo(ctx context.Context, out io.Writer) error {
	rep, err := h.importer("waymark serve --demo").Import(ctx, "the demonstration collection", demoDrafts())
	if err != nil {
		return err
	}
	if rep.Added > 0 {
		fmt.Fprintf(out, "Added %d publications of the demonstration collection.\n", rep.Added)
	}
	if err := h.importDemoEvidence(ctx, out); err != nil {
		return err
	}
	if err := h.importDemoIndicators(ctx, out); err != nil {
		return err
	}
	return h.importDemoGuides(ctx, out)
}
