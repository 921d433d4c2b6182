package index

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"waymark/index/segment"
	"waymark/library"
)

// The index lies in generations, one folder each, of which the file current
// names the one in use: an index is built anew beside the old one and takes
// its place at once.
const (
	currentName = "current"
	lockName    = "lock"
	damagedMark = ".damaged"
)

// Open opens the index in a folder, which is made on first use. Made says what
// its documents are made with. An index that is damaged, of another format or
// made with something else is set aside; it is then empty (Seq 0) and is to be
// built from the library.
func Open(root, made string) (*Embedded, error) {
	name, err := generation(root)
	if err != nil {
		return nil, err
	}
	e := NewMemory()
	e.root, e.folder, e.made = root, filepath.Join(root, name), made
	if err := os.MkdirAll(e.folder, 0o750); err != nil {
		return nil, fmt.Errorf("make the index's folder: %w", err)
	}
	if e.lock, err = tryLock(filepath.Join(e.folder, lockName)); err != nil {
		return nil, err
	}
	err = e.load()
	if e.note(err); segment.IsDamaged(err) {
		err = e.mend()
	}
	if err != nil {
		return nil, errors.Join(err, e.unlock())
	}
	return e, nil
}

// Anew opens an empty generation beside the one in use, to be built and then
// put into its place by Install.
func Anew(root, made string) (*Embedded, error) {
	name, err := generation(root)
	if err != nil {
		return nil, err
	}
	e := NewMemory()
	e.root, e.folder, e.made = root, filepath.Join(root, following(name)), made
	if e.lock, err = claim(e.folder); err != nil {
		return nil, err
	}
	if e.lock == nil {
		return nil, &library.Error{Kind: library.Busy, Err: fmt.Errorf("another process is building the index anew in %s", e.folder)}
	}
	return e, nil
}

// claim makes a folder, takes its lock and empties it of what an interrupted
// run left; nil when another process has the lock.
func claim(folder string) (*os.File, error) {
	if err := os.MkdirAll(folder, 0o750); err != nil {
		return nil, fmt.Errorf("make the index's folder: %w", err)
	}
	lock, err := tryLock(filepath.Join(folder, lockName))
	if err != nil || lock == nil {
		return nil, err
	}
	if err := os.Remove(filepath.Join(folder, manifestName)); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, errors.Join(fmt.Errorf("make room for a new index: %w", err), lock.Close())
	}
	if err := (manifest{}).sweep(folder); err != nil {
		return nil, errors.Join(err, lock.Close())
	}
	return lock, nil
}

// Install closes the generation and puts it into the place of the one in use.
// Other processes change over when they next call Refresh.
func (e *Embedded) Install() error {
	if err := e.Close(); err != nil {
		return err
	}
	before, err := generation(e.root)
	if err != nil {
		return err
	}
	if err := setGeneration(e.root, filepath.Base(e.folder)); err != nil {
		return err
	}
	return abandon(filepath.Join(e.root, before))
}

// abandon removes a generation, unless a process uses it, which then does so.
func abandon(folder string) error {
	lock, err := tryLock(filepath.Join(folder, lockName))
	if err != nil || lock == nil {
		return err
	}
	defer lock.Close()
	if err := os.RemoveAll(folder); err != nil {
		return fmt.Errorf("remove the index that was replaced: %w", err)
	}
	return nil
}

func generation(root string) (string, error) {
	if err := os.MkdirAll(root, 0o750); err != nil {
		return "", fmt.Errorf("make the index's folder: %w", err)
	}
	name, err := os.ReadFile(filepath.Join(root, currentName))
	if errors.Is(err, fs.ErrNotExist) {
		return "g1", setGeneration(root, "g1")
	}
	if err != nil {
		return "", fmt.Errorf("find the index in use: %w", err)
	}
	return filepath.Base(strings.TrimSpace(string(name))), nil
}

func setGeneration(root, name string) error {
	return replace(filepath.Join(root, currentName), func(w io.Writer) error {
		_, err := io.WriteString(w, name+"\n")
		return err
	})
}

// following gives the name of the generation after one.
func following(name string) string {
	n, err := strconv.Atoi(strings.TrimPrefix(name, "g"))
	if err != nil {
		n = 0
	}
	return "g" + strconv.Itoa(n+1)
}

func newBuffer(f *os.File) *bufio.Writer { return bufio.NewWriterSize(f, 1<<18) }

func (e *Embedded) unlock() error {
	if e.lock == nil {
		return nil
	}
	err := e.lock.Close()
	e.lock = nil
	return err
}

// load opens what the generation's manifest names.
func (e *Embedded) load() error {
	for try := 1; ; try++ {
		err := e.loadOnce()
		if !errors.Is(err, fs.ErrNotExist) || e.lock != nil || try == 10 { // its writer may have replaced what it named
			if errors.Is(err, fs.ErrNotExist) {
				err = &segment.Damaged{Path: e.folder, What: err.Error()}
			}
			return err
		}
	}
}

