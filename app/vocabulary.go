package app

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"waymark/vocabulary"
)

type vocabularyCommand struct {
	Check vocabularyCheck `cmd:"" help:"Check the vocabularies in force and count their terms."`
	Copy  vocabularyCopy  `cmd:"" help:"Copy the built-in vocabularies into the library's folder, to be edited there."`

	Export vocabularyExport `cmd:"" help:"Write a vocabulary as SKOS, with what administrators changed."`
	Import vocabularyImport `cmd:"" help:"Read terms from a file of SKOS; each term that it names takes the form it has there."`
}

type vocabularyCheck struct{}

// Run loads the vocabularies, which checks them, and counts their terms.
func (vocabularyCheck) Run(cfg *Config, s streams) error {
	v, err := cfg.vocabularies()
	if err != nil {
		return err
	}
	for _, l := range v.Lists() {
		fmt.Fprintf(s.out, "%-14s %4d terms\n", l.Name, len(l.All()))
	}
	return nil
}

type vocabularyCopy struct{}

// Run writes the built-in files where edited ones are looked for. A file that
// is there stays as it is.
func (vocabularyCopy) Run(cfg *Config, s streams) error {
	dir := cfg.vocabularyPath()
	if err := os.MkdirAll(dir, 0o750); err != nil {
		return fmt.Errorf("make the folder of vocabularies: %w", err)
	}
	return fs.WalkDir(vocabulary.Files(), ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := fs.ReadFile(vocabulary.Files(), name)
		if err != nil {
			return fmt.Errorf("read the built-in %s: %w", name, err)
		}
		to := filepath.Join(dir, name)
		f, err := os.OpenFile(to, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o640)
		if errors.Is(err, fs.ErrExist) {
			fmt.Fprintf(s.out, "%s is there and was left alone\n", to)
			return nil
		}
		if err != nil {
			return fmt.Errorf("copy %s: %w", name, err)
		}
		_, err = f.Write(b)
		if err = errors.Join(err, f.Close()); err != nil {
			return fmt.Errorf("copy %s: %w", name, err)
		}
		fmt.Fprintln(s.out, to)
		return nil
	})
}
