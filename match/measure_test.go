package match

import (
	"os"
	"strings"
	"testing"
)

func table[T any](t testing.TB, name string, read func(*os.File) (T, error)) T {
	t.Helper()
	f, err := os.Open("testdata/" + name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := read(f)
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

// TestField measures the verdicts over labelled pairs of the field: of what is
// merged unasked at least 99 in 100 must be one work, and of the pairs of one
// work at least 95 in 100 must be merged or left to a curator.
func TestField(t *testing.T) {
	rows := func(f *os.File) ([]Row, error) { return ReadTable(f) }
	truth := table(t, "pairs.csv", func(f *os.File) (Truth, error) { return ReadTruth(f) })
	figures, misses := Measure(table(t, "left.csv", rows), table(t, "right.csv", rows), truth)
	merged, found := figures.MergedScore(), figures.FoundScore()
	t.Logf("%d labelled pairs, %+v, merged %+v, merged or queued %+v", len(truth.Pairs), figures, merged, found)
	if len(truth.Pairs) < 400 || merged.Precision < 0.99 || merged.Recall < 0.6 || found.Recall < 0.95 || found.Precision < 0.9 || figures.Related < 30 {
		for _, m := range misses {
			t.Logf("one work %v, compared %v: %s %v / %s %v: %+v", m.Same, m.Compared, m.Left.ID, m.Left.Titles, m.Right.ID, m.Right.Titles, m.Verdict)
		}
		t.Error("one work is not told from two as surely as it must be")
	}
}

func TestReadTables(t *testing.T) {
	rows, err := ReadTable(strings.NewReader("\uFEFFID,Title,Authors,Venue,Year,Extra\nx/1,\"A &amp; B, or not\",\"Ana Ruiz, Li Wei\",VLDB,1999.0,?\n2,\"C\",\"Smith, John\",,,\n3,D,\"Smith, J.; Doe, K.\",,n/a,\n"))
	if err != nil {
		t.Fatal(err)
	}
	if r := rows[0]; r.ID != "x/1" || r.Titles[0].Text != "A & B, or not" || len(r.Contributors) != 2 || r.Container != "VLDB" || r.Year != 1999 {
		t.Errorf("%+v", r)
	}
	if len(rows[1].Contributors) != 1 || len(rows[2].Contributors) != 2 || rows[2].Contributors[1].Names[0] != "Doe, K." {
		t.Errorf("%+v", rows[1:])
	}
	whole, err := ReadTruth(strings.NewReader("idDBLP,idACM\na,1\nb,2\n"))
	if err != nil || !whole.Whole || !whole.Pairs[[2]string{"b", "2"}] {
		t.Errorf("%+v, %v", whole, err)
	}
	some, err := ReadTruth(strings.NewReader("#key=_id\n_id,ltable.id,rtable.id,ltable.title,gold\n0,a,1,T,0\n1,b,2,U,1\n"))
	if err != nil || some.Whole || some.Pairs[[2]string{"a", "1"}] || !some.Pairs[[2]string{"b", "2"}] {
		t.Errorf("%+v, %v", some, err)
	}
	for _, bad := range []string{"", "title\nx\n", "id,title\n\"x\n", "id,title\n1\n"} {
		if _, err := ReadTable(strings.NewReader(bad)); err == nil {
			t.Errorf("%q was read", bad)
		}
	}
}

// TestMeasureWhole: with a whole truth, a merge that it lacks counts as wrong.
func TestMeasureWhole(t *testing.T) {
	row := func(id, title string) Row {
		return Row{id, Facts{Titles: []Title{{Text: title}}, Year: 2019, Contributors: []Contributor{{Names: []string{"Ana Ruiz"}}}}}
	}
	left := []Row{row("a", "Of shelters and their standards"), row("b", "Of courts and their judges")}
	right := []Row{row("1", "Of Shelters and Their Standards"), row("2", "Of courts and their judges")}
	f, misses := Measure(left, right, Truth{Whole: true, Pairs: map[[2]string]bool{{"a", "1"}: true}})
	if f.Same != 1 || f.Merged != 2 || f.MergedRight != 1 || len(misses) != 1 || misses[0].Same || f.MergedScore() != (Score{0.5, 1, 2. / 3}) {
		t.Errorf("%+v %+v %+v", f, misses, f.MergedScore())
	}
}
