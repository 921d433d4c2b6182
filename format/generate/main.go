// Command generate writes the code tables of MARC-8 from those of the Library
// of Congress as the Python package pymarc holds them. It is run by hand, and
// is no part of the product.
//
//	pip download --no-deps --no-binary :all: pymarc    # unpack it
//	go run ./format/generate -mapping FOLDER/pymarc/marc8_mapping.py
//
// The file that it writes is read by format/marc8.go: gzip, in it for each set
// its final character, how many signs it has, and for each sign, in the order
// of their codes, the code and the character as differences to the one before.
package main

import (
	"bytes"
	"cmp"
	"compress/gzip"
	"encoding/binary"
	"flag"
	"fmt"
	"log"
	"os"
	"regexp"
	"slices"
	"strconv"
)

// sign is a character of a set: its code without the eighth bits, and whether
// it is a mark that stands over or under the next one.
type sign struct {
	code, char int64
	mark       bool
}

var (
	setBegin = regexp.MustCompile(`(?m)^CHARSET_([0-9A-F]{2}) = \{[^\n]*\n`)
	pair     = regexp.MustCompile(`0x([0-9A-Fa-f]+):\s*\(\s*0x([0-9A-Fa-f]+),\s*([01]),?\s*\)`)
	oddBegin = regexp.MustCompile(`(?m)^ODD_MAP = \{`)
	odd      = regexp.MustCompile(`0x([0-9A-Fa-f]+):\s*0x([0-9A-Fa-f]+)`)
)

const (
	ascii = 0x42 // needs no table
	eacc  = 0x31 // three bytes a sign
)

func main() {
	log.SetFlags(0)
	mapping := flag.String("mapping", "marc8_mapping.py", "pymarc's file of tables")
	out := flag.String("out", "format/marc8.bin.gz", "file to write")
	flag.Parse()
	src, err := os.ReadFile(*mapping)
	if err != nil {
		log.Fatal(err)
	}
	packed, err := pack(src)
	if err != nil {
		log.Fatalf("%s: %v", *mapping, err)
	}
	if err := os.WriteFile(*out, packed, 0o644); err != nil {
		log.Fatal(err)
	}
}

// pack reads all tables and writes them.
func pack(src []byte) ([]byte, error) {
	begins := setBegin.FindAllSubmatchIndex(src, -1)
	if len(begins) == 0 {
		return nil, fmt.Errorf("there is no table CHARSET_…")
	}
	var plain []byte
	for _, b := range begins {
		set := number(src[b[2]:b[3]])
		body := src[b[1]:]
		if end := bytes.Index(body, []byte("\n}")); end >= 0 {
			body = body[:end]
		}
		if set == ascii {
			continue
		}
		var signs []sign
		for _, m := range pair.FindAllSubmatch(body, -1) {
			signs = append(signs, sign{number(m[1]), number(m[2]), m[3][0] == '1'})
		}
		if set == eacc {
			signs = append(signs, oddSigns(src)...)
		}
		plain = appendSet(plain, byte(set), signs)
	}
	var b bytes.Buffer
	w, err := gzip.NewWriterLevel(&b, gzip.BestCompression)
	if err != nil {
		return nil, err
	}
	if _, err := w.Write(plain); err != nil {
		return nil, err
	}
	err = w.Close()
	return b.Bytes(), err
}

// oddSigns are codes outside of the tables that records hold all the same.
func oddSigns(src []byte) (signs []sign) {
	if at := oddBegin.FindIndex(src); at != nil {
		for _, m := range odd.FindAllSubmatch(src[at[1]:], -1) {
			signs = append(signs, sign{number(m[1]), number(m[2]), false})
		}
	}
	return signs
}

func appendSet(plain []byte, set byte, signs []sign) []byte {
	var kept []sign
	for _, s := range signs {
		if set != eacc {
			if s.code >= 0x80 && s.code < 0xa0 { // controls, which the reader knows
				continue
			}
			s.code &= 0x7f
		}
		kept = append(kept, s)
	}
	slices.SortFunc(kept, func(a, b sign) int { return cmp.Compare(a.code, b.code) })
	plain = binary.AppendUvarint(append(plain, set), uint64(len(kept)))
	last := sign{}
	for _, s := range kept {
		mark := int64(0)
		if s.mark {
			mark = 1
		}
		plain = binary.AppendUvarint(plain, uint64(s.code-last.code))
		plain = binary.AppendVarint(plain, (s.char-last.char)*2+mark)
		last = s
	}
	return plain
}

func number(hex []byte) int64 {
	n, err := strconv.ParseInt(string(hex), 16, 64)
	if err != nil {
		log.Fatalf("%q is no number: %v", hex, err) // the expressions let no other through
	}
	return n
}
