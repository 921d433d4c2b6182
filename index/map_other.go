//go:build !unix

package index

import (
	"errors"
	"fmt"
	"io/fs"
	"os"

	"waymark/index/segment"
)

// openSegment reads a segment's file into memory.
func openSegment(path string) (*segment.Segment, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("open the index segment: %w", err)
	}
	return segment.Load(path, data)
}

// tryLock takes the lock of a folder for as long as the file is open; nil when
// another process has it. Here a file that is open cannot be removed.
func tryLock(path string) (*os.File, error) {
	if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_RDWR, 0o640)
	if errors.Is(err, fs.ErrExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("lock the search index: %w", err)
	}
	return f, nil
}

// syncFolder does nothing: where folders cannot be synced, a rename that has
// returned is kept by the file system's own journal.
func syncFolder(string) error { return nil }
