package access

import (
	"slices"
	"strings"
	"testing"

	"waymark/library"
)

func TestRules(t *testing.T) {
	staff, partners, office := []library.Audience{"staff"}, []library.Audience{"partners"}, []library.Audience{"partners", "kenya-office"}
	rules := []Rule{
		{Domain: "iom.int", Audiences: staff},
		{Group: "Trusted Partners", Provider: "hub", Audiences: partners},
		{Group: "Nairobi", Audiences: office},
		{Address: "joy@ngo.example", Audiences: partners},
		{}, // fits nobody
	}
	for _, c := range []struct {
		who  Identity
		own  []library.Audience
		want string
	}{
		{who: Identity{}, want: ""},
		{who: Identity{Address: "a@iom.int"}, want: "staff"},
		{who: Identity{Address: "a@sub.iom.int"}, want: ""},
		{who: Identity{Address: "a@iom.int.evil.example"}, want: ""},
		{who: Identity{Address: "iom.int@evil.example"}, want: ""},
		{who: Identity{Address: "a@xiom.int"}, want: ""},
		{who: Identity{Address: "joy@ngo.example"}, want: "partners"},
		{who: Identity{Address: "joyce@ngo.example"}, want: ""},
		{who: Identity{Groups: []Membership{{"hub", "Trusted Partners"}}}, want: "partners"},
		{who: Identity{Groups: []Membership{{"other", "Trusted Partners"}}}, want: ""},
		{who: Identity{Groups: []Membership{{"hub", "trusted partners"}}}, want: ""},
		{who: Identity{Groups: []Membership{{"any", "Nairobi"}}}, want: "kenya-office partners"},
		{who: Identity{Address: "a@iom.int", Groups: []Membership{{"x", "Nairobi"}}}, own: []library.Audience{"board", "staff"}, want: "board kenya-office partners staff"},
		{who: Identity{Groups: []Membership{{"x", ""}}}, want: ""},
	} {
		var got []string
		for _, a := range audiences(rules, c.who, c.own) {
			got = append(got, string(a))
		}
		if s := strings.Join(got, " "); s != c.want {
			t.Errorf("%+v belongs to %q, want %q", c.who, s, c.want)
		}
	}
	own := slices.Grow([]library.Audience{"z"}, 8)
	audiences(rules, Identity{Address: "a@iom.int"}, own)
	if got := own[:2][1]; got != "" {
		t.Errorf("the person's own list was written into: %q", got)
	}
}

func TestRuleTidy(t *testing.T) {
	staff := []library.Audience{"staff"}
	for _, c := range []struct {
		rule Rule
		want Rule
		ok   bool
	}{
		{Rule{Domain: "@IOM.int", Audiences: staff}, Rule{Domain: "iom.int", Audiences: staff}, true},
		{Rule{Address: "Joy@NGO.example", Audiences: staff}, Rule{Address: "joy@ngo.example", Audiences: staff}, true},
		{Rule{Group: " g ", Provider: "hub", Audiences: staff}, Rule{Group: "g", Provider: "hub", Audiences: staff}, true},
		{Rule{Domain: "bücher.example", Audiences: staff}, Rule{Domain: "xn--bcher-kva.example", Audiences: staff}, true},
		{Rule{Audiences: staff}, Rule{}, false},
		{Rule{Domain: "iom.int"}, Rule{}, false},
		{Rule{Domain: "iom.int", Group: "g", Audiences: staff}, Rule{}, false},
		{Rule{Domain: "iom.int", Provider: "hub", Audiences: staff}, Rule{}, false},
		{Rule{Domain: "*", Audiences: staff}, Rule{}, false},
		{Rule{Domain: "int", Audiences: staff}, Rule{}, false},
		{Rule{Address: "nobody", Audiences: staff}, Rule{}, false},
	} {
		got, err := c.rule.Tidy()
		if (err == nil) != c.ok || c.ok && (got.Domain != c.want.Domain || got.Address != c.want.Address || got.Group != c.want.Group) {
			t.Errorf("%+v: %+v %v", c.rule, got, err)
		}
		if err != nil && library.KindOf(err) != library.Invalid {
			t.Errorf("%+v: %v is no %s", c.rule, err, library.Invalid)
		}
	}
}

func TestAddress(t *testing.T) {
	for s, want := range map[string]string{
		" Amina.B+x@Example.ORG ": "amina.b+x@example.org", "a@bücher.example": "a@xn--bcher-kva.example", "a@example.org.": "",
		"": "", "a": "", "a@": "", "@b.c": "", "Amina <a@example.org>": "", "a@example.org, b@example.org": "", "аmina@example.org": "",
		`"a b"@example.org`: "", "a@b@example.org": "", "a@example.org\r\nBcc: x@y.z": "", "a@[127.0.0.1]": "", strings.Repeat("a", 250) + "@b.cd": "",
	} {
		if got, err := Address(s); got != want || (err == nil) != (want != "") {
			t.Errorf("Address(%q) = %q, %v", s, got, err)
		}
	}
}

func FuzzAddress(f *testing.F) {
	f.Add("a@example.org")
	f.Add("A@xn--bcher-kva.example")
	f.Fuzz(func(t *testing.T, s string) {
		once, err := Address(s)
		if err != nil {
			return
		}
		if twice, err := Address(once); err != nil || twice != once {
			t.Errorf("%q becomes %q and then %q (%v)", s, once, twice, err)
		}
	})
}

func TestParseAudiences(t *testing.T) {
	for s, want := range map[string]string{"": "", "public": "", "staff, partners": "staff partners", "kenya-office": "kenya-office", "Staff": "!", "a/b": "!", "-a": "!"} {
		got, err := ParseAudiences(s)
		var names []string
		for _, a := range got {
			names = append(names, string(a))
		}
		if j := strings.Join(names, " "); err != nil && want != "!" || err == nil && j != want {
			t.Errorf("%q: %q %v", s, j, err)
		}
	}
}
