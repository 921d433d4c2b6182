package segment

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"waymark/analysis"
	"waymark/library"
	"waymark/search"
)

// docs makes documents of few words, so that every kind of list occurs.
func docs(seed uint64, from, n int) (list []search.Document) {
	rnd := rand.New(rand.NewPCG(seed, 1))
	words := strings.Fields("trafficking trafficked victim victims shelter the of organisation traite victimes торговля людьми الاتجار 贩运人口 protection")
	text := func(most int) string {
		var b []string
		for range 1 + rnd.IntN(most) {
			b = append(b, words[rnd.IntN(len(words))])
		}
		return strings.Join(b, " ")
	}
	for i := range n {
		lang := []string{"en", "fr", "ru", "", "de"}[rnd.IntN(5)]
		d := search.Document{ID: library.ID(fmt.Sprintf("ID%06d", from+i)), Sight: search.Sight{Status: library.Published, Audience: library.Public},
			Titles: []search.Passage{{Lang: lang, Text: text(8)}, {Lang: "en", Text: text(3)}}, Abstracts: []search.Passage{{Lang: lang, Text: text(60)}},
			Date: library.Date(fmt.Sprint(1990 + rnd.IntN(30))), Values: map[library.Field][]string{library.FieldCountry: {fmt.Sprint("C", rnd.IntN(4))}}}
		if rnd.IntN(4) == 0 {
			d.Audience = library.Staff
		}
		author := rnd.IntN(30)
		d.Values[library.FieldAuthor] = []string{fmt.Sprint("A", author)}
		d.Authors = []search.Author{{Value: fmt.Sprint("A", author), Names: []search.Passage{{Text: words[author%len(words)] + " " + words[author/4]}}}}
		d.Title = analysis.Fold(d.Titles[0].Text)
		list = append(list, d)
	}
	return list
}

