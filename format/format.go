package format

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
)

// Format is a form in which the field keeps records.
type Format struct {
	Name      string // as a person names it: "ris"
	Label     string // its proper name
	Type      string // media type
	Extension string // of files, with the dot

	Write func(io.Writer) Writer // nil for one that is only read

	is   func(head []byte) bool // by the first bytes of a source
	read func(r *bufio.Reader, o Options) Drafts
}

// Options say what the bytes of a source do not.
type Options struct {
	Format  string            // its name, or "auto", also "", to tell it by the first bytes
	IsTopic func(string) bool // whether a heading of a topic page names a topic
	Mapping map[string]string // of the columns of a table, see Columns
	Rules   Rules             // for elements of Dublin Core; Rules.Drafts applies those for fields
	Address string            // of a web page or feed, "" when it is not known
}

// Formats gives every format, those first that are told most surely.
func Formats() []Format {
	return []Format{
		{Name: "reliefweb", Label: "ReliefWeb API (JSON)", Type: "application/json", Extension: ".json", is: isReliefWeb, read: plain(ReliefWeb)},
		{Name: "datacite", Label: "DataCite JSON", Type: "application/vnd.datacite.datacite+json", Extension: ".json", Write: WriteDataCite, is: isDataCite, read: plain(DataCite)},
		{Name: "jsonl", Label: "Waymark JSON Lines", Type: "application/jsonl", Extension: ".jsonl", Write: WriteJSONLines,
			is: isJSONLines, read: plain(JSONLines)},
		{Name: "ris", Label: "RIS", Type: "application/x-research-info-systems", Extension: ".ris", Write: WriteRIS, is: isRIS, read: plain(RIS)},
		{Name: "refer", Label: "Refer/BibIX", Type: "application/x-endnote-refer", Extension: ".enw", Write: WriteRefer, is: isRefer, read: plain(Refer)},
		{Name: "endnote", Label: "EndNote XML", Type: "application/xml", Extension: ".xml", Write: WriteEndNote, is: isEndNote, read: plain(EndNote)},
		{Name: "bibtex", Label: "BibTeX", Type: "application/x-bibtex", Extension: ".bib", Write: WriteBibTeX, is: isBibTeX, read: plain(BibTeX)},
		{Name: "csljson", Label: "CSL-JSON", Type: "application/vnd.citationstyles.csl+json", Extension: ".json", Write: WriteCSLJSON, is: isCSLJSON, read: plain(CSLJSON)},
		{Name: "marc", Label: "MARC 21", Type: "application/marc", Extension: ".mrc", Write: WriteMARC, is: isMARC, read: plain(MARC)},
		{Name: "marcxml", Label: "MARCXML", Type: "application/marcxml+xml", Extension: ".xml", Write: WriteMARCXML, is: isMARCXML, read: plain(MARCXML)},
		{Name: "mods", Label: "MODS", Type: "application/mods+xml", Extension: ".xml", Write: WriteMODS, is: isMODS, read: plain(MODS)},
		{Name: "dc", Label: "Dublin Core (oai_dc)", Type: "application/xml", Extension: ".xml", Write: WriteDublinCore, is: isDublinCore,
			read: func(r *bufio.Reader, o Options) Drafts { return dublinCore(r, o.Rules) }},
		{Name: "zotero", Label: "Zotero RDF", Type: "application/rdf+xml", Extension: ".rdf", Write: WriteZotero, is: isZotero, read: plain(Zotero)},
		{Name: "datacitexml", Label: "DataCite XML", Type: "application/vnd.datacite.datacite+xml", Extension: ".xml", Write: WriteDataCiteXML, is: isDataCiteXML, read: plain(DataCiteXML)},
		{Name: "qdc", Label: "Dublin Core (qualified)", Type: "application/xml", Extension: ".xml", Write: WriteQualifiedDC, is: isQualifiedDC,
			read: func(r *bufio.Reader, o Options) Drafts { return dublinCore(r, o.Rules) }},
		{Name: "csv", Label: "Table (CSV)", Type: "text/csv", Extension: ".csv", Write: WriteCSV, is: isCSV,
			read: func(r *bufio.Reader, o Options) Drafts { return CSV(r, o.Mapping) }},
		{Name: "xlsx", Label: "Table (XLSX)", Type: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", Extension: ".xlsx", Write: WriteXLSX,
			is: isXLSX, read: func(r *bufio.Reader, o Options) Drafts { return XLSX(r, o.Mapping) }},
		{Name: "feed", Label: "Feed (RSS, Atom)", Type: "application/atom+xml", Extension: ".xml",
			is: isFeed, read: func(r *bufio.Reader, o Options) Drafts { return Feed(r, o.Address) }},
		{Name: "html", Label: "Web page (schema.org, Highwire, Dublin Core)", Type: "text/html", Extension: ".html",
			is: isHTML, read: func(r *bufio.Reader, o Options) Drafts { return HTML(r, o.Address) }},
		{Name: "page", Label: "Topic page of the portal", Type: "text/plain", Extension: ".txt",
			is:   func([]byte) bool { return true },
			read: func(r *bufio.Reader, o Options) Drafts { return Page(r, o.IsTopic) }},
	}
}

// plain is the reading of a format that needs nothing but its bytes.
func plain(read func(io.Reader) Drafts) func(*bufio.Reader, Options) Drafts {
	return func(r *bufio.Reader, _ Options) Drafts { return read(r) }
}

// Named gives the format of a name; the error tells which there are.
func Named(name string) (Format, error) {
	var names []string
	for _, f := range Formats() {
		if f.Name == name {
			return f, nil
		}
		names = append(names, f.Name)
	}
	return Format{}, fmt.Errorf("there is no format %q: choose from %s", name, strings.Join(names, ", "))
}

// Read reads a source; what is of no other format is the portal's topic page.
func Read(r io.Reader, o Options) Drafts {
	in := inUTF8(bufio.NewReaderSize(r, maxLine))
	head, err := in.Peek(sniff)
	if err != nil && !errors.Is(err, io.EOF) {
		return failed(fmt.Errorf("read the source: %w", err))
	}
	if len(bytes.TrimSpace(head)) == 0 && len(head) < sniff-3 {
		return failed(&Problem{Text: "the file is empty"})
	}
	if o.Format != "" && o.Format != "auto" {
		f, err := Named(o.Format)
		if err != nil {
			return failed(err)
		}
		return f.read(in, o)
	}
	for _, f := range Formats() {
		if !f.is(head) {
			continue
		}
		if f.Name == "page" && bytes.IndexByte(head, 0) >= 0 {
			return failed(&Problem{Text: "the file is not text in UTF-8: save it as UTF-8 text, or name the text file it was made from"})
		}
		return f.read(in, o)
	}
	return failed(&Problem{Text: "the format of the file is not known"}) // the page takes all
}

// isJSONLines tells a line that is a JSON object of Waymark's own from other JSON.
func isJSONLines(head []byte) bool {
	head = bytes.TrimSpace(head)
	line, _, _ := bytes.Cut(head, []byte("\n"))
	return bytes.HasPrefix(head, []byte("{")) && (bytes.Contains(line, []byte(`"titles"`)) || bytes.HasSuffix(bytes.TrimSpace(line), []byte("}")))
}
