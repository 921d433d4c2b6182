package files

import (
	"testing"

	"waymark/library"
)

// TestAlone: nobody is alone while files are brought in.
func TestAlone(t *testing.T) {
	d := OpenDisk(t.TempDir())
	one, err := d.Use()
	if err != nil {
		t.Fatal(err)
	}
	two, err := d.Use()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := d.Alone(); library.KindOf(err) != library.Busy {
		t.Errorf("Alone answers %v", err)
	}
	one()
	two()
	done, err := d.Alone()
	if err != nil {
		t.Fatal(err)
	}
	done()
}
