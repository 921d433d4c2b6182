//go:build !unix

package files

import "waymark/library"

// Use does nothing where files cannot be locked; see Alone.
func (d *Disk) Use() (done func(), err error) { return func() {}, nil }

// Alone answers Busy: without locks nobody can know that no files are being
// brought in.
func (d *Disk) Alone() (done func(), err error) {
	return nil, library.Errorf(library.Busy, "this system has no locks of files")
}
