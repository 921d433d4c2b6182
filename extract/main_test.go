package extract

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"testing"
)

// TestMain makes the test's own program the worker.
func TestMain(m *testing.M) {
	if os.Getenv("WAYMARK_TEST_CONFINED") != "" {
		confineAndTell()
		os.Exit(0)
	}
	if os.Getenv(workerVariable) != "" {
		if err := Work(os.Args[1], os.Stdin, os.Stdout); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// reader gives a Reader whose workers are the test's own program.
func reader(t testing.TB) *Reader {
	t.Helper()
	program, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cache := os.Getenv("WAYMARK_TEST_CACHE")
	if cache == "" { // kept between tests: the engine takes seconds to compile
		cache = filepath.Join(os.TempDir(), "waymark-test-cache-"+strconv.Itoa(os.Getuid()))
	}
	r := &Reader{Command: []string{program, cache}}
	t.Cleanup(r.Close)
	return r
}
