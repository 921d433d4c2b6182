package app

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"waymark/evidence"
	"waymark/library"
)

// demoNotes is the record of the document that tells how the demonstration's
// studies were coded and its numbers made, so that each leads to its page.
const demoNotes library.ID = "01KEVDNTES0000000000000001"

// The pages of that document: what it is, how the numbers are made, and from
// there one for each study.
const (
	notesAbout = iota + 1
	notesNumbers
	notesStudies
)

// placeNotes has each coding and finding of the demonstration name its page of the
// notes.
func placeNotes(col evidence.Collection) {
	for i, s := range col.Studies {
		at := evidence.Locator{Resource: demoNotes, Page: notesStudies + i}
		for j := range s.Codings {
			s.Codings[j].Locator = at
		}
		for j := range s.Findings {
			s.Findings[j].Locator = at
		}
	}
}

// importDemoNotes writes the notes of the demonstration: how its studies were
// coded and its numbers made. What is there already is left alone.
func (h *house) importDemoNotes(ctx context.Context) error {
	there, err := h.store.Entries(ctx, library.House(), []library.ID{demoNotes})
	if err != nil || len(there) > 0 {
		return err
	}
	col, err := evidence.ReadJSON(bytes.NewReader(demoEvidence))
	if err != nil {
		return fmt.Errorf("read the evidence of the demonstration: %w", err)
	}
	pages := [][]string{
		{"How this demonstration was coded and its numbers were made", "",
			"This document is part of a demonstration. It was written for it and says nothing about any country, programme or person.",
			"The publications that the studies name are real. How they are coded was decided for the demonstration by made-up coders A, B and C, from titles and abstracts alone, and is no judgement of anybody's work.",
			"Page 2 tells how the numbers are made. From page 3 on, each page is the coding note of one study."},
		{"How the numbers are made", "",
			fmt.Sprintf("A generator with the fixed seed %d gives each of %d countries a level and a trend for every indicator, for the years %d to %d.", syntheticSeed, len(syntheticAreas()), syntheticFirst, syntheticLast),
			"Some years are left out, some series break, and one country in five is given another kind of source, so that what cannot be compared can be seen.",
			"No person, case or country was observed. Whoever runs the program gets the same numbers."},
	}
	for i, s := range col.Studies {
		if err := h.describe(ctx, s); err != nil {
			return err
		}
		title, _ := s.Titles.In("en")
		page := []string{"Coding note " + fmt.Sprint(i+1), title, ""}
		for _, c := range s.Codings {
			page = append(page, codingNote(c))
		}
		pages = append(pages, page)
	}
	digest, size, err := h.files.Put(ctx, bytes.NewReader(plainPDF(pages)))
	if err != nil {
		return fmt.Errorf("keep the notes of the demonstration: %w", err)
	}
	r := &library.Resource{ID: demoNotes, Status: library.Published, Audience: library.Public, Date: "2026", Languages: []string{"en"},
		Titles:    library.Text{"en": "How This Demonstration Was Coded and Its Numbers Were Made"},
		Abstracts: library.Text{"en": "Coding notes of the demonstration's evidence map, one page a study, and how its synthetic numbers are generated. Written for the demonstration."},
		Files:     []library.File{{Digest: digest, Name: "demonstration-notes.pdf", Type: "application/pdf", Size: size, Language: "en", Pages: len(pages)}}}
	e, err := r.Entry()
	if err != nil {
		return err
	}
	_, err = h.store.Commit(ctx, library.Edit{At: time.Now(), Actor: "waymark serve --demo", Action: "import", Note: "the notes of the demonstration",
		Changes: []library.Change{{Entry: e}}, Tasks: []library.Task{{Kind: library.TaskRead, Subject: digest}}})
	return err
}

// codingNote says in a sentence how a cell was decided.
func codingNote(c evidence.Coding) string {
	says := func(who string, d *evidence.Decision) string {
		if d == nil {
			return ""
		}
		word := " no"
		if d.Yes {
			word = " yes"
		}
		if d.Note != "" {
			word += " (" + d.Note + ")"
		}
		return ", " + who + word
	}
	return "- " + c.Intervention + " x " + c.Outcome + says("coder A", c.First) + says("coder B", c.Second) + says("settled by C", c.Adjudicated)
}

const (
	pdfColumns = 84 // letters in a line
	pdfLines   = 46 // lines of a page
)

// plainPDF writes pages of plain text as a PDF 1.4 in Latin letters
// (WinAnsiEncoding); others become question marks.
func plainPDF(pages [][]string) []byte {
	var b bytes.Buffer
	var at []int
	object := func(format string, args ...any) {
		at = append(at, b.Len())
		fmt.Fprintf(&b, "%d 0 obj\n", len(at))
		fmt.Fprintf(&b, format, args...)
		b.WriteString("\nendobj\n")
	}
	b.WriteString("%PDF-1.4\n")
	var kids []string
	for i := range pages {
		kids = append(kids, fmt.Sprintf("%d 0 R", 4+2*i))
	}
	object("<</Type/Catalog/Pages 2 0 R/Lang(en)>>")
	object("<</Type/Pages/Count %d/Kids[%s]>>", len(pages), strings.Join(kids, " "))
	object("<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>")
	for i, page := range pages {
		object("<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<</Font<</F1 3 0 R>>>>/Contents %d 0 R>>", 5+2*i)
		stream := "BT /F1 11 Tf 15 TL 56 780 Td\n"
		for _, line := range wrapped(page) {
			stream += "(" + pdfText(line) + ") Tj T*\n"
		}
		stream += "ET"
		object("<</Length %d>>\nstream\n%s\nendstream", len(stream), stream)
	}
	start := b.Len()
	fmt.Fprintf(&b, "xref\n0 %d\n0000000000 65535 f \n", len(at)+1)
	for _, offset := range at {
		fmt.Fprintf(&b, "%010d 00000 n \n", offset)
	}
	fmt.Fprintf(&b, "trailer\n<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n", len(at)+1, start)
	return b.Bytes()
}

// wrapped breaks paragraphs into lines of a page.
func wrapped(paragraphs []string) (lines []string) {
	for _, p := range paragraphs {
		line := ""
		for _, word := range strings.Fields(p) {
			if line != "" && len(line)+1+len(word) > pdfColumns {
				lines, line = append(lines, line), ""
			}
			line = strings.TrimSpace(line + " " + word)
		}
		lines = append(lines, line)
	}
	return slices.Clip(lines[:min(len(lines), pdfLines)])
}

// pdfText writes a text as the inside of a string of a PDF.
func pdfText(s string) string {
	var b strings.Builder
	for _, r := range s {
		switch {
		case r == '(' || r == ')' || r == '\\':
			b.WriteString(`\` + string(r))
		case r == '’' || r == '‘':
			b.WriteByte('\'')
		case r == '–' || r == '—':
			b.WriteByte('-')
		case r >= ' ' && r <= '~':
			b.WriteRune(r)
		case r >= 0xA0 && r <= 0xFF: // as in Latin-1
			fmt.Fprintf(&b, `\%03o`, r)
		default:
			b.WriteByte('?')
		}
	}
	return b.String()
}
