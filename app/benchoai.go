package app

import (
	"compress/gzip"
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"regexp"
	"strings"
	"time"

	"waymark/index/corpus"
	"waymark/library"
	"waymark/search"
	"waymark/serve"
)

type benchOAICommand struct {
	Records int    `help:"Records to generate." default:"100000"`
	Folder  string `help:"Folder for the library, which is taken as it is when it has records; a temporary one if none is given." placeholder:"FOLDER"`
	JSON    bool   `name:"json" help:"Print the figures as JSON."`
}

// benchOAI is one way to harvest the whole library, of bench oai.
type benchOAI struct {
	What    string  `json:"what"`
	Records int     `json:"records"`
	PerSec  float64 `json:"records_per_second"`
	MB      float64 `json:"mb"` // as sent, compressed
	Pages   int     `json:"pages"`
	Slowest float64 `json:"slowest_page_ms"`
}

// Run harvests a generated library over HTTP, compressed, one page after the
// other as harvesters do.
func (c *benchOAICommand) Run(ctx context.Context, s streams) (err error) {
	folder := c.Folder
	if folder == "" {
		if folder, err = os.MkdirTemp("", "waymark-bench-"); err != nil {
			return fmt.Errorf("make a folder for the library: %w", err)
		}
		defer os.RemoveAll(folder)
	}
	cfg := &Config{Data: folder}
	h, err := cfg.openSearch(ctx)
	if err != nil {
		return err
	}
	defer h.close(&err)
	if err := h.generate(ctx, c.Records, s.err); err != nil {
		return err
	}
	handler, err := h.doors(cfg, false)
	if err != nil {
		return err
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return fmt.Errorf("listen: %w", err)
	}
	server := serve.Server(handler)
	go func() { _ = server.Serve(listener) }()
	defer server.Close()
	var all []benchOAI
	for _, what := range []string{"ListRecords&metadataPrefix=oai_dc", "ListRecords&metadataPrefix=marcxml",
		"ListIdentifiers&metadataPrefix=oai_dc", "ListRecords&metadataPrefix=oai_dc&set=country:BT"} {
		b, err := drain(ctx, "http://"+listener.Addr().String()+"/oai", what)
		if err != nil {
			return err
		}
		all = append(all, b)
		if !c.JSON {
			fmt.Fprintf(s.out, "%-52s %8d records, %6.0f a second, %6.1f MB compressed, %5d pages, the slowest %4.0f ms\n", b.What, b.Records, b.PerSec, b.MB, b.Pages, b.Slowest)
		}
	}
	if c.JSON {
		return json.NewEncoder(s.out).Encode(all)
	}
	return nil
}

// generate fills an empty library with records of about 130 words.
func (h *house) generate(ctx context.Context, n int, progress io.Writer) error {
	if seq, err := h.store.Seq(ctx); err != nil || seq > 0 {
		return err
	}
	words := corpus.New()
	agents := map[string]library.ID{}
	start := time.Now()
	for made := 0; made < n; {
		edit := library.Edit{At: time.Now(), Actor: "waymark bench", Action: "import"}
		for ; made < n && len(edit.Changes) < benchBatch; made++ {
			if err := generated(&edit, words.Next(), agents); err != nil {
				return err
			}
		}
		if _, err := h.store.Commit(ctx, edit); err != nil {
			return err
		}
	}
	fmt.Fprintf(progress, "%d records generated and committed in %.0f s\n", n, time.Since(start).Seconds())
	return nil
}

// generated adds a record, with its authors where they are new, to an edit.
func generated(edit *library.Edit, d search.Document, agents map[string]library.ID) error {
	lang := d.Titles[0].Lang
	r := &library.Resource{ID: d.ID, Status: library.Published, Audience: library.Public, Titles: library.Text{lang: d.Titles[0].Text}, Date: d.Date,
		Languages: []string{lang}, Countries: []string{"BT"}, Links: []library.Link{{URL: "https://example.org/" + string(d.ID)}}}
	if made := len(edit.Changes); made%1000 != 0 { // a set that few records are in
		r.Countries = []string{"SD", "KE"}
	}
	for _, p := range d.Abstracts {
		r.Abstracts = library.Text{lang: p.Text}
	}
	for _, a := range d.Authors {
		if agents[a.Value] == "" {
			id, err := library.NewID(edit.At, rand.Reader)
			if err != nil {
				return err
			}
			agents[a.Value] = id
			agent := &library.Agent{ID: id, Type: library.Person, Names: library.Text{library.Undetermined: a.Names[0].Text}}
			e, err := agent.Entry()
			if err != nil {
				return err
			}
			edit.Changes = append(edit.Changes, library.Change{Entry: e})
		}
		r.Contributors = append(r.Contributors, library.Contributor{Agent: agents[a.Value], Role: library.Author})
	}
	e, err := r.Entry()
	edit.Changes = append(edit.Changes, library.Change{Entry: e})
	return err
}

var (
	benchToken  = regexp.MustCompile(`<resumptionToken[^>]*>([^<]+)</resumptionToken>`)
	benchHeader = regexp.MustCompile(`<header[ >]`)
)

// drain harvests a list to its end.
func drain(ctx context.Context, base, what string) (b benchOAI, err error) {
	b.What = what
	start := time.Now()
	for query := what; query != ""; {
		began := time.Now()
		body, sent, err := harvested(ctx, base+"?verb="+query)
		if err != nil {
			return b, err
		}
		b.Pages++
		b.MB += float64(sent) / (1 << 20)
		b.Records += len(benchHeader.FindAllIndex(body, -1))
		b.Slowest = max(b.Slowest, milliseconds(time.Since(began)))
		query = ""
		if m := benchToken.FindSubmatch(body[max(0, len(body)-2000):]); m != nil {
			verb, _, _ := strings.Cut(what, "&")
			query = verb + "&resumptionToken=" + url.QueryEscape(string(m[1]))
		}
	}
	b.PerSec = float64(b.Records) / time.Since(start).Seconds()
	return b, nil
}

// harvested gives a page and how many bytes were sent for it.
func harvested(ctx context.Context, address string) (body []byte, sent int, err error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return nil, 0, err
	}
	req.Header.Set("Accept-Encoding", "gzip")
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return nil, 0, fmt.Errorf("ask for a page: %w", err)
	}
	defer res.Body.Close()
	counted := &countingReader{r: res.Body}
	plain, err := gzip.NewReader(counted)
	if err == nil {
		body, err = io.ReadAll(plain)
	}
	if err != nil || res.StatusCode != http.StatusOK {
		return nil, 0, fmt.Errorf("read a page (status %d): %w", res.StatusCode, err)
	}
	return body, counted.n, nil
}

type countingReader struct {
	r io.Reader
	n int
}

// Read implements io.Reader.
func (c *countingReader) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	c.n += n
	return n, err
}
