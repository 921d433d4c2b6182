package files

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/iotest"

	"github.com/johannesboyne/gofakes3"
	"github.com/johannesboyne/gofakes3/backend/s3mem"

	"waymark/library"
)

// keeper is what every engine does; see Disk.
type keeper interface {
	Put(ctx context.Context, r io.Reader) (digest string, size int64, err error)
	Open(ctx context.Context, digest string) (library.Blob, error)
	Derive(ctx context.Context, digest, name string, data io.Reader) error
	Derived(ctx context.Context, digest, name string) (library.Blob, error)
	Each(ctx context.Context, f func(Kept) error) error
	Remove(ctx context.Context, digest string) error
	Sweep() error
}

// engines gives each engine, empty: the folder; a bucket of a server that lives
// in memory; and one of the server whose address WAYMARK_TEST_S3 holds.
func engines(t *testing.T) map[string]func(t *testing.T) keeper {
	all := map[string]func(t *testing.T) keeper{
		"disk": func(t *testing.T) keeper { return OpenDisk(filepath.Join(t.TempDir(), "files")) },
		"s3": func(t *testing.T) keeper {
			backend := s3mem.New()
			if err := backend.CreateBucket("library"); err != nil {
				t.Fatal(err)
			}
			server := httptest.NewServer(gofakes3.New(backend).Server())
			t.Cleanup(server.Close)
			t.Setenv("AWS_ACCESS_KEY_ID", "a key")
			t.Setenv("AWS_SECRET_ACCESS_KEY", "a secret")
			return bucket(t, "s3://"+strings.TrimPrefix(server.URL, "http://")+"/library/some/place?tls=off&region=us-east-1")
		},
	}
	if address := os.Getenv("WAYMARK_TEST_S3"); address != "" {
		all["a real bucket"] = func(t *testing.T) keeper {
			s := bucket(t, address)
			s.prefix = fmt.Sprintf("%s/test-%x", s.prefix, rand.Uint64())
			return s
		}
	}
	return all
}

func bucket(t *testing.T, address string) *S3 {
	s, err := OpenS3(t.Context(), address)
	if err != nil {
		t.Fatal(err)
	}
	s.grace = 0
	return s
}

func TestEngines(t *testing.T) {
	for name, open := range engines(t) {
		t.Run(name, func(t *testing.T) {
			t.Run("keeps", func(t *testing.T) { testKeeps(t, open(t)) })
			t.Run("broken", func(t *testing.T) { testBrokenPut(t, open(t)) })
			t.Run("anywhere", func(t *testing.T) { testAnywhere(t, open(t)) })
			t.Run("many", func(t *testing.T) { testMany(t, open(t)) })
		})
	}
}

// testAnywhere: a file of many blocks is read from any place.
func testAnywhere(t *testing.T, d keeper) {
	data := make([]byte, 3<<20+77)
	rnd := rand.New(rand.NewPCG(1, 1))
	for i := range data {
		data[i] = byte(rnd.Uint32())
	}
	digest, size, err := d.Put(t.Context(), bytes.NewReader(data))
	if err != nil || size != int64(len(data)) {
		t.Fatal(size, err)
	}
	b, err := d.Open(t.Context(), digest)
	if err != nil {
		t.Fatal(err)
	}
	defer b.Close()
	if end, err := b.Seek(0, io.SeekEnd); end != size || err != nil {
		t.Errorf("the end is at %d, %v", end, err)
	}
	for range 200 {
		from, n := rnd.Int64N(size), rnd.IntN(1<<21)
		got := make([]byte, n)
		read, err := b.ReadAt(got, from)
		want := data[from:min(size, from+int64(n))]
		if !bytes.Equal(got[:read], want) || (err == nil) != (read == n) || err != nil && !errors.Is(err, io.EOF) {
			t.Fatalf("%d bytes at %d: %d, %v", n, from, read, err)
		}
	}
	if _, err := b.Seek(5, io.SeekStart); err != nil {
		t.Error(err)
	}
	if rest, err := io.ReadAll(b); err != nil || !bytes.Equal(rest, data[5:]) {
		t.Errorf("the rest has %d bytes, %v", len(rest), err)
	}
}

// testMany: all of more files than one listing gives are found.
func testMany(t *testing.T, d keeper) {
	const n = 1100
	for i := range n {
		if _, _, err := d.Put(t.Context(), strings.NewReader(fmt.Sprint("file ", i))); err != nil {
			t.Fatal(err)
		}
	}
	if all := kept(t, d); len(all) != n {
		t.Errorf("%d files of %d", len(all), n)
	}
	if err := d.Sweep(); err != nil {
		t.Error(err)
	}
}

func TestAddresses(t *testing.T) {
	t.Setenv("AWS_ACCESS_KEY_ID", "a")
	t.Setenv("AWS_SECRET_ACCESS_KEY", "b")
	for address, want := range map[string]string{
		"https://x/y":           "no address of a bucket",
		"s3:///bucket":          "no address of a bucket",
		"s3://host":             "names no bucket",
		"s3://k:secret@host/b/": "holds a key",
	} {
		if _, err := OpenS3(t.Context(), address); err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "secret") {
			t.Errorf("%s: %v", address, err)
		}
	}
}

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

func kept(t *testing.T, d keeper) (all []string) {
	t.Helper()
	if err := d.Each(t.Context(), func(k Kept) error { all = append(all, k.Digest); return nil }); err != nil {
		t.Fatal(err)
	}
	return all
}

// testKeeps: what is put comes back under its SHA-256, once, with what was
// derived from it, until it is removed.
func testKeeps(t *testing.T, d keeper) {
	ctx := t.Context()
	if all := kept(t, d); len(all) != 0 {
		t.Errorf("what is new holds %v", all)
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

// testBrokenPut: what could not be read whole leaves nothing.
func testBrokenPut(t *testing.T, d keeper) {
	broken := errors.New("the line broke")
	if _, _, err := d.Put(t.Context(), io.MultiReader(strings.NewReader("half"), iotest.ErrReader(broken))); !errors.Is(err, broken) {
		t.Errorf("Put answers %v", err)
	}
	ended, stop := context.WithCancel(t.Context())
	stop()
	if _, _, err := d.Put(ended, strings.NewReader("all")); !errors.Is(err, context.Canceled) {
		t.Errorf("Put answers %v", err)
	}
	if all := kept(t, d); len(all) != 0 {
		t.Errorf("left are %v", all)
	}
	if disk, ok := d.(*Disk); ok {
		left, err := os.ReadDir(filepath.Join(disk.root, "incoming"))
		if err != nil || len(left) != 0 {
			t.Errorf("left are %v, %v", left, err)
		}
	}
}
