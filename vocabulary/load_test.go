package vocabulary

import (
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"
)

const topicHeader = "code,broader,en,fr,es,ar,ru,zh,variants\n"

// TestBrokenFiles: each mistake is named with file, line and remedy.
func TestBrokenFiles(t *testing.T) {
	regions := builtInFile(t, "regions.csv")
	countries := builtInFile(t, "countries.csv")
	for name, c := range map[string]struct {
		file, content string
		want          []string
	}{
		"empty":            {"topics.csv", "", []string{"topics.csv line 1: the file is empty"}},
		"no rows":          {"topics.csv", topicHeader, []string{"topics.csv holds no terms"}},
		"missing column":   {"topics.csv", "code,broader,en,fr,es,ru,zh,variants\n", []string{"topics.csv line 1: the column ar is missing"}},
		"unknown column":   {"topics.csv", "note," + topicHeader, []string{`topics.csv line 1: there is no column "note": the columns are code, broader, en`}},
		"column twice":     {"topics.csv", "en," + topicHeader, []string{"topics.csv line 1: the column en stands twice"}},
		"semicolons":       {"topics.csv", strings.ReplaceAll(topicHeader, ",", ";"), []string{"topics.csv line 1: the cells stand apart by semicolons"}},
		"duplicate code":   {"topics.csv", topicHeader + row("a", "b") + row("a", "c"), []string{"topics.csv line 3: the code a stands on line 2 already"}},
		"bad code":         {"topics.csv", topicHeader + row("Armed Conflict", "b"), []string{`topics.csv line 2: "Armed Conflict" does not fit the column code: write lower-case letters`}},
		"no code":          {"topics.csv", topicHeader + row("", "b"), []string{"topics.csv line 2: the column code is empty: write lower-case letters"}},
		"empty label":      {"topics.csv", topicHeader + "a,,A,A,A,,A,A,\n", []string{"topics.csv line 2: the column ar is empty: write the name in Arabic"}},
		"all problems":     {"topics.csv", topicHeader + "a,,A,A,A,,A,A,\n" + "b,x,B,B,,B,B,B,\n", []string{"line 2: the column ar", "line 3: the column es", "line 3: the broader term x of b is not in this file"}},
		"above itself":     {"topics.csv", topicHeader + "a,b,A,A,A,A,A,A,\nb,a,B,B,B,B,B,B,\n", []string{"line 2: a stands above itself", "line 3: b stands above itself"}},
		"same name":        {"topics.csv", topicHeader + row("a", "The Name") + row("b", "näme"), []string{`topics.csv line 3: b has the name "näme", which leads to a on line 2`}},
		"too few cells":    {"topics.csv", topicHeader + "a,,A\n", []string{"topics.csv line 2: the line has 3 cells where the header has 9"}},
		"too many cells":   {"topics.csv", topicHeader + "a,,A,A,A,A,A,A,,A,B\n", []string{"topics.csv line 2: the line has 11 cells where the header has 9"}},
		"quotes":           {"topics.csv", topicHeader + row("a", "A") + "b,,B\"B,B,B,B,B,B,\n", []string{"topics.csv line 3:", "put quotation marks around the whole cell"}},
		"open quote":       {"topics.csv", topicHeader + "a,,\"A,A\n", []string{"topics.csv line", "quotation marks"}},
		"not UTF-8":        {"topics.csv", topicHeader + row("a", "Caf\xe9") + row("b", "\xff"), []string{"topics.csv line 2: the line is not UTF-8, and 1 more"}},
		"UTF-16":           {"topics.csv", "\xff\xfec\x00o\x00", []string{"topics.csv line 1: the line is not UTF-8"}},
		"control":          {"topics.csv", topicHeader + row("a", "A\x00B"), []string{"topics.csv line 2: the column en holds a control character"}},
		"lost zeros":       {"regions.csv", strings.Replace(regions, "\n015,", "\n15,", 1), []string{`regions.csv line`, `"15" does not fit the column code`, "formatted as text"}},
		"lost zeros, m49":  {"countries.csv", strings.Replace(countries, ",020,", ",20,", 1), []string{"countries.csv line 2:", "formatted as text"}},
		"unknown member":   {"regions.csv", strings.Replace(regions, "BF TD ML", "BF QQ ML", 1), []string{`regions.csv line 14: the member "QQ" of sahel is no country`}},
		"unknown region":   {"regions.csv", strings.Replace(regions, "m49:015 m49:202", "m49:999 m49:202", 1), []string{`the member "m49:999" of 002 is no region`}},
		"region in itself": {"regions.csv", strings.Replace(regions, "m49:015 m49:202", "m49:002", 1), []string{"the region 002 holds 002, which holds it"}},
		"bad scheme":       {"regions.csv", strings.Replace(regions, "sahel,field", "sahel,house", 1), []string{`regions.csv line 14: "house" does not fit the column scheme: write field or m49`}},
		"no worldwide":     {"regions.csv", strings.Replace(regions, "worldwide,field", "everywhere,field", 1), []string{"regions.csv lacks the region worldwide"}},
		"country gone":     {"countries.csv", strings.Replace(countries, "\nSD,", "\nQZ,", 1), []string{`regions.csv (built in) line`, `the member "SD" of north-africa`}},
		"bad website":      {"organisations.csv", "code,acronym,en,fr,es,ar,ru,zh,variants,website\na,,A,,,,,,,www.iom.int\n", []string{`organisations.csv line 2: "www.iom.int" does not fit the column website: write the whole web address`}},
		"bad audience":     {"categories.csv", "code,audience,en,fr,es,ar,ru,zh,variants\na,All Staff,A,A,A,A,A,A,\n", []string{"categories.csv line 2:", "the column audience: write public"}},
		"line of a cell over two lines": {"topics.csv", topicHeader + "a,,\"A\nA\",A,A,A,A,A,\n" + row("b", ""),
			[]string{"topics.csv line 4: the column en is empty"}},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := Load(fstest.MapFS{c.file: {Data: []byte(c.content)}})
			if err == nil {
				t.Fatal("loads")
			}
			for _, want := range c.want {
				if !strings.Contains(err.Error(), want) {
					t.Errorf("lacks %q:\n%v", want, err)
				}
			}
			if n := strings.Count(err.Error(), "\n") + 1; n > 6 { // one for each language
				t.Errorf("one mistake gives %d errors:\n%v", n, err)
			}
		})
	}
}

