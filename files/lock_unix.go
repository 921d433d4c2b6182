//go:build unix

package files

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"syscall"

	"waymark/library"
)

// Use says that files are being brought in, until the answer is called: what
// nothing refers to yet is then no orphan.
func (d *Disk) Use() (done func(), err error) { return d.lock(syscall.LOCK_SH) }

// Alone gives the right to remove what nothing refers to, until done is called.
// It answers Busy while files are being brought in.
func (d *Disk) Alone() (done func(), err error) { return d.lock(syscall.LOCK_EX | syscall.LOCK_NB) }

func (d *Disk) lock(how int) (func(), error) {
	if err := os.MkdirAll(d.root, 0o750); err != nil {
		return nil, fmt.Errorf("make the folder of the files: %w", err)
	}
	f, err := os.OpenFile(filepath.Join(d.root, "lock"), os.O_CREATE|os.O_RDWR, 0o640)
	if err != nil {
		return nil, fmt.Errorf("lock the files: %w", err)
	}
	err = syscall.Flock(int(f.Fd()), how)
	if errors.Is(err, syscall.EWOULDBLOCK) {
		return nil, errors.Join(library.Errorf(library.Busy, "files are being brought in"), f.Close())
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("lock the files: %w", err), f.Close())
	}
	return func() { f.Close() }, nil
}
