package format

import (
	"strings"
	"testing"
)

func TestRules(t *testing.T) {
	const record = `<oai_dc:dc xmlns:oai_dc="http://www.openarchives.org/OAI/2.0/oai_dc/" xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>T</dc:title><dc:subject>TIP</dc:subject><dc:subject>camps</dc:subject>` +
		`<dc:coverage>Sudan</dc:coverage><dc:type>Text</dc:type><dc:contributor>A Funder</dc:contributor></oai_dc:dc>`
	const plainly = `{"Category":{"Text":"Text"},"Editors":[{"Text":"A Funder"}],"ID":"","Places":[{"Text":"Sudan"}],"Subjects":[{"Text":"TIP"},{"Text":"camps"}],"Titles":{"und":"T"}}`
	for _, c := range []struct{ rules, want string }{
		{"", plainly},
		{"source,field\n# nothing\n", plainly},
		{"subject, topic\n", `{"Category":{"Text":"Text"},"Editors":[{"Text":"A Funder"}],"ID":"","Places":[{"Text":"Sudan"}],"Titles":{"und":"T"},"Topics":[{"Text":"TIP"},{"Text":"camps"}]}`},
		{"dc.coverage,country\n", `{"Category":{"Text":"Text"},"Countries":[{"Text":"Sudan"}],"Editors":[{"Text":"A Funder"}],"ID":"","Subjects":[{"Text":"TIP"},{"Text":"camps"}],"Titles":{"und":"T"}}`},
		{"dc.coverage=sudan,country:SD\nsubject= tip ,topic:trafficking\n", `{"Category":{"Text":"Text"},"Countries":[{"Text":"SD"}],"Editors":[{"Text":"A Funder"}],"ID":"","Places":[{"Text":"Sudan"}],"Subjects":[{"Text":"TIP"},{"Text":"camps"}],"Titles":{"und":"T"},"Topics":[{"Text":"trafficking"}]}`},
		{"dc.type=Text,-\ndc.contributor,publisher\nsubject=camps,-\n", `{"ID":"","Places":[{"Text":"Sudan"}],"Publishers":[{"Text":"A Funder"}],"Subjects":[{"Text":"TIP"}],"Titles":{"und":"T"}}`},
		{"category=text,category:report\nsubject=TIP,subject:trafficking\neditor,-\n", `{"Category":{"Text":"report"},"ID":"","Places":[{"Text":"Sudan"}],"Subjects":[{"Text":"trafficking"},{"Text":"camps"}],"Titles":{"und":"T"}}`},
		{"set=hr:tip,topic:trafficking\nset=other,topic:protection\n*,country:SD\n", `{"Category":{"Text":"Text"},"Countries":[{"Text":"SD"}],"Editors":[{"Text":"A Funder"}],"ID":"","Places":[{"Text":"Sudan"}],"Subjects":[{"Text":"TIP"},{"Text":"camps"}],"Titles":{"und":"T"},"Topics":[{"Text":"trafficking"}]}`},
		{"dc.type,category:report\nsubject,topic:trafficking\n", `{"Category":{"Text":"report"},"Editors":[{"Text":"A Funder"}],"ID":"","Places":[{"Text":"Sudan"}],"Subjects":[{"Text":"TIP"},{"Text":"camps"}],"Titles":{"und":"T"},"Topics":[{"Text":"trafficking"}]}`},
	} {
		rules, err := ReadRules(strings.NewReader(c.rules))
		if err != nil {
			t.Errorf("%q: %v", c.rules, err)
			continue
		}
		got, problems := all(Read(strings.NewReader(record), Options{Rules: rules}))
		if len(got) != 1 || len(problems) > 0 {
			t.Fatal(got, problems)
		}
		before := without(t, got[0])
		if g := without(t, rules.Apply(got[0], "hr:tip")); g != c.want {
			t.Errorf("%q is\n%s\nwant\n%s", c.rules, g, c.want)
		}
		if without(t, got[0]) != before {
			t.Errorf("%q changes the draft that it is given", c.rules)
		}
	}
	for _, c := range [][2]string{
		{"subject,nonsense\n", `line 1: there is no field "nonsense"`}, {"subject,topic\nnonsense,topic\n", `line 2: there is no source field "nonsense"`},
		{"subject\n", "write source,field"}, {"set,topic:a\n", "lacks a value"}, {"subject=,topic\n", "lacks a value"}, {"*,topic\n", "needs a value"}, {"set=a,-\n", "needs a value"},
		{"dc.,topic\n", "no source field"},
	} {
		if _, err := ReadRules(strings.NewReader(c[0])); err == nil || !strings.Contains(err.Error(), c[1]) {
			t.Errorf("%q: %v", c[0], err)
		}
	}
	deleted := Draft{Key: "k", Deleted: true}
	if got := (Rules{{From: "*", To: "topic", Becomes: "trafficking"}}).Apply(deleted); len(got.Topics) > 0 {
		t.Error("what is withdrawn gets a topic")
	}
}

func FuzzRules(f *testing.F) {
	f.Add("subject,topic\ndc.coverage=Sudan,country:SD\n*,region:worldwide\n")
	f.Fuzz(func(t *testing.T, text string) {
		rules, err := ReadRules(strings.NewReader(text))
		if err == nil {
			rules.Apply(Draft{Subjects: []Value{{Text: "Sudan"}}, Category: Value{Text: "x"}}, "hr")
		}
	})
}
