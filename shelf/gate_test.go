package shelf

import (
	"testing"

	"waymark/library"
)

// TestSight: viewers who do not see the same have no name in common.
func TestSight(t *testing.T) {
	names := map[string]library.Viewer{}
	for _, v := range []library.Viewer{{}, {Role: library.Curator}, {Audiences: []library.Audience{"a b"}}, {Audiences: []library.Audience{"a", "b"}},
		{Audiences: []library.Audience{`a" "b`}}, {Audiences: []library.Audience{"a"}}} {
		name := Sight(v)
		if other, there := names[name]; there {
			t.Errorf("%+v and %+v are both %q", v, other, name)
		}
		names[name] = v
	}
	if Sight(library.Viewer{Name: "Ana"}) != Sight(library.Viewer{Name: "Li"}) {
		t.Error("two who see the same are told apart")
	}
}
