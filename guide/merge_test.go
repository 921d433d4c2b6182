package guide

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
)

// anyText gives a Markdown text of paragraphs, items, rows and fences.
func anyText(r *rand.Rand) string {
	words := []string{"victim", "consent", "refer", "shelter", "within", "days", "the", "ضحية", "同意", "{{hotline}}"}
	var b strings.Builder
	for range r.IntN(8) {
		line := make([]string, 1+r.IntN(4))
		for i := range line {
			line[i] = words[r.IntN(len(words))]
		}
		b.WriteString([]string{"", "", "- ", "1. ", "| a | ", "### ", "  - "}[r.IntN(7)] + strings.Join(line, " "))
		b.WriteString([]string{"\n", "\n\n", "\n\n\n"}[r.IntN(3)])
		if r.IntN(9) == 0 {
			b.WriteString("```\n- code\n\nmore\n```\n")
		}
	}
	return b.String()
}

// changedText gives a text with some units put out, changed or added.
func changedText(r *rand.Rand, text string) string {
	var b strings.Builder
	for _, u := range Units(text) {
		switch r.IntN(6) {
		case 0:
		case 1:
			fmt.Fprintf(&b, "changed %d\n\n", r.IntN(100))
		case 2:
			b.WriteString(u + fmt.Sprintf("added %d\n\n", r.IntN(100)))
		default:
			b.WriteString(u)
		}
	}
	return b.String()
}

func words(s string) string { return strings.Join(strings.Fields(s), " ") }

func TestMergeLaws(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for range 9000 {
		b := anyText(r)
		if got := strings.Join(Units(b), ""); got != b {
			t.Fatalf("the units of %q are %q", b, got)
		}
		x, y := changedText(r, b), changedText(r, b)
		for name, m := range map[string][]Merged{"only global": Merge(b, b, x), "only local": Merge(b, x, b), "both alike": Merge(b, x, x)} {
			if got, ok := Clean(m); !ok || words(got) != words(x) {
				t.Fatalf("%s: merging %q and %q gives %q, %v", name, b, x, got, ok)
			}
		}
		one, other := Merge(b, x, y), Merge(b, y, x)
		if _, ok := Clean(one); ok != !conflicts(other) {
			t.Fatalf("the sides are not alike: %q %q %q", b, x, y)
		}
		// What a clean merge says was said by one of the two.
		if got, ok := Clean(one); ok {
			for _, u := range Units(got) {
				if !strings.Contains(counted(x), counted(u)) && !strings.Contains(counted(y), counted(u)) {
					t.Fatalf("%q is in neither %q nor %q", u, x, y)
				}
			}
		} else if !Undecided(ToEdit(one)) {
			t.Fatal("a conflict without its lines")
		}
	}
}

func conflicts(m []Merged) bool {
	_, ok := Clean(m)
	return !ok
}

// counted gives the words with each numbered item as the first.
func counted(s string) string {
	var b strings.Builder
	for _, u := range Units(s) {
		b.WriteString(said(u) + " ")
	}
	return strings.TrimSpace(b.String())
}

func TestRenumbered(t *testing.T) {
	const text = "3. a\n3. b\n   more\n\n   1) x\n   1) y\n9. c\n\nText\n\n1. d\n```\n1. code\n```\n"
	const want = "3. a\n4. b\n   more\n\n   1) x\n   2) y\n5. c\n\nText\n\n1. d\n```\n1. code\n```\n"
	if got := renumbered(text); got != want {
		t.Errorf("%q, want %q", got, want)
	}
}

func TestMerge(t *testing.T) {
	const base = "Ask first.\n\nGive water.\n\nCall the hotline.\n"
	for _, c := range []struct{ name, local, global, want string }{
		{"far apart", "Ask first, in private.\n\nGive water.\n\nCall the hotline.\n", "Ask first.\n\nGive water.\n\nCall {{hotline}}.\n",
			"Ask first, in private.\n\nGive water.\n\nCall {{hotline}}.\n"},
		{"neighbours", "Ask first, in private.\n\nGive water.\n\nCall the hotline.\n", "Ask first.\n\nGive water and food.\n\nCall the hotline.\n",
			"Ask first, in private.\n\nGive water and food.\n\nCall the hotline.\n"},
		{"the same paragraph", "Ask twice.\n\nGive water.\n\nCall the hotline.\n", "Ask never.\n\nGive water.\n\nCall the hotline.\n", ""},
		{"taken out and changed", "Ask first.\n\nCall the hotline.\n", "Ask first.\n\nGive tea.\n\nCall the hotline.\n", ""},
		{"added at the end by one", base + "\nWrite it down.\n", base, base + "\nWrite it down.\n"},
		{"added at the end by both", base + "\nWrite it down.\n", base + "\nSign.\n", ""},
	} {
		got, ok := Clean(Merge(base, c.local, c.global))
		if got != c.want || ok != (c.want != "") {
			t.Errorf("%s: %q, %v, want %q", c.name, got, ok, c.want)
		}
	}
}

func TestMergeByItems(t *testing.T) {
	got, ok := Clean(Merge("- a\n- b\n- c\n", "- a 1\n- b\n- c\n", "- a\n- b 2\n- c\n- d\n"))
	if want := "- a 1\n- b 2\n- c\n- d\n"; !ok || got != want {
		t.Errorf("%q, %v, want %q", got, ok, want)
	}
}

func TestWordsLaws(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	for range 2000 {
		a := anyText(r)
		b := changedText(r, a)
		var before, after strings.Builder
		for _, m := range Words(a, b) {
			if m.Op != Inserted {
				before.WriteString(m.Text)
			}
			if m.Op != Deleted {
				after.WriteString(m.Text)
			}
		}
		if before.String() != a || after.String() != b {
			t.Fatalf("%q and %q come back as %q and %q", a, b, before.String(), after.String())
		}
	}
	if got := fmt.Sprint(Words("within 30 days", "within 45 days")); got != "[{0 within } {2 30} {1 45} {0  days}]" {
		t.Error(got)
	}
}

func FuzzUnits(f *testing.F) {
	f.Add("a\n\n- b\n  c\n| d |\n```\n\nx\n```\n")
	f.Fuzz(func(t *testing.T, text string) {
		if got := strings.Join(Units(text), ""); got != text {
			t.Errorf("%q comes back as %q", text, got)
		}
	})
}

// TestMergeRate: of sections that both sides changed, most merge by themselves.
func TestMergeRate(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	clean, both := 0, 0
	for range 1000 {
		var b, l, g strings.Builder
		changedL, changedG := r.IntN(8), r.IntN(8)
		for i := range 8 {
			fmt.Fprintf(&b, "Paragraph %d of the section.\n\n", i)
			mark := func(w *strings.Builder, at int, who string) {
				if i == at {
					fmt.Fprintf(w, "Paragraph %d as %s has it.\n\n", i, who)
				} else {
					fmt.Fprintf(w, "Paragraph %d of the section.\n\n", i)
				}
			}
			mark(&l, changedL, "the country")
			mark(&g, changedG, "the world")
		}
		both++
		if _, ok := Clean(Merge(b.String(), l.String(), g.String())); ok {
			clean++
		}
	}
	if share := float64(clean) / float64(both); share < .8 {
		t.Errorf("%.0f %% of the merges are clean", 100*share)
	}
}
