package app

import (
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"waymark/access"
	"waymark/library"
)

// TestPeople: an administrator adds a person, changes what they may do, and
// makes rules; nobody else can.
func TestPeople(t *testing.T) {
	h, site := demoSite(t)
	amina := person(t, h, access.Person{Address: adminAddress, Name: "Amina", Role: library.Administrator})
	for role, address := range map[library.Role]string{library.Reader: "r@example.org", library.Submitter: "s@example.org", library.Curator: "c@example.org"} {
		person(t, h, access.Person{Address: address, Role: role})
	}
	v := visit(t, site).signIn(adminAddress)
	secret, _, err := h.porter.AddToken(t.Context(), amina, "x", []access.Scope{access.ScopeGovern}, 1e15)
	if err != nil {
		t.Fatal(err)
	}
	nobody, program := visit(t, site), visit(t, site)
	var others []*visitor
	for _, address := range []string{"r@example.org", "s@example.org", "c@example.org"} {
		others = append(others, visit(t, site).signIn(address))
	}
	own := "/en/people/" + string(amina.ID)
	for _, c := range []struct {
		path string
		form url.Values
	}{
		{"/en/people", nil}, {own, nil}, {"/en/people", url.Values{"address": {"x@example.org"}, "role": {"administrator"}}},
		{"/en/rules", url.Values{"kind": {"domain"}, "value": {"evil.example"}, "audiences": {"staff"}}},
		{own, url.Values{"role": {"reader"}, "version": {"2"}}}, {own + "/disable", url.Values{}}, {own + "/remove", url.Values{}},
		{own + "/sessions", url.Values{}}, {own + "/enable", url.Values{}}, {"/en/rules/x", url.Values{}},
	} {
		for i, o := range others {
			if res, body := o.ask(c.path, c.form); res.StatusCode != 403 || strings.Contains(body, adminAddress) {
				t.Errorf("%s for person %d: %d", c.path, i, res.StatusCode)
			}
		}
		if res, _ := nobody.ask(c.path, c.form); res.StatusCode != 303 || !strings.HasPrefix(res.Header.Get("Location"), "/en/sign-in") {
			t.Errorf("%s for nobody: %d", c.path, res.StatusCode)
		}
		if res, _ := program.ask(c.path, c.form, "Authorization", "Bearer "+secret); res.StatusCode != 303 {
			t.Errorf("%s for a program: %d", c.path, res.StatusCode)
		}
	}
	if people, err := h.porter.Kept.People.Persons(t.Context(), "", 0); err != nil || len(people) != 4 {
		t.Fatalf("there are %d people, %v", len(people), err)
	}

	res, _ := v.ask("/en/people", url.Values{"address": {"Joy@ngo.example"}, "name": {"Joy"}, "role": {"curator"}, "audiences": {"partners"}})
	page := res.Header.Get("Location")
	if res.StatusCode != 303 || !strings.HasPrefix(page, "/en/people/") {
		t.Fatalf("adding answers %d to %q", res.StatusCode, page)
	}
	for name, form := range map[string]url.Values{
		"the same again": {"address": {"joy@NGO.example"}, "role": {"reader"}}, "no address": {"address": {"joy"}, "role": {"reader"}},
		"no role": {"address": {"a@ngo.example"}, "role": {"system"}}, "no audience": {"address": {"a@ngo.example"}, "role": {"reader"}, "audiences": {"a b!"}},
	} {
		if res, body := v.ask("/en/people", form); res.StatusCode != 400 && res.StatusCode != 409 || !strings.Contains(body, `role="alert"`) {
			t.Errorf("%s: %d", name, res.StatusCode)
		}
	}
	joy := func() access.Person {
		t.Helper()
		p, err := h.porter.Find(t.Context(), "joy@ngo.example")
		if err != nil {
			t.Fatal(err)
		}
		return p
	}
	change := func(version int64) url.Values {
		return url.Values{"version": {strconv.FormatInt(version, 10)}, "name": {"Joy A."}, "role": {"curator"}, "audiences": {"staff, partners"},
			"topics": {"Protection; Armed Conflict"}, "countries": {"Soudan; KE"}}
	}
	if res, _ = v.ask(page, change(joy().Version)); res.StatusCode != 303 {
		t.Errorf("changing answers %d", res.StatusCode)
	}
	if p := joy(); p.Name != "Joy A." || join(p.Audiences) != "staff partners " || strings.Join(p.Countries, " ") != "SD KE" || len(p.Topics) != 2 {
		t.Errorf("the person is %+v", p)
	}
	if _, body := v.ask(page, nil); !strings.Contains(body, "Sudan; Kenya") || !strings.Contains(body, `<option value="curator" selected>`) {
		t.Error("the page of the person does not show what was changed")
	}
	if res, body := v.ask(page, change(1)); res.StatusCode != 409 || !strings.Contains(body, "changed meanwhile") {
		t.Errorf("a change of an older version answers %d", res.StatusCode)
	}
	bad := change(joy().Version)
	bad.Set("countries", "Atlantis")
	if res, _ = v.ask(page, bad); res.StatusCode != 400 {
		t.Errorf("a country that is none: %d", res.StatusCode)
	}
	// Oneself: not the role, not out.
	amina = current(t, h)
	v.ask(own, url.Values{"version": {strconv.FormatInt(amina.Version, 10)}, "name": {"Amina B."}, "role": {"reader"}})
	if p := current(t, h); p.Role != library.Administrator || p.Name != "Amina B." {
		t.Errorf("the administrator became %+v", p)
	}
	for _, what := range []string{"disable", "remove", "sessions"} {
		if res, _ = v.ask(own+"/"+what, url.Values{}); res.StatusCode != 403 {
			t.Errorf("%s oneself: %d", what, res.StatusCode)
		}
	}
	for _, step := range []struct {
		what string
		ok   func() bool
	}{
		{"disable", func() bool { return joy().Disabled }}, {"enable", func() bool { return !joy().Disabled }},
		{"remove", func() bool {
			_, err := h.porter.Find(t.Context(), "joy@ngo.example")
			return library.KindOf(err) == library.NotFound
		}},
	} {
		if res, _ = v.ask(page+"/"+step.what, url.Values{}); res.StatusCode != 303 || !step.ok() {
			t.Errorf("%s answers %d, or is not done", step.what, res.StatusCode)
		}
	}
	if res, _ = v.ask(page, nil); res.StatusCode != 404 {
		t.Errorf("the page of one who is forgotten: %d", res.StatusCode)
	}
}

