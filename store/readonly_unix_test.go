//go:build unix

package store

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"

	"waymark/library"
)

// TestOpenReadOnly opens a library that may not be written. Root may write
// everything, so for root the test runs again as nobody.
func TestOpenReadOnly(t *testing.T) {
	const variable = "WAYMARK_TEST_READ_ONLY"
	if path := os.Getenv(variable); path != "" {
		_, err := Open(context.Background(), path)
		fmt.Println("opened:", library.KindOf(err), err)
		return
	}
	dir := t.TempDir()
	path := filepath.Join(dir, "l.db")
	s, err := Open(t.Context(), path)
	if err != nil || s.Close() != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(path, 0o444); err != nil {
		t.Fatal(err)
	}
	var said string
	if os.Getuid() != 0 {
		_, err := Open(t.Context(), path)
		said = fmt.Sprint(library.KindOf(err), err)
	} else {
		if runtime.GOOS != "linux" {
			t.Skip("as root only on Linux")
		}
		for _, d := range []string{filepath.Dir(dir), dir} {
			if err := os.Chmod(d, 0o755); err != nil {
				t.Fatal(err)
			}
		}
		cmd := exec.Command("/proc/self/exe", "-test.run=^TestOpenReadOnly$")
		cmd.Dir = "/"
		cmd.Env = []string{variable + "=" + path}
		cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: 65534, Gid: 65534}}
		out, err := cmd.CombinedOutput()
		if err != nil {
			t.Fatalf("run as nobody: %v: %s", err, out)
		}
		said = string(out)
	}
	if !strings.Contains(said, string(library.Invalid)) || !strings.Contains(said, "may not be written") || !strings.Contains(said, path) {
		t.Errorf("a library that may not be written: %s", said)
	}
}
