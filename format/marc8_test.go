package format

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"waymark/library"
)

// TestMARC8: what pymarc makes of the same bytes, but where a comment says more.
func TestMARC8(t *testing.T) {
	for _, c := range []struct{ name, data, want string }{
		{"ASCII", "plain {text} ~", "plain {text} ~"},
		{"Latin", "Cris\xe2es \xe3a la fronti\xe1ere: \xe4n, \xf0c, \xa5sir, \xb2re, \xe8u, pe\xe7le, \xc3 2015", "Crisés â la frontière: ñ, ç, Æsir, øre, ü, pel\u0307e, © 2015"},
		{"Vietnamese", "Bu\xe3on ng\xbd\xe1\xbci, ph\xe3\xe2o, ch\xf2\xe3o, n\xbd", "Buôn người, phố, chộ, nư"},
		{"ligatures", "\xebT\xecSentr torgovl\xebi\xeca", "T\ufe20S\ufe21entr torgovli\ufe20a\ufe21"},
		{"Cyrillic", "\x1b(NtORGOWLQ L@DXMI\x1b(B = trade", "Торговля людьми = trade"},
		{"Extended Cyrillic", "\x1b(N\x1b)Q\xc4\xc6pROTID\x1b(B\x1b)!E\xe2e", "ёіПротидé"},
		{"Arabic", "\x1b(3GdGJ,GQ\x1b(B, \x1b(3EoUG\x1b(B", "الات،ار, إصُا"},
		{"Extended Arabic", "\x1b)4\xa9\xc4", "پژ"},
		{"Hebrew", "\x1b(2qgx aapi c`m\x1b(B", "סחר בבני דאם"},
		{"Greek", "\x1b(S\x21\x61elpina\x22v\x1b(B", "ὰδινζλασ\u0301"},
		{"below and above", "H\x1bb2\x1bsO and m\x1bp2\x1bs, \x1bga\x1bs-decay", "H₂O and m², α-decay"},
		{"East Asian", "\x1b$1\x21\x30\x64\x21\x4d\x5a\x21\x5f\x33\x1b(B.", "人睪隔."},
		// By the specification, where pymarc fails:
		{"a set in the other half", "\x1b)N\xf4\xcf\xd2\xc7 \x1b$)1\xa1\xb0\xe4", "Торг 人"},
		{"other forms of escapes", "\x1b,NtO\x1b,B \x1b$,1\x21\x30\x64\x1b(B\x1b-Q\xc4", "То 人ё"},
		{"a space among East Asian", "\x1b$1\x21\x30\x64 \x21\x30\x64\x1b(B", "人 人"},
		{"sets end with the subfield", "00\x1fa\x1b(NtO\x1fbHe\xe2\x1fcLo", "00\x1faТо\x1fbHe\x1fcLo"},
		{"references", "A &#x4EBA; &#x1F600; &#x41; &#xD800; &amp;", "A 人 😀 &#x41; &#xD800; &amp;"},
		{"what is not sorted by", "\x88The \x89end", "The end"},
		{"joiners", "a\x8db\x8ec", "a\u200db\u200cc"},
	} {
		if got, err := decodeMARC8([]byte(c.data)); got != c.want || err != nil {
			t.Errorf("%s: %q, %v, want %q", c.name, got, err, c.want)
		}
	}
	for _, c := range []struct {
		data string
		at   int
		text string
	}{
		{"ab\xff", 2, `ff is no character of the set 'E'`}, {"ab\x1b", 2, "not of MARC-8"}, {"\x1b(", 0, "cut off"}, {"a\x1b(Z", 1, "the set 'Z'"}, {"\x1b$B", 0, "the set 'B'"},
		{"\x1b$1\x21\x30", 3, "cut off"}, {"\x1b$1\x21\x30\xe4", 3, "no character of the East Asian set"}, {"\x1b$1zzz", 3, "7a 7a 7a is no character"}, {"\x1b(1a", 0, "the set '1'"}, {"a\x7f", 1, "7f is no"}, {"\x1b$x", 0, "the set 'x'"},
	} {
		_, err := decodeMARC8([]byte(c.data))
		if bad, ok := err.(*marc8Error); !ok || bad.at != c.at || !strings.Contains(bad.text, c.text) {
			t.Errorf("%q: %v, want %d: %s", c.data, err, c.at, c.text)
		}
	}
}

