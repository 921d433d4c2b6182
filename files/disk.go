// Package files keeps the files of the library by what they hold: the name of a
// file is the SHA-256 of its bytes, so the same file is kept once, whoever
// brings it, and a damaged one is known. Beside each stand the things that are
// derived from it, which can be made anew.
package files

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"time"

	"waymark/library"
)

// Disk keeps files in a folder:
//
//	incoming/          what is being written; nothing refers to it
//	originals/ab/abcd… a file under its SHA-256
//	derived/ab/abcd…/  what was made of it
//
// It is safe for concurrent use, also by several processes.
type Disk struct{ root string }

// OpenDisk opens the folder, which is made when something is first kept.
func OpenDisk(root string) *Disk { return &Disk{root} }

// digestForm is how a SHA-256 is written; nothing else becomes a path.
var digestForm = regexp.MustCompile(`^[0-9a-f]{64}$`)

func (d *Disk) path(tree, digest string) (string, error) {
	if !digestForm.MatchString(digest) {
		return "", library.Errorf(library.NotFound, "%q is not the SHA-256 of a file", digest)
	}
	return filepath.Join(d.root, tree, digest[:2], digest), nil
}

// Put keeps what it reads and gives its SHA-256 and size. Once it has returned
// without an error the file survives the end of the process and of the power.
func (d *Disk) Put(ctx context.Context, r io.Reader) (digest string, size int64, err error) {
	hash := sha256.New()
	temporary, size, err := d.write(ctx, io.TeeReader(r, hash))
	if err != nil {
		return "", 0, fmt.Errorf("keep a file: %w", err)
	}
	defer os.Remove(temporary) // gone already when it was renamed
	digest = hex.EncodeToString(hash.Sum(nil))
	name, err := d.path("originals", digest)
	if err == nil {
		err = d.place(temporary, name)
	}
	if err != nil {
		return "", 0, fmt.Errorf("keep the file %s: %w", digest, err)
	}
	return digest, size, nil
}

// Open opens a file; its size is where its end is. It answers NotFound when it
// is not kept here.
func (d *Disk) Open(_ context.Context, digest string) (library.Blob, error) {
	name, err := d.path("originals", digest)
	if err != nil {
		return nil, err
	}
	return open(name)
}

// Derive keeps something that was made of a file, under a name of its own. What
// had the name is replaced.
func (d *Disk) Derive(ctx context.Context, digest, name string, data io.Reader) error {
	folder, err := d.path("derived", digest)
	if err != nil {
		return err
	}
	temporary, _, err := d.write(ctx, data)
	if err == nil {
		defer os.Remove(temporary)
		err = d.place(temporary, filepath.Join(folder, filepath.Base(name)))
	}
	if err != nil {
		return fmt.Errorf("keep %s of the file %s: %w", name, digest, err)
	}
	return nil
}

// Derived opens what Derive has kept; NotFound when there is no such thing.
func (d *Disk) Derived(_ context.Context, digest, name string) (library.Blob, error) {
	folder, err := d.path("derived", digest)
	if err != nil {
		return nil, err
	}
	return open(filepath.Join(folder, filepath.Base(name)))
}

func open(name string) (library.Blob, error) {
	f, err := os.Open(name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, library.Errorf(library.NotFound, "the file %s is not kept here", filepath.Base(name))
	}
	if err != nil {
		return nil, fmt.Errorf("open a kept file: %w", err)
	}
	return f, nil
}

// write writes to a temporary file and syncs it.
func (d *Disk) write(ctx context.Context, r io.Reader) (name string, size int64, err error) {
	folder := filepath.Join(d.root, "incoming")
	if err := os.MkdirAll(folder, 0o750); err != nil {
		return "", 0, err
	}
	f, err := os.CreateTemp(folder, "")
	if err != nil {
		return "", 0, err
	}
	size, err = io.Copy(f, until{ctx, r})
	if err == nil {
		err = f.Sync()
	}
	if err = errors.Join(err, f.Close()); err != nil {
		return "", 0, errors.Join(err, os.Remove(f.Name()))
	}
	return f.Name(), size, nil
}

// until reads until a context ends.
type until struct {
	ctx context.Context
	r   io.Reader
}

func (u until) Read(b []byte) (int, error) {
	if err := u.ctx.Err(); err != nil {
		return 0, err
	}
	return u.r.Read(b)
}

// place gives a written file its name and syncs the folders that lead to it.
func (d *Disk) place(temporary, name string) error {
	folder := filepath.Dir(name)
	if err := os.MkdirAll(folder, 0o750); err != nil {
		return err
	}
	if err := os.Chmod(temporary, 0o640); err != nil {
		return err
	}
	if err := os.Rename(temporary, name); err != nil {
		return err
	}
	for at := folder; ; at = filepath.Dir(at) {
		if err := syncFolder(at); err != nil {
			return err
		}
		if at == filepath.Clean(d.root) || at == filepath.Dir(at) {
			return nil
		}
	}
}

// Kept is a file as Each finds it.
type Kept struct {
	Digest   string
	Size     int64
	Modified time.Time
}

// Each goes through all files, in no order.
func (d *Disk) Each(ctx context.Context, f func(Kept) error) error {
	root := filepath.Join(d.root, "originals")
	err := filepath.WalkDir(root, func(name string, e fs.DirEntry, err error) error {
		if errors.Is(err, fs.ErrNotExist) && name == root {
			return fs.SkipAll
		}
		if err != nil || e.IsDir() || !digestForm.MatchString(e.Name()) {
			return err
		}
		info, err := e.Info()
		if err != nil {
			return err
		}
		if err := ctx.Err(); err != nil {
			return err
		}
		return f(Kept{e.Name(), info.Size(), info.ModTime()})
	})
	if err != nil {
		return fmt.Errorf("go through the kept files: %w", err)
	}
	return nil
}

// Remove lets go of a file and of all that was derived from it.
func (d *Disk) Remove(_ context.Context, digest string) error {
	name, err := d.path("originals", digest)
	if err != nil {
		return err
	}
	derived, err := d.path("derived", digest)
	if err != nil {
		return err
	}
	if err := errors.Join(os.RemoveAll(derived), os.RemoveAll(name)); err != nil {
		return fmt.Errorf("remove the file %s: %w", digest, err)
	}
	return nil
}

// Sweep removes what an interrupted writing has left. Call it Alone.
func (d *Disk) Sweep() error {
	if err := os.RemoveAll(filepath.Join(d.root, "incoming")); err != nil {
		return fmt.Errorf("remove what was being written: %w", err)
	}
	return nil
}
