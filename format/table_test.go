package format

import (
	"fmt"
	"strings"
	"testing"
)

func TestCSV(t *testing.T) {
	for _, c := range []struct{ name, table, want string }{
		{"English", "Title,Year,Authors,Country,DOI\nOne,2015,\"Gusak, N.; IOM\",Sudan|Chad,10.1/x\n",
			`{"Authors":[{"Text":"Gusak, N."},{"Text":"IOM"}],"Countries":[{"Text":"Sudan"},{"Text":"Chad"}],"Date":{"Text":"2015"},"ID":"","Titles":{"und":"One"}}`},
		{"French with semicolons", "Titre;Année;Auteurs;Titre (anglais)\nUn;2015;OIM;One\n",
			`{"Authors":[{"Text":"OIM"}],"Date":{"Text":"2015"},"ID":"","Titles":{"en":"One","und":"Un"}}`},
		{"Russian with tabs", "Название\tГод\tКлючевые слова\nОдин\t2015\tа; б\n",
			`{"Date":{"Text":"2015"},"ID":"","Subjects":[{"Text":"а"},{"Text":"б"}],"Titles":{"und":"Один"}}`},
		{"Arabic", "العنوان,السنة\nواحد,2015\n", `{"Date":{"Text":"2015"},"ID":"","Titles":{"und":"واحد"}}`},
		{"Chinese", "标题,作者,年份\n一,甲,2015\n", `{"Authors":[{"Text":"甲"}],"Date":{"Text":"2015"},"ID":"","Titles":{"und":"一"}}`},
		{"Spanish", "título,año,idioma\nUno,2015,es\n", `{"Date":{"Text":"2015"},"ID":"","Languages":[{"Text":"es"}],"Titles":{"und":"Uno"}}`},
	} {
		if !isCSV([]byte(c.table)) {
			t.Errorf("%s is not told to be a table", c.name)
		}
		got, problems := all(CSV(strings.NewReader(c.table), nil))
		if len(got) != 1 || len(problems) != 0 || without(t, got[0]) != c.want {
			t.Errorf("%s: %q\n%s\nwant\n%s", c.name, problems, without(t, got[0]), c.want)
		}
	}
	for _, other := range []string{"Title\nOne, two\n", "A long sentence, with commas, that begins a page\n\n", "TY  - RPRT\n", "{}\n"} {
		if isCSV([]byte(other)) {
			t.Errorf("%q is taken for a table", other)
		}
	}
	mapping, err := Mapping(strings.NewReader("heading,field\nTT,title_fr\nWhat,-\nWho,author\n"))
	if err != nil {
		t.Fatal(err)
	}
	got, problems := all(CSV(strings.NewReader("TT,What,Who,Odd\nUn,x,OIM,y\n\"bad\"x,1,2,3\nDeux,x\n,,,\n"), mapping))
	if len(got) != 2 || fmt.Sprint(got[0].Titles, got[1].Titles, got[1].Line) != "map[fr:Un] map[fr:Deux] 4" || len(problems) != 2 ||
		!strings.Contains(problems[0], `passed over: "Odd"`) || !strings.Contains(problems[1], "line 3: ") {
		t.Errorf("%+v, %q", got, problems)
	}
	if _, err := Mapping(strings.NewReader("TT,nonsense\n")); err == nil || !strings.Contains(err.Error(), `no field "nonsense"`) {
		t.Error(err)
	}
	if _, problems := all(CSV(strings.NewReader("A,B\n1,2\n"), nil)); len(problems) != 1 || !strings.Contains(problems[0], "no column is a title") {
		t.Errorf("%q", problems)
	}
}

func TestCSVRoundTrip(t *testing.T) {
	formula := []string{"=1+1", "+x", "-x", "@x", "'=x", "'quoted'", "plain"}
	n := 0
	roundTrip(t, func(b *strings.Builder) Writer { return WriteCSV(b) }, func(r *strings.Reader) Drafts { return CSV(inUTF8Test(r), nil) }, func(d *Draft) {
		n++
		d.Titles["en"] = formula[n%len(formula)]
		for _, list := range []*[]Value{&d.Subjects, &d.Publishers, &d.Authors} {
			for i := range *list {
				(*list)[i].Text = strings.NewReplacer(";", "", "|", "").Replace((*list)[i].Text)
			}
		}
	})
}

// TestNoFormula: no cell of a table begins a formula.
func TestNoFormula(t *testing.T) {
	var b strings.Builder
	w := WriteCSV(&b)
	for _, evil := range []string{"=cmd|'/c calc'!A1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"} {
		if err := w.Write(Draft{Titles: map[string]string{"en": evil}, Authors: []Value{{Text: evil}}, Key: evil}); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	for _, sign := range []string{",=", ",+", ",-", ",@", ",\"=", ",\"\t", ",\"\r", ",\t"} {
		if strings.Contains(b.String(), sign) {
			t.Errorf("a cell begins with %q:\n%s", sign, b.String())
		}
	}
}

func FuzzCSV(f *testing.F) {
	f.Add([]byte("Title,Year\nOne,2015\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		for range CSV(strings.NewReader(string(data)), nil) {
		}
	})
}
