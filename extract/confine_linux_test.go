package extract

import (
	"fmt"
	"os"
	"os/exec"
	"strings"
	"testing"

	"golang.org/x/sys/unix"
)

// confineAndTell says what a confined process still can do.
func confineAndTell() {
	if err := confine(); err != nil {
		fmt.Println("confine:", err)
		os.Exit(1)
	}
	if _, err := os.ReadFile("/etc/hostname"); err == nil {
		fmt.Println("reads files")
	}
	if err := os.WriteFile(os.Args[1], []byte("x"), 0o600); err == nil {
		fmt.Println("writes files")
	}
	var l unix.Rlimit
	if err := unix.Getrlimit(unix.RLIMIT_AS, &l); err != nil || l.Max > addressSpace {
		fmt.Println("has memory without end")
	}
}

// TestConfine: a worker that is ready reads no file of the machine, writes none
// and has an end to its memory.
func TestConfine(t *testing.T) {
	program, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(program, t.TempDir()+"/file")
	cmd.Env = []string{"WAYMARK_TEST_CONFINED=1"}
	out, err := cmd.CombinedOutput()
	can := string(out)
	if _, _, none := unix.Syscall(unix.SYS_LANDLOCK_CREATE_RULESET, 0, 0, unix.LANDLOCK_CREATE_RULESET_VERSION); none != 0 {
		t.Log("this kernel has no Landlock")
		can = strings.ReplaceAll(can, "reads files\n", "")
		can = strings.ReplaceAll(can, "writes files\n", "")
	}
	if err != nil || can != "" {
		t.Errorf("%v, and it %s", err, can)
	}
}
