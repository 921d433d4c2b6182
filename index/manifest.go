package index

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/RoaringBitmap/roaring/v2"

	"waymark/index/segment"
)

// manifest says what a generation of the index consists of. It is replaced as
// a whole, after what it names has reached the disk.
type manifest struct {
	Format   int            `json:"format"` // segment.Version
	Made     string         `json:"made"`   // what the documents were made with
	Seq      int64          `json:"seq"`    // the last edit that the segments contain
	Files    int            `json:"files"`  // how many have been named
	Segments []segmentEntry `json:"segments"`
}

// segmentEntry is a segment with the file of its dead documents.
type segmentEntry struct {
	Name     string `json:"name"`
	Dead     string `json:"dead,omitempty"`
	Checksum uint32 `json:"checksum,omitempty"` // of the file of dead documents
	Gone     int    `json:"gone,omitempty"`
}

const manifestName = "manifest"

// readManifest reads the manifest of a generation; an empty one when it has
// none yet.
func readManifest(folder string) (manifest, error) {
	content, err := os.ReadFile(filepath.Join(folder, manifestName))
	if errors.Is(err, fs.ErrNotExist) {
		return manifest{}, nil
	}
	if err != nil {
		return manifest{}, fmt.Errorf("read the index's manifest: %w", err)
	}
	damaged := func(what string) error {
		return &segment.Damaged{Path: filepath.Join(folder, manifestName), What: what}
	}
	text, sum, _ := bytes.Cut(content, []byte("\n"))
	if fmt.Sprintf("%08x\n", crc32.ChecksumIEEE(text)) != string(sum) {
		return manifest{}, damaged("it has another checksum than was written")
	}
	var m manifest
	if err := json.Unmarshal(text, &m); err != nil {
		return manifest{}, damaged(err.Error())
	}
	if m.Format != segment.Version {
		return manifest{}, damaged(fmt.Sprintf("it has format version %d, and this program reads %d", m.Format, segment.Version))
	}
	return m, nil
}

// write replaces the manifest of a generation.
func (m manifest) write(folder string) error {
	m.Format = segment.Version
	text, err := json.Marshal(m)
	if err != nil {
		return fmt.Errorf("write the index's manifest: %w", err)
	}
	text = fmt.Appendf(text, "\n%08x\n", crc32.ChecksumIEEE(text))
	return replace(filepath.Join(folder, manifestName), func(w io.Writer) error {
		_, err := w.Write(text)
		return err
	})
}

// replace writes a file under another name and puts it in place when it has
// reached the disk.
func replace(path string, write func(io.Writer) error) (err error) {
	if err := writeFile(path+".tmp", write); err != nil {
		return err
	}
	if err := os.Rename(path+".tmp", path); err != nil {
		return fmt.Errorf("put %s in place: %w", filepath.Base(path), err)
	}
	return syncFolder(filepath.Dir(path))
}

// writeFile writes a file to the disk.
func writeFile(path string, write func(io.Writer) error) (err error) {
	f, err := os.Create(path)
	if err != nil {
		return fmt.Errorf("write the search index: %w", err)
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	w := newBuffer(f)
	if err := write(w); err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	if err := w.Flush(); err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	if err := f.Sync(); err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	return nil
}

// readDead reads the dead documents of a segment.
func (e segmentEntry) readDead(folder string, docs int) ([]uint64, error) {
	if e.Dead == "" {
		return nil, nil
	}
	path := filepath.Join(folder, e.Dead)
	content, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("read the dead documents of %s: %w", e.Name, err)
	}
	damaged := func(what string) error { return &segment.Damaged{Path: path, What: what} }
	if crc32.ChecksumIEEE(content) != e.Checksum {
		return nil, damaged("it has another checksum than was written")
	}
	var b roaring.Bitmap
	if _, err := b.ReadFrom(bytes.NewReader(content)); err != nil {
		return nil, damaged(err.Error())
	}
	if !b.IsEmpty() && int(b.Maximum()) >= docs {
		return nil, damaged("it names documents that the segment has not")
	}
	dead := make([]uint64, words(docs))
	for docs := b.Iterator(); docs.HasNext(); {
		doc := docs.Next()
		dead[doc>>6] |= 1 << (doc & 63)
	}
	return dead, nil
}

// writeDead writes the dead documents of a view under a name.
func writeDead(folder, name string, v *view) (checksum uint32, err error) {
	var b roaring.Bitmap
	eachBit(v.dead, func(doc uint32) { b.Add(doc) })
	b.RunOptimize()
	content, err := b.ToBytes()
	if err != nil {
		return 0, fmt.Errorf("write the dead documents of %s: %w", v.part.name, err)
	}
	err = writeFile(filepath.Join(folder, name), func(w io.Writer) error {
		_, err := w.Write(content)
		return err
	})
	return crc32.ChecksumIEEE(content), err
}

// sweep removes the files of a generation that its manifest does not name.
func (m manifest) sweep(folder string) error {
	named := map[string]bool{manifestName: true, lockName: true}
	for _, s := range m.Segments {
		named[s.Name], named[s.Dead] = true, true
	}
	files, err := os.ReadDir(folder)
	if err != nil {
		return fmt.Errorf("look into the index's folder: %w", err)
	}
	for _, f := range files {
		ours := strings.HasSuffix(f.Name(), ".segment") || strings.HasSuffix(f.Name(), ".dead") || strings.HasSuffix(f.Name(), ".tmp")
		if ours && !named[f.Name()] {
			if err := os.Remove(filepath.Join(folder, f.Name())); err != nil {
				return fmt.Errorf("remove what an interrupted run left: %w", err)
			}
		}
	}
	return nil
}
