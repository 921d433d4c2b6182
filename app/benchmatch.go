package app

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"text/tabwriter"
	"time"

	"waymark/index/corpus"
	"waymark/library"
	"waymark/match"
)

type benchMatchCommand struct {
	Left    string `help:"CSV file with the headings id, title, authors, venue, year …" placeholder:"FILE"`
	Right   string `help:"Another, of records to be found in the first." placeholder:"FILE"`
	Truth   string `help:"CSV file of the pairs that are one work: the id of the first, that of the second, and a label where pairs of two works stand there too." placeholder:"FILE"`
	Misses  bool   `help:"Show the pairs that are judged otherwise than they are."`
	Records int    `help:"Instead of files: records to generate, and to look through for duplicates." placeholder:"NUMBER"`
	JSON    bool   `name:"json" help:"Print the figures as JSON."`
}

// benchMatch is what bench match prints of two tables.
type benchMatch struct {
	match.Figures
	MergedScore match.Score // of those merged unasked
	FoundScore  match.Score // of those merged or left to a curator
	Seconds     float64
}

// Run implements kong's command.
func (c *benchMatchCommand) Run(ctx context.Context, s streams) error {
	if c.Records > 0 {
		return c.grow(ctx, s)
	}
	if c.Left == "" || c.Right == "" || c.Truth == "" {
		return errors.New("bench match: name --left, --right and --truth, or --records to generate some")
	}
	start := time.Now()
	left, err := readCSV(c.Left, match.ReadTable)
	if err != nil {
		return err
	}
	right, err := readCSV(c.Right, match.ReadTable)
	if err != nil {
		return err
	}
	truth, err := readCSV(c.Truth, match.ReadTruth)
	if err != nil {
		return err
	}
	figures, misses := match.Measure(left, right, truth)
	b := benchMatch{figures, figures.MergedScore(), figures.FoundScore(), time.Since(start).Seconds()}
	if c.JSON {
		return json.NewEncoder(s.out).Encode(b)
	}
	fmt.Fprintf(s.out, "records           %d and %d\npairs compared    %d of %d\none work          %d\n", len(left), len(right), b.Compared, len(left)*len(right), b.Same)
	fmt.Fprintf(s.out, "seconds           %.2f\n\n", b.Seconds)
	w := tabwriter.NewWriter(s.out, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(w, "\tpairs\tright\tprecision\trecall\tF1\t")
	fmt.Fprintf(w, "merged\t%d\t%d\t%.4f\t%.4f\t%.4f\t\n", b.Merged, b.MergedRight, b.MergedScore.Precision, b.MergedScore.Recall, b.MergedScore.F1)
	fmt.Fprintf(w, "merged or queued\t%d\t%d\t%.4f\t%.4f\t%.4f\t\n", b.Merged+b.Queued, b.MergedRight+b.QueuedRight, b.FoundScore.Precision, b.FoundScore.Recall, b.FoundScore.F1)
	if err := w.Flush(); err != nil {
		return err
	}
	if c.Misses {
		for _, m := range misses {
			showMiss(s.out, m)
		}
	}
	return nil
}

func readCSV[T any](name string, read func(io.Reader) (T, error)) (T, error) {
	f, err := os.Open(name)
	if err != nil {
		var none T
		return none, fmt.Errorf("bench match: %w", err)
	}
	defer f.Close()
	rows, err := read(f)
	if err != nil {
		return rows, fmt.Errorf("bench match: %s: %w", name, err)
	}
	return rows, nil
}

func showMiss(out io.Writer, m match.Miss) {
	what := map[bool]string{true: "one work", false: "two works"}[m.Same]
	found := [...]string{"different", "suspected", "certain"}[m.Verdict.Likeness]
	if !m.Compared {
		found = "nowhere near, or else " + found
	}
	fmt.Fprintf(out, "\n%s, found %s (%s)\n", what, found, m.Verdict.Reason())
	for _, r := range []match.Row{m.Left, m.Right} {
		var names []string
		for _, c := range r.Contributors {
			names = append(names, c.Names...)
		}
		fmt.Fprintf(out, "  %s: %s / %s / %s %d\n", r.ID, r.Titles, strings.Join(names, ", "), r.Container, r.Year)
	}
}

// grow looks through generated libraries of growing sizes for duplicates, up
// to the number asked for.
func (c *benchMatchCommand) grow(ctx context.Context, s streams) error {
	w := tabwriter.NewWriter(s.out, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(w, "records\tcopies\tcompared\tmerged\tqueued\tcopies found\tgenerated s\tlooked through s\tMB\t")
	for n := min(10_000, c.Records); ; n = min(10*n, c.Records) {
		g, err := growOne(ctx, n)
		if err != nil {
			return err
		}
		if c.JSON {
			err = json.NewEncoder(s.out).Encode(g)
		} else {
			fmt.Fprintf(w, "%d\t%d\t%d\t%d\t%d\t%d\t%.1f\t%.1f\t%.0f\t\n", g.Records, g.Copies, g.Compared, g.Merged, g.Queued, g.Found, g.Generated, g.Seconds, g.MB)
			err = w.Flush()
		}
		if err != nil || n >= c.Records {
			return err
		}
	}
}

// grown is what looking through a generated library found.
type grown struct {
	Records, Copies, Compared, Merged, Queued, Found int
	Generated, Seconds, MB                           float64
}

// copyEvery is how many generated records stand between two that are copies of
// an earlier one with noise.
const copyEvery = 20

func growOne(ctx context.Context, n int) (g grown, err error) {
	g.Records = n
	start := time.Now()
	facts := make([]match.Facts, n)
	original := make(map[int]int)
	words := corpus.New()
	for i := range facts {
		if i%copyEvery == copyEvery-1 {
			original[i] = i * 7 / 11 // an earlier one, which may be a copy itself
			facts[i] = noisy(facts[original[i]], i/copyEvery)
			continue
		}
		d := words.Next()
		year := library.Date(d.Date).Year()
		facts[i] = match.Facts{Titles: []match.Title{{Text: d.Title, Lang: d.Titles[0].Lang}}, Year: year, Languages: []string{d.Titles[0].Lang}}
		for _, a := range d.Authors {
			facts[i].Contributors = append(facts[i].Contributors, match.Contributor{Names: []string{a.Names[0].Text}})
		}
	}
	g.Copies, g.Generated = len(original), time.Since(start).Seconds()
	start = time.Now()
	var blocks match.Blocks
	records := make([]*match.Record, n)
	for i, f := range facts {
		records[i] = match.New(f)
		blocks.Add(records[i].Keys())
	}
	for i, j := range blocks.Pairs(0) {
		if err := ctx.Err(); err != nil {
			return g, err
		}
		g.Compared++
		v := match.Compare(records[i], records[j])
		if from, ok := original[i]; ok && from == j && v.Likeness != match.Different {
			g.Found++
		}
		switch v.Likeness {
		case match.Certain:
			g.Merged++
		case match.Suspected:
			g.Queued++
		}
	}
	g.Seconds, g.MB = time.Since(start).Seconds(), heldMemory()
	return g, nil
}

// noisy gives facts as another source has them.
func noisy(f match.Facts, kind int) match.Facts {
	title := f.Titles[0]
	switch kind % 5 {
	case 0:
		title.Text = strings.ToUpper(title.Text)
	case 1:
		title.Text = strings.Replace(title.Text, " ", ": ", 1) + "."
	case 2:
		middle := len(title.Text) / 2
		title.Text = title.Text[:middle] + "x" + title.Text[middle:]
	case 3:
		f.Year = 0
	case 4:
		f.Contributors = nil
	}
	f.Titles = []match.Title{title}
	return f
}
