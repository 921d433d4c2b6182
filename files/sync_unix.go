//go:build unix

package files

import (
	"errors"
	"os"
)

// syncFolder brings a folder's names to the disk.
func syncFolder(name string) error {
	f, err := os.Open(name)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}
