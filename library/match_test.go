package library

import (
	"slices"
	"strings"
	"testing"

	"waymark/match"
)

func TestTitleKey(t *testing.T) {
	for _, c := range []struct {
		title string
		year  int
		want  string
	}{
		{"Findings of the Study Human Trafficking in the Context of Armed Conflict in Ukraine", 2019, "findings of the study human trafficking in the context of armed conflict in ukraine"},
		{"Crisis- Evidence and Recommendations. December 2015", 2015, "crisis evidence and recommendations"},
		{"Crisis: Evidence and Recommendations", 2015, "crisis evidence and recommendations"},
		{"Crisis: Evidence and Recommendations 2014", 2015, "crisis evidence and recommendations 2014"},
		{"Global Report on Trafficking in Persons 2020", 0, "global report on trafficking in persons"},
		{"Trata de Mujeres y Niñas Informe", 2010, "trata de mujeres y ninas informe"},
		{"2015", 2015, "2015"},
		{"", 2015, ""},
		{"Informe, diciembre de 2015", 2015, "informe diciembre de"},
	} {
		if got := match.TitleKey(c.title, c.year); got != c.want {
			t.Errorf("TitleKey(%q, %d) = %q, want %q", c.title, c.year, got, c.want)
		}
	}
}

func resource(title, date, lang string, agents ...ID) *Resource {
	r := &Resource{Titles: Text{lang: title}, Date: Date(date), Languages: []string{lang}}
	for _, a := range agents {
		r.Contributors = append(r.Contributors, Contributor{Agent: a, Role: Author})
	}
	return r
}

func TestCompare(t *testing.T) {
	const long = "Findings of the Study Human Trafficking in the Context of Armed Conflict in Ukraine"
	symbol := func(r *Resource) *Resource {
		r.Identifiers = []Identifier{{"un-symbol", "A/RES/64/293"}}
		return r
	}
	for name, c := range map[string]struct {
		a, b *Resource
		want match.Likeness
	}{
		"case only":                     {resource(long, "2019", "en", "A"), resource(strings.ToLower(long), "2019", "en", "A"), match.Certain},
		"punctuation and trailing date": {resource("Crisis- Evidence for Further Action. December 2015", "2015", "en"), resource("Crisis: Evidence for further action", "2015", "en", "IOM"), match.Certain},
		"another year":                  {resource(long, "2019", "en"), resource(long, "2016", "en"), match.Suspected},
		"one year missing":              {resource(long, "2019", "en"), resource(long, "", "en"), match.Suspected},
		"both years missing, an author": {resource(long, "", "en", "A"), resource(long, "", "en", "A"), match.Certain},
		"both years missing, no author": {resource(long, "", "en"), resource(long, "", "en"), match.Suspected},
		"other authors":                 {resource("Annual Report of the Network", "2019", "en", "A"), resource("Annual Report of the Network", "2019", "en", "B"), match.Suspected},
		"short title, no author":        {resource("Annual Report", "2019", "en"), resource("Annual Report", "2019", "en", "B"), match.Suspected},
		"a series by year":              {resource("Global Report on Trafficking in Persons 2020", "2020", "en", "U"), resource("Global Report on Trafficking in Persons 2022", "2022", "en", "U"), match.Different},
		"a series, mistyped":            {resource("Global Report on Traficking in Persons 2020", "2020", "en", "U"), resource("Global Report on Trafficking in Persons 2020", "2020", "en", "U"), match.Suspected},
		"a typing error":                {resource("Guide to Identificaction of Victims", "2015", "en"), resource("Guide to Identification of Victims", "2015", "en"), match.Suspected},
		"subtitle dropped":              {resource("Caring for Trafficked Persons", "2009", "en"), resource("Caring for Trafficked Persons: Guidance for Health Providers", "2009", "en"), match.Suspected},
		"second edition":                {resource("National Referral Mechanisms. A Practical Handbook", "2004", "en"), resource("National Referral Mechanisms. A Practical Handbook (second edition)", "2006", "en"), match.Different},
		"neighbours of a series":        {resource("Policy Guide on Identifying Victims of Trafficking", "2015", "en", "B"), resource("Policy Guide on Protecting Victims of Trafficking", "2015", "en", "B"), match.Different},
		"resolutions by number":         {resource("Security Council Resolution 2331 (2016)", "2016", "en"), resource("Security Council Resolution 2388 (2017)", "2017", "en"), match.Different},
		"a translation":                 {symbol(resource("Plan d'action mondial", "2010", "fr")), symbol(resource("Global Plan of Action", "2010", "en")), match.Different},
		"identifier and near title":     {symbol(resource("Global Plan of Action", "2010", "en")), symbol(resource("Global Plan of Action to Combat Trafficking", "2010", "en")), match.Certain},
		"identifier, another title":     {symbol(resource("Global Plan of Action", "2010", "en")), symbol(resource("Something else altogether", "2010", "en")), match.Suspected},
		"nothing alike":                 {resource(long, "2019", "en"), resource("Slavery Convention", "1926", "en"), match.Different},
	} {
		t.Run(name, func(t *testing.T) {
			ab, ba := Compare(c.a, c.b), Compare(c.b, c.a)
			if ab.Likeness != c.want {
				t.Errorf("got %d (%s), want %d", ab.Likeness, ab.Reason(), c.want)
			}
			if ab.Likeness != ba.Likeness {
				t.Errorf("not symmetric: %d and %d", ab.Likeness, ba.Likeness)
			}
			if c.want != match.Different && !shareKey(c.a, c.b) {
				t.Errorf("no candidate key leads from one to the other")
			}
		})
	}
}