// TestMARC8Tables decodes every sign of every set, marks over an x: the sums
// are those of what pymarc makes of it.
func TestMARC8Tables(t *testing.T) {
	tables, err := marc8Tables()
	if err != nil {
		t.Fatal(err)
	}
	for set, want := range map[byte]struct {
		signs       int
		escape, sum string
	}{
		'1': {15739 + 6, "\x1b$1", "be793d6fdf21a0c9"}, '2': {78, "\x1b(2", "894c0174eb2ce023"}, '3': {83, "\x1b(3", "64af4001b04ac002"}, '4': {90, "\x1b)4", "c1267aadc4494d5f"}, 'E': {69 - 4, "\x1b)!E", "eaedc74eb843da75"},
		'N': {94, "\x1b(N", "6f01d7a72ba7a8e1"}, 'Q': {42, "\x1b)Q", "641a54a8cb4905f3"}, 'S': {73, "\x1b(S", "2365a2d7e9188e1d"}, 'b': {14, "\x1bb", "72cfa1ea601fe8d6"}, 'g': {3, "\x1bg", "6c429d794e7938a5"}, 'p': {14, "\x1bp", "f543ba026885501b"},
	} {
		var data []byte
		for _, code := range slices.Sorted(maps.Keys(tables[set])) {
			high := byte(0)
			if strings.Contains(want.escape, ")") {
				high = 0x80
			}
			sign := []byte{byte(code) | high}
			if set == marc8Asian {
				if slices.Contains([]uint32{0x21203d, 0x212040, 0x7f2014, 0x7f2019, 0x7f2020, 0x7f2122}, code) {
					continue // pymarc has them in a table of their own
				}
				sign = []byte{byte(code >> 16), byte(code >> 8), byte(code)}
			}
			data = append(append(data, want.escape...), sign...)
			if tables[set][code].mark {
				data = append(data, "\x1b(B\x1b)!Ex"...)
			}
			data = append(data, "\x1bs,\x1b)!E"...)
		}
		got, err := decodeMARC8(data)
		sum := sha256.Sum256([]byte(got))
		if s := hex.EncodeToString(sum[:8]); err != nil || s != want.sum || len(tables[set]) != want.signs {
			t.Errorf("set %q: %d signs, sum %s, want %d and %s; %v", rune(set), len(tables[set]), s, want.signs, want.sum, err)
		}
	}
}

// iso2709 gives a record of fields, each its tag and data.
func iso2709(coding byte, fields ...string) string {
	directory, data := "", ""
	for _, f := range fields {
		field := f[3:] + "\x1e"
		directory += fmt.Sprintf("%s%04d%05d", f[:3], len(field), len(data))
		data += field
	}
	base := marcLeader + len(directory) + 1
	return fmt.Sprintf("%05dnam %c22%05d   4500%s\x1e%s\x1d", base+len(data)+1, coding, base, directory, data)
}

func TestMARCInMARC8(t *testing.T) {
	old := iso2709(' ', "001rec-7", "0411 \x1faengfre\x1faar", "1001 \x1faGusak, Natali\xebi\xeca", "24500\x1fa\x1b(NtORGOWLQ L@DXMI\x1b(B :\x1fbcris\xe2es", "650 0\x1faH\x1bb2\x1bsO", "653  \x1fa\x1b$1\x21\x30\x64\x1b(B")
	plain := iso2709(' ', "24500\x1faPlain")
	utf := iso2709(' ', "24500\x1faCrisés")
	bad := iso2709(' ', "24500\x1faBad \xff sign")
	xml := iso2709('a', "24500\x1faCris\xe2es")
	source := old + "\r\n" + plain + utf + bad + xml + plain
	got, problems := all(Read(strings.NewReader(source), Options{}))
	var titles []string
	for _, d := range got {
		titles = append(titles, d.Titles[library.Undetermined])
	}
	if want := []string{"Торговля людьми: crisés", "Plain", "Crisés", "Plain"}; !slices.Equal(titles, want) {
		t.Errorf("titles %q, want %q", titles, want)
	}
	if want := `{"Authors":[{"Text":"Gusak, Natalii︠a︡"}],"ID":"","Key":"rec-7","Languages":[{"Text":"en"},{"Text":"fr"},{"Text":"ar"}],"Subjects":[{"Text":"H₂O"},{"Text":"人"}],"Titles":{"und":"Торговля людьми: crisés"}}`; without(t, got[0]) != want {
		t.Errorf("read\n%s\nwant\n%s", without(t, got[0]), want)
	}
	at := fmt.Sprintf("at byte %d of the file: ff is no character", strings.Index(source, "\xff"))
	if len(problems) != 2 || !strings.HasPrefix(problems[0], "line 4: the MARC record is in MARC-8 and cannot be decoded "+at) || !strings.Contains(problems[0], "MarcEdit") || !strings.Contains(problems[1], "says that it is in UTF-8") {
		t.Errorf("%q, want %s", problems, at)
	}
}

func FuzzMARC8(f *testing.F) {
	f.Add([]byte("\x1b(NtO\x1b(B \xe2e \x1b$1\x21\x30\x64\x1b(B\x1fa\x1bb2\x1bs &#x4EBA;"))
	f.Fuzz(func(t *testing.T, data []byte) {
		if s, err := decodeMARC8(data); err == nil && !utf8.ValidString(s) {
			t.Errorf("%q becomes %q, which is no UTF-8", data, s)
		}
	})
}
