//go:build unix

package index

import (
	"errors"
	"fmt"
	"os"
	"syscall"

	"waymark/index/segment"
)

// openSegment opens a segment's file in mapped memory.
func openSegment(path string) (*segment.Segment, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("open the index segment: %w", err)
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, fmt.Errorf("open the index segment: %w", err)
	}
	if info.Size() == 0 {
		return nil, &segment.Damaged{Path: path, What: "it is empty"}
	}
	data, err := syscall.Mmap(int(f.Fd()), 0, int(info.Size()), syscall.PROT_READ, syscall.MAP_SHARED)
	if err != nil {
		return nil, fmt.Errorf("map %s into memory: %w", path, err)
	}
	s, err := segment.Load(path, data)
	if err != nil {
		return nil, errors.Join(err, syscall.Munmap(data))
	}
	s.OnClose(func() error { return syscall.Munmap(data) })
	return s, nil
}

// tryLock takes the lock of a folder for as long as the file is open; nil when
// another process has it.
func tryLock(path string) (*os.File, error) {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o640)
	if err != nil {
		return nil, fmt.Errorf("lock the search index: %w", err)
	}
	err = syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
	if errors.Is(err, syscall.EWOULDBLOCK) {
		return nil, f.Close()
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("lock the search index: %w", err), f.Close())
	}
	return f, nil
}

// syncFolder makes the names of a folder's files durable.
func syncFolder(path string) error {
	d, err := os.Open(path)
	if err != nil {
		return fmt.Errorf("sync the index's folder: %w", err)
	}
	defer d.Close()
	if err := d.Sync(); err != nil {
		return fmt.Errorf("sync the index's folder: %w", err)
	}
	return nil
}
