package app

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"time"

	"waymark/feed"
	"waymark/library"
	"waymark/oai"
)

type harvestAdd struct {
	Name   string        `arg:"" help:"A name of your own for the source."`
	URL    string        `arg:"" help:"Address of its OAI-PMH provider, feed (RSS, Atom) or sitemap. Of a sitemap the pages are read that describe works by schema.org or meta tags: of those that it dates what changed, of others what is new, and all of them every 30 days."`
	Type   string        `help:"Kind of the source, if it is not to be told by what it answers: auto, oai, feed, sitemap." enum:"auto,oai,feed,sitemap" default:"auto"`
	Set    string        `help:"Only this set of an OAI-PMH provider."`
	Prefix string        `help:"Form of the records of an OAI-PMH provider: oai_dc, or another that Waymark reads." default:"oai_dc"`
	Map    string        `help:"File that says what the words of the source become: ${rules}" placeholder:"FILE"`
	Every  time.Duration `help:"Time between two runs while serve runs; 0 leaves it to the command." default:"24h"`
}

// Run asks the source who it is and notes it.
func (c *harvestAdd) Run(ctx context.Context, cfg *Config, s streams) (err error) {
	u, err := url.Parse(c.URL)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" {
		return library.Errorf(library.Invalid, "%q is not a web address: write it whole, as https://…", c.URL)
	}
	if strings.TrimSpace(c.Name) == "" || c.Name == "all" {
		return library.Errorf(library.Invalid, "%q is no name for a source", c.Name)
	}
	h, err := cfg.open(ctx)
	if err != nil {
		return err
	}
	defer h.close(&err)
	if found, err := h.harvests(ctx, c.Name); err != nil || len(found) > 0 {
		if err == nil {
			err = library.Errorf(library.Conflict, "there is a source %q already: choose another name, or remove it first", c.Name)
		}
		return err
	}
	source := &library.Harvest{Name: c.Name, URL: c.URL, Every: c.Every}
	if c.Map != "" {
		if _, source.Map, err = h.readRules(c.Map); err != nil {
			return err
		}
	}
	said, err := c.identify(ctx, cfg, source)
	if err != nil {
		return fmt.Errorf("ask %s: %w", u.Host, err)
	}
	im := h.importer("waymark harvest, " + userName())
	if source.ID, err = library.NewID(im.Now(), im.Entropy); err != nil {
		return err
	}
	if err := h.changeHarvest(ctx, im, source, "add"); err != nil {
		return err
	}
	fmt.Fprintf(s.out, "%s %s. Read it with: waymark harvest run %s\n", c.Name, said, c.Name)
	return nil
}

// identify tells the kind of a source by what it answers and what it says of
// itself.
func (c *harvestAdd) identify(ctx context.Context, cfg *Config, source *library.Harvest) (said string, err error) {
	web := cfg.web()
	var noProvider error
	if c.Type == "auto" || c.Type == "oai" {
		id, err := (&oai.Client{Base: c.URL, Web: web}).Identify(ctx)
		if err == nil {
			source.Type, source.Prefix, source.Set = library.HarvestOAI, c.Prefix, c.Set
			return fmt.Sprintf("is %q; it keeps deleted records: %s", id.Name, id.Deleted), nil
		}
		if c.Type == "oai" || ctx.Err() != nil {
			return "", err
		}
		noProvider = err
	}
	id, err := (&feed.Client{Address: c.URL, Web: web}).Identify(ctx)
	switch {
	case err != nil && noProvider != nil:
		return "", fmt.Errorf("it is no provider of OAI-PMH (%w), and no feed or sitemap (%w)", noProvider, err)
	case err != nil:
		return "", err
	case c.Type != "auto" && c.Type != string(id.Kind):
		return "", library.Errorf(library.Invalid, "the address answers with a %s and not with a %s", id.Kind, c.Type)
	case c.Set != "":
		return "", errors.New("a set is of OAI-PMH, which this source does not speak")
	case id.Kind == feed.Entries:
		source.Type = library.HarvestFeed
		return fmt.Sprintf("is the feed %q of %d entries", id.Name, id.Count), nil
	}
	source.Type = library.HarvestSitemap
	return fmt.Sprintf("is a sitemap of %d addresses", id.Count), nil
}