func shareKey(a, b *Resource) bool {
	theirs := b.CandidateKeys(b.Record(nil))
	return slices.ContainsFunc(a.CandidateKeys(a.Record(nil)), func(k Key) bool { return slices.Contains(theirs, k) })
}

func TestAbsorbKeepsBothForms(t *testing.T) {
	a := resource("The Study", "2019", "en")
	a.Sources = []Source{{Digest: "1", Stated: []Stated{{Field: "title", Values: []string{"The Study"}}}}}
	b := resource("THE STUDY", "2019", "en", "A")
	b.Topics, b.Category = []string{"protection"}, "report"
	b.Sources = []Source{{Digest: "2", Stated: []Stated{{Field: "title", Values: []string{"THE STUDY"}}}}}
	a.Absorb(b)
	a.Absorb(b) // again changes nothing
	if len(a.Sources) != 2 || len(a.Forms()) != 1 || a.Forms()[0] != "THE STUDY" {
		t.Errorf("sources %d, forms %q", len(a.Sources), a.Forms())
	}
	if a.Titles["en"] != "The Study" || a.Category != "report" || len(a.Contributors) != 1 || len(a.Topics) != 1 {
		t.Errorf("absorbed: %+v", a)
	}
}

func TestParseDate(t *testing.T) {
	for s, ok := range map[string]bool{"2015": true, "2015-12": true, "2015-12-31": true, "2015-02-30": false,
		"20x9": false, "": false, "15": false, "0999": false, "3000": false, "2015-13": false, "２０１５": false} {
		if _, err := ParseDate(s); (err == nil) != ok {
			t.Errorf("ParseDate(%q): %v", s, err)
		}
	}
	if y := Date("2015-12").Year(); y != 2015 {
		t.Errorf("Year = %d", y)
	}
}

func TestNewAgent(t *testing.T) {
	for name, want := range map[string]AgentType{
		"Nataliya Gusak":           Person,
		"Agnès Tillinac":           Person,
		"Foo Bar Network (FBN)":    Organisation,
		"Ministry of the Interior": Organisation,
		"ICAT":                     Organisation,
		"Université de Genève":     Organisation,
	} {
		if a := NewAgent(name); a.Type != want {
			t.Errorf("NewAgent(%q) is a %s, want %s", name, a.Type, want)
		}
	}
	if a := NewAgent("Foo  Bar Network (FBN)"); a.Acronym != "FBN" || a.Names[Undetermined] != "Foo Bar Network" {
		t.Errorf("%+v", a)
	}
}