func (e *Embedded) loadOnce() error {
	m, err := readManifest(e.folder)
	if err != nil {
		return err
	}
	if m.Made != e.made && m.Format != 0 {
		return &segment.Damaged{Path: e.folder, What: "it was made with other vocabularies, or by another version of the program"}
	}
	if e.lock != nil {
		if err := m.sweep(e.folder); err != nil {
			return err
		}
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	var views []*view
	defer func() {
		for _, v := range views {
			v.part.release()
		}
	}()
	for _, s := range m.Segments {
		v, err := e.openView(s)
		if err != nil {
			return err
		}
		views = append(views, v)
	}
	e.saved = m
	e.publish(m.Seq, views)
	return nil
}

func (e *Embedded) openView(s segmentEntry) (*view, error) {
	path := filepath.Join(e.folder, s.Name)
	opened, err := openSegment(path)
	if err != nil {
		return nil, err
	}
	p, err := e.newPart(opened, s.Name)
	if err == nil {
		p.path = path
		var dead []uint64
		if dead, err = s.readDead(e.folder, opened.Docs()); err == nil {
			var v *view
			if err = segment.Guard(path, func() { v = newView(p, dead) }); err == nil {
				return v, nil
			}
		}
	}
	return nil, errors.Join(err, opened.Close())
}

// startAnew sets the generation aside and begins another. The caller holds mu.
func (e *Embedded) startAnew() error {
	old := e.folder
	if err := e.unlock(); err != nil {
		return err
	}
	for name := following(filepath.Base(old)); e.lock == nil; name = following(name) {
		var err error
		e.folder = filepath.Join(e.root, name)
		if e.lock, err = claim(e.folder); err != nil {
			return err
		}
	}
	if err := setGeneration(e.root, filepath.Base(e.folder)); err != nil {
		return err
	}
	earlier, err := filepath.Glob(filepath.Join(e.root, "*"+damagedMark))
	if err != nil {
		return fmt.Errorf("look for earlier damage: %w", err)
	}
	for _, path := range earlier { // one is enough to look into
		if err := os.RemoveAll(path); err != nil {
			return fmt.Errorf("remove what was set aside before: %w", err)
		}
	}
	return os.Rename(old, old+damagedMark)
}

// Refresh changes over to an index that another process has built anew, and
// takes the folder's lock when the process that wrote it has ended.
func (e *Embedded) Refresh() error {
	if e.root == "" {
		return nil
	}
	e.applying.Lock()
	defer e.applying.Unlock()
	if e.closed {
		return nil
	}
	if err := e.mend(); err != nil {
		return err
	}
	name, err := generation(e.root)
	if err != nil {
		return err
	}
	folder := filepath.Join(e.root, name)
	if folder == e.folder && e.lock != nil {
		return nil
	}
	lock, err := tryLock(filepath.Join(folder, lockName))
	if err != nil || folder == e.folder && lock == nil {
		return err
	}
	e.merging.Wait()
	old := e.folder
	if err := e.unlock(); err != nil {
		return err
	}
	e.folder, e.lock = folder, lock
	if err := e.load(); err != nil {
		if e.note(err); segment.IsDamaged(err) {
			return e.mend()
		}
		return err
	}
	if old != folder {
		slog.Info("the search index was built anew and is in use", "folder", folder)
		return abandon(old)
	}
	return nil
}

// save writes the manifest of what is in the folder now. The caller holds mu.
func (e *Embedded) save() error {
	s := e.current.Load()
	m := manifest{Made: e.made, Seq: s.seq, Files: e.saved.Files}
	for _, v := range s.views {
		if v.part.name == "" {
			m.Seq = min(m.Seq, v.part.before)
			continue
		}
		one := segmentEntry{Name: v.part.name, Gone: v.gone}
		if i := slices.IndexFunc(e.saved.Segments, func(o segmentEntry) bool { return o.Name == one.Name && o.Gone == one.Gone }); i >= 0 {
			one = e.saved.Segments[i]
		} else if v.gone > 0 {
			m.Files++
			one.Dead = fmt.Sprintf("%06d.dead", m.Files)
			var err error
			if one.Checksum, err = writeDead(e.folder, one.Dead, v); err != nil {
				return err
			}
		}
		m.Segments = append(m.Segments, one)
	}
	if err := m.write(e.folder); err != nil {
		return err
	}
	for _, before := range e.saved.Segments {
		if before.Dead != "" && !slices.ContainsFunc(m.Segments, func(o segmentEntry) bool { return o.Dead == before.Dead }) {
			if err := os.Remove(filepath.Join(e.folder, before.Dead)); err != nil {
				return fmt.Errorf("remove an old list of dead documents: %w", err)
			}
		}
	}
	e.saved = m
	return nil
}
