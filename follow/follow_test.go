package follow

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"waymark/access"
	"waymark/library"
)

// drawer keeps one that is followed, and a key.
type drawer struct {
	key     []byte
	removed []library.ID
}

const held = library.ID("01KDVDP5B0PRG1AGFB2RCVAD5J")

func (d *drawer) Follow(_ context.Context, id library.ID) (library.Follow, error) {
	if id != held {
		return library.Follow{}, library.Errorf(library.NotFound, "not followed")
	}
	return library.Follow{ID: id, Address: "amina@example.org", Query: "q=x", Every: library.EveryDay}, nil
}
func (d *drawer) Save(_ context.Context, f library.Follow) (library.Follow, error)       { return f, nil }
func (d *drawer) Change(context.Context, library.ID, library.Frequency, time.Time) error { return nil }
func (d *drawer) Remove(_ context.Context, id library.ID, _ bool) error {
	d.removed = append(d.removed, id)
	return nil
}
func (d *drawer) Key(context.Context) ([]byte, error) { return d.key, nil }

// TestKeys: a key opens what it was made for; changed in any letter, or of
// another library, it opens and ends nothing.
func TestKeys(t *testing.T) {
	kept := &drawer{key: []byte("of this library")}
	o := &Office{Kept: kept}
	key, err := o.sign(t.Context(), held)
	if err != nil {
		t.Fatal(err)
	}
	if f, err := o.Held(t.Context(), key); err != nil || f.ID != held {
		t.Fatal(f, err)
	}
	other, err := (&Office{Kept: &drawer{key: []byte("of another")}}).sign(t.Context(), held)
	if err != nil {
		t.Fatal(err)
	}
	bad := []string{"", ".", string(held), string(held) + ".", strings.ToLower(key), key + "A", key + ".", key + "." + key, " " + key, other}
	for i := range key {
		changed := []byte(key)
		if changed[i] ^= 1; changed[i] < ' ' {
			changed[i] = 'x'
		}
		bad = append(bad, string(changed), key[:i])
	}
	for _, k := range bad {
		if _, err := o.Held(t.Context(), k); !errors.Is(err, access.ErrRefused) {
			t.Errorf("the key %q opens: %v", k, err)
		}
		if err := o.Stop(t.Context(), k, true); !errors.Is(err, access.ErrRefused) || len(kept.removed) > 0 {
			t.Errorf("the key %q ends %v: %v", k, kept.removed, err)
		}
	}
	if err := o.Stop(t.Context(), key, false); err != nil || len(kept.removed) != 1 {
		t.Errorf("the key does not end it: %v", err)
	}
	// What was ended can be ended again, and is not there to be seen.
	ended, err := o.sign(t.Context(), "01KDVDQBDRYKX49KW6GH1YNBNJ")
	if err != nil {
		t.Fatal(err)
	}
	if err := o.Stop(t.Context(), ended, false); err != nil {
		t.Error(err)
	}
	if _, err := o.Held(t.Context(), ended); library.KindOf(err) != library.NotFound {
		t.Error(err)
	}
}