// TestRulesPage: a rule made on the page holds at the next request, and is
// gone with its button.
func TestRulesPage(t *testing.T) {
	h, site := demoSite(t)
	person(t, h, access.Person{Address: adminAddress, Role: library.Administrator})
	person(t, h, access.Person{Address: "r@iom.int"})
	v, reader := visit(t, site).signIn(adminAddress), visit(t, site).signIn("r@iom.int")
	sees := func() bool {
		t.Helper()
		_, body := reader.ask("/en/account", nil)
		return strings.Contains(body, "everyone, staff")
	}
	for _, form := range []url.Values{
		{"kind": {"domain"}, "value": {"int"}, "audiences": {"staff"}}, {"kind": {"domain"}, "value": {"iom.int"}, "audiences": {""}},
		{"kind": {"everyone"}, "value": {"x"}, "audiences": {"staff"}}, {"kind": {"person"}, "value": {"iom.int"}, "audiences": {"staff"}},
	} {
		if res, _ := v.ask("/en/rules", form); res.StatusCode != 400 {
			t.Errorf("%v: %d", form, res.StatusCode)
		}
	}
	if sees() {
		t.Fatal("a reader sees what is for staff")
	}
	if res, _ := v.ask("/en/rules", url.Values{"kind": {"domain"}, "value": {"@IOM.int"}, "audiences": {"staff"}}); res.StatusCode != 303 || !sees() {
		t.Errorf("a rule is taken with %d, and does not hold", res.StatusCode)
	}
	_, body := v.ask("/en/people", nil)
	if res, _ := v.ask(regexp.MustCompile(`/en/rules/\w+`).FindString(body), url.Values{}); res.StatusCode != 303 || sees() {
		t.Errorf("a rule is removed with %d, and still holds", res.StatusCode)
	}
}