// TestSpreadsheetHabits: what spreadsheets do to a file without harm.
func TestSpreadsheetHabits(t *testing.T) {
	file := "\ufeff" + strings.ReplaceAll("Code,broader,en,fr,es,ar,ru,zh,variants \n"+row("a", "  Two\u00a0 words ")+
		"\n,,,,,,,,\n"+"b,a,B,B,B,B,B,B,X; fr:Yé ;;zz:Z\n", "\n", "\r\n")
	v, err := Load(fstest.MapFS{"topics.csv": {Data: []byte(file)}, "countries.txt": {Data: []byte("x")}})
	if err != nil {
		t.Fatal(err)
	}
	all := v.Topics.All()
	if len(all) != 2 || all[0].Labels["en"] != "Two words" || all[1].Broader != "a" || all[1].Order != 1 {
		t.Errorf("%+v", all)
	}
	want := []Variant{{"", "X"}, {"fr", "Yé"}, {"", "zz:Z"}}
	if got := all[1].Variants; len(got) != 3 || got[0] != want[0] || got[1] != want[1] || got[2] != want[2] {
		t.Errorf("variants %+v, want %+v", got, want)
	}
	if len(v.Countries.All()) != 250 {
		t.Error("the built-in countries are not used")
	}
}

// TestThicket: regions that name each other many times over are expanded in
// no time.
func TestThicket(t *testing.T) {
	var b strings.Builder
	b.WriteString("code,scheme,members,en,fr,es,ar,ru,zh,variants\nworldwide,field,,W,W,W,W,W,W,\n100,m49,SD,R100,R100,R100,R100,R100,R100,\n")
	for i := 101; i < 200; i++ {
		code := string([]byte{'1', byte('0' + i/10%10), byte('0' + i%10)})
		below := string([]byte{'1', byte('0' + (i-1)/10%10), byte('0' + (i-1)%10)})
		b.WriteString(code + ",m49,m49:" + below + " m49:" + below + strings.Repeat(",R"+code, 6) + ",\n")
	}
	v, err := Load(fstest.MapFS{"regions.csv": {Data: []byte(b.String())}})
	if err != nil {
		t.Fatal(err)
	}
	if r, _ := v.Regions.Get("199"); len(r.Members) != 1 || len(v.RegionsOf([]string{"SD"}, nil)) != 100 {
		t.Errorf("%v", r.Members)
	}
}

func row(code, name string) string {
	return code + "," + strings.Repeat(","+name, 6) + ",\n"
}

func builtInFile(t testing.TB, name string) string {
	t.Helper()
	b, err := fs.ReadFile(Files(), name)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// FuzzLoad: whatever stands in the files, loading gives vocabularies or an
// error, and what was loaded can be asked.
func FuzzLoad(f *testing.F) {
	f.Add(topicHeader+row("a", "A"), "")
	f.Add("\ufeff"+topicHeader+"a,a,\"A\"\"\n\",,,,,,x;fr:\n", builtInFile(f, "regions.csv"))
	f.Add("code;en\n", "code,scheme,members,en,fr,es,ar,ru,zh,variants\nworldwide,field,,W,W,W,W,W,W,(the)\n001,m49,m49:001 SD,A,A,A,A,A,A,the \n")
	f.Fuzz(func(t *testing.T, topics, regions string) {
		override := fstest.MapFS{"topics.csv": {Data: []byte(topics)}}
		if regions != "" {
			override["regions.csv"] = &fstest.MapFile{Data: []byte(regions)}
		}
		v, err := Load(override)
		if (v == nil) == (err == nil) {
			t.Fatalf("%v, %v", v, err)
		}
		if v == nil {
			return
		}
		for _, term := range v.Topics.All() {
			if got, ok := v.Topics.Get(term.Code); !ok || got.Order != term.Order {
				t.Errorf("%s is not under its own code", term.Code)
			}
			v.Near(v.Topics, term.Labels["en"])
			v.Topics.Find(term.Labels["en"] + " (X)")
		}
		v.RegionsOf([]string{"SD"}, []string{"worldwide"})
	})
}
