package segment

import (
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"hash/crc32"
	"runtime"
	"sync/atomic"

	"github.com/blevesearch/vellum"
)

const (
	mark     = "waymark segment\n"
	endMark  = "segment's end\n  "
	headSize = len(mark) + 8
	tailSize = 8 + 8 + 4 + 4 + len(endMark)
	pageSize = 1 << 16
)

func castagnoli(b []byte) uint32 { return crc32.Checksum(b, crc32.MakeTable(crc32.Castagnoli)) }

// file is the bytes of a segment with the checksums of their pages.
type file struct {
	path    string
	data    []byte
	end     int // of the sections
	sums    Numbers
	checked []atomic.Bool // by page
	release func() error
}

// Load opens a segment that lies in memory; path names it in errors.
func Load(path string, data []byte) (*Segment, error) {
	s := &Segment{file: file{path: path, data: data}}
	if err := Guard(path, func() { s.open() }); err != nil {
		return nil, err
	}
	return s, nil
}

// Guard runs f and gives the damage that it meets as an error. What a damaged
// file makes a reader of its sections do, such as reaching behind a list, is
// damage too.
func Guard(path string, f func()) (err error) {
	defer func() {
		r := recover()
		if r == nil {
			return
		}
		if e, ok := r.(error); ok && IsDamaged(e) {
			err = e
			return
		}
		if e, ok := r.(runtime.Error); ok {
			stack := make([]byte, 2048)
			err = &Damaged{path, fmt.Sprintf("%v\n%s", e, stack[:runtime.Stack(stack, false)]), true}
			return
		}
		panic(r)
	}()
	f()
	return nil
}

// OnClose says how the file's memory is given back.
func (s *Segment) OnClose(release func() error) { s.release = release }

// Close gives the file's memory back. Nothing of the segment may be in use.
func (s *Segment) Close() error {
	if s.release == nil {
		return nil
	}
	release := s.release
	s.release = nil
	return release()
}

func (s *Segment) damaged(format string, args ...any) {
	panic(&Damaged{Path: s.path, What: fmt.Sprintf(format, args...)})
}

func (s *Segment) open() {
	if len(s.data) < headSize+tailSize || string(s.data[:len(mark)]) != mark {
		s.damaged("it is no segment or was not written to its end")
	}
	if v := binary.LittleEndian.Uint64(s.data[len(mark):]); v != Version {
		s.damaged("it has format version %d, and this program reads %d", v, Version)
	}
	tail := s.data[len(s.data)-tailSize:]
	if string(tail[24:]) != endMark {
		s.damaged("it was not written to its end")
	}
	sums, table := binary.LittleEndian.Uint64(tail), binary.LittleEndian.Uint64(tail[8:])
	if sums < uint64(headSize) || table < sums || table > uint64(len(s.data)-tailSize) {
		s.damaged("its tail points nowhere")
	}
	contents := s.data[table : len(s.data)-tailSize]
	if castagnoli(contents) != binary.LittleEndian.Uint32(tail[16:]) || castagnoli(s.data[sums:table]) != binary.LittleEndian.Uint32(tail[20:]) {
		s.damaged("its table of contents has another checksum than was written")
	}
	if err := json.Unmarshal(contents, &s.contents); err != nil {
		s.damaged("its table of contents: %v", err)
	}
	s.end, s.sums = int(sums), Numbers(s.data[sums:table])
	pages := (s.end + pageSize - 1) / pageSize
	if s.sums.Len() != pages {
		s.damaged("it has %d checksums for %d pages", s.sums.Len(), pages)
	}
	s.checked = make([]atomic.Bool, pages)
	s.verify()
}

// verify looks at what every search needs.
func (s *Segment) verify() {
	if s.Documents < 0 || s.Documents > 1<<31 || len(s.Classes) > 255 {
		s.damaged("it has %d documents in %d classes", s.Documents, len(s.Classes))
	}
	for name, fst := range map[string]**vellum.FST{"terms": &s.terms, "families": &s.families, "names": &s.names} {
		f, err := vellum.Load(s.section(name))
		if err != nil {
			s.damaged("its %s: %v", name, err)
		}
		*fst = f
	}
	s.shapes = readShapes(s.section("shapes"))
	if s.strings("id").len() != s.Documents {
		s.damaged("it has %d IDs for %d documents", s.strings("id").len(), s.Documents)
	}
}

// section gives a whole section.
func (s *Segment) section(name string) []byte {
	at, ok := s.Sections[name]
	if !ok {
		s.damaged("the section %s is missing", name)
	}
	return s.bytes(at[0], at[1])
}

// within gives n bytes of a section from an offset, or what it has of them.
func (s *Segment) within(name string, offset, n uint64) []byte {
	at := s.Sections[name]
	if offset > uint64(at[1]) {
		s.damaged("the section %s has no byte %d", name, offset)
	}
	return s.bytes(at[0]+int64(offset), int64(min(n, uint64(at[1])-offset)))
}

// bytes gives a part of the file whose pages have been checked.
func (s *Segment) bytes(start, n int64) []byte {
	if start < 0 || n < 0 || start > int64(s.end) || n > int64(s.end)-start {
		s.damaged("its bytes %d to %d do not exist", start, start+n)
	}
	for page := start / pageSize; page*pageSize < start+n; page++ {
		if s.checked[page].Load() {
			continue
		}
		whole := s.data[page*pageSize : min((page+1)*pageSize, int64(s.end))]
		if castagnoli(whole) != s.sums.At(int(page)) {
			s.damaged("page %d has another checksum than was written", page)
		}
		s.checked[page].Store(true)
	}
	return s.data[start : start+n : start+n]
}

// Verify checks every page of the file.
func (s *Segment) Verify() error {
	return Guard(s.path, func() { s.bytes(0, int64(s.end)) })
}

// IsDamaged tells whether an error says that a segment is damaged.
func IsDamaged(err error) bool {
	var d *Damaged
	return errors.As(err, &d)
}
