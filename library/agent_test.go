package library

import (
	"fmt"
	"testing"
)

func TestNamesOfAgents(t *testing.T) {
	for _, c := range []struct {
		name, want, acronym string
		kind                AgentType
	}{
		{"Nataliya Gusak", "Nataliya Gusak", "", Person},
		{"Gusak, Nataliya", "Nataliya Gusak", "", Person},
		{"King,  Martin Luther, Jr.", "Martin Luther King Jr.", "", Person},
		{"van der Berg, A.", "A. van der Berg", "", Person},
		{"International Organization For Migration (IOM)", "International Organization For Migration", "IOM", Organisation},
		{"Ministry of Labour, Employment and Social Protection", "Ministry of Labour, Employment and Social Protection", "", Organisation},
		{"Smith, Jones & Partners", "Smith, Jones & Partners", "", Person},
		{"Kenya, Directorate of Immigration", "Kenya, Directorate of Immigration", "", Organisation},
		{"UNODC", "UNODC", "", Organisation},
		{"One, ", "One,", "", Person},
	} {
		a := NewAgent(c.name)
		if a.Names[Undetermined] != c.want || a.Acronym != c.acronym || a.Type != c.kind {
			t.Errorf("%q: %+v", c.name, a)
		}
	}
	if a, b := NewAgent("Gusak, Nataliya").Keys(), NewAgent("Nataliya GUSAK").Keys(); fmt.Sprint(a) != fmt.Sprint(b) {
		t.Errorf("%v and %v", a, b)
	}
}

func TestAgentIdentifier(t *testing.T) {
	for _, c := range []struct{ scheme, value, want string }{
		{"orcid", "https://orcid.org/0000-0002-1825-0097", "0000-0002-1825-0097"}, // ORCID's own example
		{"ORCID", "000000021694233x", "0000-0002-1694-233X"},
		{"isni", "0000 0001 2281 955X", "0000-0001-2281-955X"},
		{"ror", "https://ror.org/05dxps055/", "05dxps055"},
		{"wikidata", "https://www.wikidata.org/wiki/Q484", "Q484"},
		{"viaf", "131430117", "131430117"},
		{"orcid", "0000-0002-1825-0096", ""},
		{"orcid", "0000-0002-1825", ""},
		{"ror", "05dxps05", ""},
		{"wikidata", "P31", ""},
		{"name", "x", ""},
	} {
		id, err := AgentIdentifier(c.scheme, c.value)
		if (err == nil) != (c.want != "") || id.Value != c.want {
			t.Errorf("%s %q gives %+v, %v", c.scheme, c.value, id, err)
		}
		if err != nil && KindOf(err) != Invalid {
			t.Errorf("%s %q: %v", c.scheme, c.value, err)
		}
	}
}
