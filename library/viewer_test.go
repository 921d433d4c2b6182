package library

import "testing"

func TestViewerSees(t *testing.T) {
	for _, c := range []struct {
		viewer   Viewer
		status   Status
		audience Audience
		want     bool
	}{
		{Viewer{}, Published, Public, true},
		{Viewer{}, Published, Staff, false},
		{Viewer{}, Published, "", false},
		{Viewer{}, Draft, Public, false},
		{Viewer{}, Withdrawn, Public, false},
		{Viewer{Audiences: []Audience{Staff}}, Published, Staff, true},
		{Viewer{Audiences: []Audience{Staff}}, Published, "partners", false},
		{Viewer{Audiences: []Audience{Staff}}, Draft, Staff, false},
		{Viewer{Role: Submitter}, Draft, Public, false},
		{Viewer{Role: Curator}, Draft, Public, true},
		{Viewer{Role: Curator}, Draft, Staff, false},
		{Viewer{Role: Administrator}, Draft, Public, true},
		{Viewer{Role: Administrator}, Published, Staff, false},
		{House(), Merged, "anything", true},
	} {
		if got := c.viewer.Sees(c.status, c.audience); got != c.want {
			t.Errorf("%+v sees %s %s: %v", c.viewer, c.status, c.audience, got)
		}
	}
}

func TestViewerMayEdit(t *testing.T) {
	sudan := Resource{Status: Published, Audience: Public, Countries: []string{"SD", "TD"}, Topics: []string{"protection"}}
	secret := sudan
	secret.Audience = Staff
	draft := Resource{Status: Draft, Audience: Public}
	limited := func(topics, countries []string) Viewer {
		return Viewer{Role: Curator, Topics: topics, Countries: countries}
	}
	for i, c := range []struct {
		viewer    Viewer
		r         Resource
		want, all bool
	}{
		{Viewer{}, sudan, false, false},
		{Viewer{Role: Submitter}, sudan, false, false},
		{Viewer{Role: Curator}, sudan, true, true},
		{Viewer{Role: Curator}, draft, true, true},
		{Viewer{Role: Curator}, secret, false, true},
		{Viewer{Role: Curator, Audiences: []Audience{Staff}}, secret, true, true},
		{limited([]string{"protection"}, nil), sudan, true, false},
		{limited([]string{"law"}, nil), sudan, false, false},
		{limited(nil, []string{"UA", "TD"}), sudan, true, false},
		{limited(nil, []string{"UA"}), sudan, false, false},
		{limited([]string{"protection"}, []string{"UA"}), sudan, false, false},
		{limited([]string{"protection"}, []string{"SD"}), sudan, true, false},
		{limited([]string{"protection"}, nil), draft, false, false},
		{Viewer{Role: Administrator, Topics: []string{"law"}}, sudan, true, true},
		{Viewer{Role: Administrator}, secret, false, true},
		{House(), secret, true, true},
	} {
		if got := c.viewer.MayEdit(&c.r); got != c.want {
			t.Errorf("%d: %+v may edit %s: %v", i, c.viewer, c.r.Audience, got)
		}
		if got := c.viewer.MayEditAll(); got != c.all {
			t.Errorf("%d: %+v may edit all: %v", i, c.viewer, got)
		}
	}
}

func TestRoles(t *testing.T) {
	for _, r := range Roles() {
		if got, err := ParseRole(r.String()); err != nil || got != r {
			t.Errorf("%s is read as %s: %v", r, got, err)
		}
	}
	for _, word := range []string{"", "system", "Curator", "root"} {
		if r, err := ParseRole(word); err == nil || r != Reader || KindOf(err) != Invalid {
			t.Errorf("%q is read as %s: %v", word, r, err)
		}
	}
}
