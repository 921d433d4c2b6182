package guide_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
	"time"

	"waymark/guide"
	"waymark/library"
)

// large gives the draft of a guide of so many entries with so many sections each.
func large(slug string, entries, sections int, class string) *guide.Draft {
	d := &guide.Draft{Slug: slug, Type: library.SOP, Titles: library.Text{"en": slug}, Languages: []string{"en"}, Audience: library.Public}
	for e := range entries {
		p := &guide.DraftPage{Slug: fmt.Sprintf("entry-%d", e), Order: e, Titles: library.Text{"en": fmt.Sprintf("Entry %d", e)}}
		for s := range sections {
			body := strings.Repeat(fmt.Sprintf("Paragraph of section %d %d%s with some words that say what is to be done there.\n\n", e, s, class), 8)
			p.Sections = append(p.Sections, &guide.DraftSection{Name: fmt.Sprintf("s%d", s), Attrs: map[string]string{"class": class, "summary": "s"},
				Texts: map[string]library.Writing{"en": {Heading: fmt.Sprintf("Section %d", s), Body: body}}})
		}
		d.Pages = append(d.Pages, p)
	}
	return d
}

// TestFortyAdaptations: after a framework of 52 sections with 40 adaptations
// changed, all states are right within five seconds.
func TestFortyAdaptations(t *testing.T) {
	if testing.Short() {
		t.Skip("takes seconds")
	}
	s := newShelf(t)
	ctx := t.Context()
	if _, err := s.Import(ctx, desk, large("frame", 13, 4, "")); err != nil {
		t.Fatal(err)
	}
	for i := range 40 {
		child := &guide.Draft{Slug: fmt.Sprintf("child-%d", i), Type: library.SOP, Titles: library.Text{"en": "Child"}, Languages: []string{"en"}, Base: "frame"}
		if _, err := s.Import(ctx, desk, child); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := s.Import(ctx, desk, large("frame", 13, 4, "substantive")); err != nil {
		t.Fatal(err)
	}
	start := time.Now()
	all, err := s.Standings(ctx, reader, s.open(reader, "frame", guide.When{}).ID)
	took := time.Since(start)
	if err != nil || len(all) != 40 {
		t.Fatal(len(all), err)
	}
	for _, st := range all {
		if st.Waiting != 52 || st.Adopted != 52 {
			t.Errorf("%s: %d of 52 wait", st.Guide.Slug, st.Waiting)
		}
	}
	t.Logf("the states of 2,080 sections: %v", took)
	if took > 5*time.Second {
		t.Errorf("the states of 2,080 sections took %v", took)
	}
}

// TestLargeGuide: pages to keep of a guide of 300 entries are made within ten
// seconds.
func TestLargeGuide(t *testing.T) {
	if testing.Short() {
		t.Skip("takes seconds")
	}
	s := newShelf(t)
	ctx := t.Context()
	if _, err := s.Import(ctx, desk, large("large", 300, 5, "")); err != nil {
		t.Fatal(err)
	}
	start := time.Now()
	o := s.open(reader, "large", guide.When{})
	if _, err := s.Sections(ctx, o, o.Entries[100].ID, "en"); err != nil {
		t.Fatal(err)
	}
	t.Logf("one entry of 300: %v", time.Since(start))
	start = time.Now()
	words := guide.BookWords{Day: func(time.Time) string { return "" }, Updated: func(string) string { return "" }}
	book, err := s.Book(ctx, o, "en", "https://library.example", words)
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := book.Pages(&b); err != nil {
		t.Fatal(err)
	}
	took := time.Since(start)
	t.Logf("pages of 300 entries with 1,500 sections, %d KB: %v", b.Len()>>10, took)
	if took > 10*time.Second {
		t.Errorf("the pages took %v", took)
	}
}