func built(t testing.TB, list []search.Document) []byte {
	t.Helper()
	data, err := new(Builder).Build(list)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func loaded(t testing.TB, data []byte) *Segment {
	t.Helper()
	s, err := Load("test", data)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// TestMergeEqualsBuild: a segment merged of others is, byte for byte but for
// shapes that only the dead had, the one that is built of what lives in them.
func TestMergeEqualsBuild(t *testing.T) {
	for seed := range uint64(10) {
		rnd := rand.New(rand.NewPCG(seed, 2))
		var sources []Source
		var living []search.Document
		for k := range 1 + rnd.IntN(4) {
			list := docs(seed*10+uint64(k), k*1000, 1+rnd.IntN(400))
			for i := range list { // IDs of the sources stand between each other
				list[i].ID = library.ID(fmt.Sprintf("ID%06d-%d", rnd.IntN(1000), k*1000+i))
			}
			slices.SortFunc(list, func(a, b search.Document) int { return strings.Compare(string(a.ID), string(b.ID)) })
			dead := map[uint32]bool{}
			for i := range list {
				if seed%2 == 0 && rnd.IntN(3) == 0 {
					dead[uint32(i)] = true
				} else {
					living = append(living, list[i])
				}
			}
			sources = append(sources, Source{loaded(t, built(t, list)), func(doc uint32) bool { return dead[doc] }})
		}
		var out bytes.Buffer
		if err := Merge(&out, sources); err != nil {
			t.Fatal(err)
		}
		merged, fresh := loaded(t, out.Bytes()), loaded(t, built(t, living))
		if a, b := contentsOf(merged), contentsOf(fresh); a != b {
			as, bs := strings.Split(a, "\n"), strings.Split(b, "\n")
			for i := range min(len(as), len(bs)) {
				if as[i] != bs[i] {
					t.Fatalf("seed %d, line %d: merged\n%s\nbuilt\n%s", seed, i, as[i], bs[i])
				}
			}
			t.Fatalf("seed %d: merged %d lines, built %d", seed, len(as), len(bs))
		}
	}
}

// contentsOf writes all that can be read of a segment.
func contentsOf(s *Segment) string {
	var b strings.Builder
	readAll(s, &b)
	return b.String()
}

func readAll(s *Segment, b *strings.Builder) {
	for doc := range uint32(s.Docs()) {
		class := s.Classes[s.ClassOf()[doc]]
		fmt.Fprintln(b, s.Key(doc), s.Pages(doc), s.Title(doc), s.Date(doc), s.Digest(doc), class.Status, class.Audience)
		for p := range Parts {
			fmt.Fprint(b, s.Lengths().Of(doc, p), " ")
		}
		n, ok := s.Find(s.Key(doc))
		fmt.Fprintln(b, s.ByTitle().Docs.At(int(doc)), s.Newest().Places.At(int(doc)), n, ok)
	}
	s.Words("", func(word []byte, list func() List) bool {
		l := list()
		fmt.Fprintf(b, "%s %d\n", word, l.Docs)
		readList(s, l, b)
		return true
	})
	for lang := range analysis.Languages() {
		for _, word := range []string{"trafficking", "victim", "victimes", "людьми", "الاتجار"} {
			s.Family(word, uint8(lang+1), func(form string) { fmt.Fprint(b, form, " ") })
		}
	}
	s.Names("t", func(author string) bool { fmt.Fprint(b, author, " "); return true })
	for _, f := range library.Facets() {
		c := s.Column(f)
		set := make([]uint64, (s.Docs()+63)/64)
		for doc := range uint32(s.Docs()) {
			start, end := c.Range(doc)
			for i := start; i < end; i++ {
				fmt.Fprint(b, c.Value(int(c.Codes().At(int(i)))), " ")
			}
			set[doc>>6] |= 1 << (doc & 63)
		}
		for code := range c.Len() {
			fmt.Fprintln(b, c.Value(code), c.Docs(code).Len(), c.Count(code, set))
		}
	}
}

func readList(s *Segment, l List, b *strings.Builder) {
	set := make([]uint64, (s.Docs()+63)/64)
	l.Mark(set, nil)
	l.Mark(set, func(s *Shape) bool { return s.Lang == 1 })
	fmt.Fprintln(b, set)
	var places []Place
	for block := range l.Blocks {
		reader := l.Places(block)
		for _, p := range l.Block(block, nil) {
			shape := &s.Shapes()[p.Code]
			places = reader.Next(shape, places[:0])
			fmt.Fprintln(b, p.Doc, *shape, places)
		}
		fmt.Fprintf(b, "%d %.4f %.4f\n", l.Last(block), l.MaxOf(block), l.Max)
	}
}

// reseal gives a file true checksums, as a hostile one has.
func reseal(data []byte) []byte {
	data = slices.Clone(data)
	if len(data) < headSize+tailSize {
		return data
	}
	tail := data[len(data)-tailSize:]
	sums, table := binary.LittleEndian.Uint64(tail), binary.LittleEndian.Uint64(tail[8:])
	if sums > uint64(len(data)-tailSize) || table < sums || table > uint64(len(data)-tailSize) {
		return data
	}
	for i := uint64(0); i*4+4 <= table-sums && i*pageSize < sums; i++ {
		binary.LittleEndian.PutUint32(data[sums+4*i:], castagnoli(data[i*pageSize:min((i+1)*pageSize, sums)]))
	}
	binary.LittleEndian.PutUint32(tail[16:], castagnoli(data[table:len(data)-tailSize]))
	binary.LittleEndian.PutUint32(tail[20:], castagnoli(data[sums:table]))
	return data
}

// hostile reads all of a file and merges it: it may be refused, but nothing
// panics or goes on for ever.
func hostile(t testing.TB, data []byte) (refused bool) {
	t.Helper()
	start := time.Now()
	s, err := Load("hostile", data)
	if err == nil {
		err = Guard("hostile", func() { readAll(s, new(strings.Builder)) })
		if e := Merge(new(bytes.Buffer), []Source{{s, func(uint32) bool { return false }}}); err == nil {
			err = e
		}
	}
	if took := time.Since(start); took > 20*time.Second {
		t.Fatalf("it took %v", took)
	}
	return err != nil
}

// TestHostile changes bytes of a true file, with true checksums.
func TestHostile(t *testing.T) {
	good := built(t, docs(3, 0, 40))
	if hostile(t, reseal(good)) {
		t.Fatal("a true file is refused")
	}
	rnd := rand.New(rand.NewPCG(5, 5))
	refused, rounds := 0, 3000
	if testing.Short() {
		rounds = 300
	}
	for range rounds {
		bad := slices.Clone(good)
		for range 1 + rnd.IntN(4) {
			bad[rnd.IntN(len(bad))] = []byte{0, 1, 0x7f, 0x80, 0xff, byte(rnd.IntN(256))}[rnd.IntN(6)]
		}
		if hostile(t, reseal(bad)) {
			refused++
		}
	}
	if refused < rounds/20 {
		t.Errorf("only %d of %d were refused: the test tests little", refused, rounds)
	}
}

// FuzzSegment looks for a file that makes a reader panic or hang.
func FuzzSegment(f *testing.F) {
	f.Add(built(f, docs(1, 0, 3)))
	f.Add(built(f, docs(2, 0, 12)))
	f.Fuzz(func(t *testing.T, data []byte) { hostile(t, reseal(data)) })
}
