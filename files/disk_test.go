package files

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/iotest"

	"waymark/library"
)

func content(t *testing.T, b library.Blob, err error) string {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	defer b.Close()
	data, err := io.ReadAll(b)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

func kept(t *testing.T, d *Disk) (all []string) {
	t.Helper()
	if err := d.Each(t.Context(), func(k Kept) error { all = append(all, k.Digest); return nil }); err != nil {
		t.Fatal(err)
	}
	return all
}

// TestDisk: what is put comes back under its SHA-256, once, with what was
// derived from it, until it is removed.
func TestDisk(t *testing.T) {
	d := OpenDisk(filepath.Join(t.TempDir(), "files"))
	ctx := t.Context()
	if all := kept(t, d); len(all) != 0 {
		t.Errorf("an empty folder holds %v", all)
	}
	var all sync.WaitGroup
	for range 8 { // the same file from many sides
		all.Go(func() {
			digest, size, err := d.Put(ctx, strings.NewReader("a guide"))
			if want := fmt.Sprintf("%x", sha256.Sum256([]byte("a guide"))); err != nil || digest != want || size != 7 {
				t.Errorf("Put gives %s of %d, %v", digest, size, err)
			}
		})
	}
	all.Wait()
	list := kept(t, d)
	if len(list) != 1 {
		t.Fatalf("kept are %v", list)
	}
	digest := list[0]
	b, err := d.Open(ctx, digest)
	if got := content(t, b, err); got != "a guide" {
		t.Errorf("it comes back as %q", got)
	}
	for _, text := range []string{"one", "two"} {
		if err := d.Derive(ctx, digest, "pages.zip", strings.NewReader(text)); err != nil {
			t.Error(err)
		}
	}
	b, err = d.Derived(ctx, digest, "pages.zip")
	if got := content(t, b, err); got != "two" {
		t.Errorf("the derived comes back as %q", got)
	}
	if err := d.Remove(ctx, digest); err != nil {
		t.Error(err)
	}
	for _, name := range []string{digest, "", "../../etc/passwd", strings.ToUpper(digest)} {
		if _, err := d.Open(ctx, name); library.KindOf(err) != library.NotFound {
			t.Errorf("Open(%q) answers %v", name, err)
		}
		if _, err := d.Derived(ctx, name, "pages.zip"); library.KindOf(err) != library.NotFound {
			t.Errorf("Derived(%q) answers %v", name, err)
		}
	}
}

// TestBrokenPut: what could not be read whole leaves nothing.
func TestBrokenPut(t *testing.T) {
	d := OpenDisk(t.TempDir())
	broken := errors.New("the line broke")
	if _, _, err := d.Put(t.Context(), io.MultiReader(strings.NewReader("half"), iotest.ErrReader(broken))); !errors.Is(err, broken) {
		t.Errorf("Put answers %v", err)
	}
	ended, stop := context.WithCancel(t.Context())
	stop()
	if _, _, err := d.Put(ended, strings.NewReader("all")); !errors.Is(err, context.Canceled) {
		t.Errorf("Put answers %v", err)
	}
	left, err := os.ReadDir(filepath.Join(d.root, "incoming"))
	if err != nil || len(left) != 0 || len(kept(t, d)) != 0 {
		t.Errorf("left are %v, %v", left, err)
	}
}

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
