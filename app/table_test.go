package app

import (
	"encoding/csv"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"waymark/library"
)

// sheet is a table as a spreadsheet has it.
type sheet [][]string

func sheetOf(t testing.TB, text string) sheet {
	t.Helper()
	rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(text, "\ufeff"))).ReadAll()
	if err != nil || len(rows) == 0 {
		t.Fatal(err, text)
	}
	return rows
}

// set writes a cell of the row of a record.
func (s sheet) set(t testing.TB, id library.ID, heading, value string) {
	t.Helper()
	for i, h := range s[0] {
		for _, row := range s[1:] {
			if h == heading && row[0] == string(id) {
				row[i] = value
				return
			}
		}
	}
	t.Fatalf("there is no cell %s of %s", heading, id)
}

// text writes the table as a spreadsheet with semicolons does.
func (s sheet) text(t testing.TB) string {
	t.Helper()
	var b strings.Builder
	w := csv.NewWriter(&b)
	w.Comma, w.UseCRLF = ';', true
	if err := w.WriteAll(s); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// TestTable: a queue goes out as a table, is edited in a spreadsheet, and comes
// back as a set of changes that is looked at, applied, and undone as one.
func TestTable(t *testing.T) {
	h, _ := demoSite(t)
	desk, limited := doorFor(t, h, ana), doorFor(t, h, library.Viewer{Name: "Lim", Role: library.Curator, Countries: []string{"AL"}})
	first := handIn(t, h, bo, library.Fields{"title.en": {"=1+1 A Table Handbook"}, "country": {"SD"}, "abstract.en": {"Two lines\nof \"text\"; and more"}, "identifier": {"doi:10.1234/a"}})
	second := handIn(t, h, bo, library.Fields{"title.fr": {"Un autre guide"}, "language": {"fr"}})
	third := handIn(t, h, bo, library.Fields{"title.en": {"A third one, left alone"}})
	before := recordOf(t, h, first)
	_, out := get(t, "GET", desk+"/en/desk/table.csv?queue=submitted", "en")
	table := sheetOf(t, out)
	if len(table) != 4 {
		t.Fatalf("the queue goes out as\n%s", out)
	}
	send := func(site, text string) (*http.Response, string) {
		return post(t, site+"/en/desk/table", url.Values{"table": {text}})
	}
	if res, body := send(desk, sheetOf(t, out).text(t)); res.StatusCode != 200 || !strings.Contains(body, "Records that change: 0. Unchanged: 3") {
		t.Fatalf("a table that nobody touched answers %d\n%s", res.StatusCode, body)
	}
	table.set(t, first, "Country", "Chad; Soudan")
	table.set(t, first, "Author", "IOM; Zephyr Table Society")
	table.set(t, second, "Author", "Zephyr Table Society")
	table.set(t, second, "Date", "2024-02")
	table.set(t, second, "Topic", "Protection")
	text := table.text(t)
	res, body := send(desk, text)
	if res.StatusCode != 200 || !strings.Contains(body, "Records that change: 2. Unchanged: 1") || !strings.Contains(body, "<ins><bdi>Zephyr Table Society</bdi></ins>") || !strings.Contains(body, "<ins><bdi>February 2024</bdi></ins>") {
		t.Fatalf("the changes are shown as %d\n%s", res.StatusCode, body)
	}
	if recordOf(t, h, second).Date != "" {
		t.Error("looking at the changes makes them")
	}
	if _, body := send(limited, text); strings.Contains(body, "Table Handbook") || !strings.Contains(body, "Records that change: 0") {
		t.Errorf("a curator of another country changes records:\n%s", body)
	}
	res, body = post(t, desk+"/en/desk/table", url.Values{"table": {text}, "sure": {"yes"}, "why": {"tidied"}})
	if res.StatusCode != http.StatusSeeOther {
		t.Fatalf("applying answers %d\n%s", res.StatusCode, body)
	}
	one, two := recordOf(t, h, first), recordOf(t, h, second)
	if strings.Join(one.Countries, " ") != "SD TD" && strings.Join(one.Countries, " ") != "TD SD" || len(one.Contributors) != 2 || len(two.Contributors) != 1 || one.Contributors[1] != two.Contributors[0] || two.Date != "2024-02" || len(two.Topics) != 1 {
		t.Errorf("after the table they are %+v and %+v", one, two)
	}
	if one.Titles["en"] != "=1+1 A Table Handbook" || one.Abstracts["en"] != before.Abstracts["en"] || recordOf(t, h, third).Version != 1 {
		t.Error("the table changed what nobody touched")
	}
	to, err := url.Parse(res.Header.Get("Location"))
	if err != nil {
		t.Fatal(err)
	}
	if res, body := post(t, desk+"/en/desk/undo", url.Values{"seq": {to.Query().Get("seq")}, "id": to.Query()["id"]}); res.StatusCode != http.StatusSeeOther {
		t.Fatalf("undoing answers %d\n%s", res.StatusCode, body)
	}
	if differing := before.Fields().Differing(recordOf(t, h, first).Fields()); len(differing) > 0 || recordOf(t, h, second).Date != "" {
		t.Errorf("undone, there differ %v", differing)
	}
	// The same table again: what others changed since it went out is told, not lost.
	if res, body = send(desk, text); !strings.Contains(body, "changed") || res.StatusCode != 200 {
		t.Errorf("an old table answers %d\n%s", res.StatusCode, body)
	}
}

// TestTableFaults: what cannot be read is said with its line, and nothing of it
// is done.
func TestTableFaults(t *testing.T) {
	h, _ := demoSite(t)
	desk := doorFor(t, h, ana)
	head := "Waymark ID,Waymark version,Title en,Country,Date\n"
	for _, c := range []struct {
		name, table string
		status      int
		want        string
	}{
		{"no table", "hello", 422, "cannot be read"},
		{"no ID", "Title\nx\n", 422, "Waymark ID"},
		{"quotes", head + "\"x\"y,1,,,\n", 422, "line 2"},
		{"too many", head + strings.Repeat(palermo+",1,x,,\n", 501), 422, "500"},
		{"an unknown record", head + "01ARZ3NDEKTSV4RRFFQ69G5FAV,1,x,,\n", 200, "There is no record"},
		{"no record", head + "../etc,1,x,,\n", 200, "There is no record"},
		{"a version that is none", head + palermo + ",77,x,,\n", 200, "There is no record"},
		{"an unknown country", head + palermo + ",1,x,Atlantis,\n", 200, "Atlantis"},
		{"no date", head + palermo + ",1,x,,soon\n", 200, "cannot be taken"},
		{"twice", head + palermo + ",1,x,,\n" + palermo + ",1,y,,\n", 200, "cannot be taken"},
	} {
		res, body := post(t, desk+"/en/desk/table", url.Values{"table": {c.table}})
		if res.StatusCode != c.status || !strings.Contains(body, c.want) {
			t.Errorf("%s: %d\n%s", c.name, res.StatusCode, body)
		}
		if res, _ := post(t, desk+"/en/desk/table", url.Values{"table": {c.table}, "sure": {"yes"}}); res.StatusCode == http.StatusSeeOther && c.name != "twice" {
			t.Errorf("%s is done all the same", c.name)
		}
	}
}
