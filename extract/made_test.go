package extract

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"image/jpeg"
	"image/png"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"waymark/analysis"
)

// tool finds a program that makes test documents; where CI requires all of
// them, one that is missing is a failure.
func tool(t testing.TB, name string) string {
	t.Helper()
	program, err := exec.LookPath(name)
	if err == nil {
		return program
	}
	if os.Getenv("WAYMARK_TEST_TOOLS") == "required" {
		t.Fatalf("%s is not installed", name)
	}
	t.Skipf("%s is not installed", name)
	return ""
}

func runs(t testing.TB, program string, args ...string) {
	t.Helper()
	if said, err := exec.Command(program, args...).CombinedOutput(); err != nil {
		t.Fatalf("%s %s: %v\n%s", program, strings.Join(args, " "), err, said)
	}
}

// written makes a PDF by hand: objects in a row, found without a table.
func written(objects ...string) []byte {
	var b strings.Builder
	b.WriteString("%PDF-1.7\n")
	for i, o := range objects {
		fmt.Fprintf(&b, "%d 0 obj\n%s\nendobj\n", i+1, o)
	}
	fmt.Fprintf(&b, "trailer\n<</Root 1 0 R/Size %d>>\n%%%%EOF\n", len(objects)+1)
	return []byte(b.String())
}

func stream(dictionary, data string) string {
	return fmt.Sprintf("<<%s/Length %d>>\nstream\n%s\nendstream", dictionary, len(data), data)
}

// inHelvetica writes pages of one line each, with what else the catalogue says.
func inHelvetica(catalogue string, more []string, pages ...string) []byte {
	objects := append([]string{"<</Type/Catalog/Pages 2 0 R" + catalogue + ">>", "", "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>"}, more...)
	kids := ""
	for _, text := range pages {
		n := len(objects) + 1
		kids += fmt.Sprintf("%d 0 R ", n)
		objects = append(objects, fmt.Sprintf("<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<</Font<</F1 3 0 R>>>>/Contents %d 0 R>>", n+1),
			stream("", "BT /F1 14 Tf 60 700 Td ("+text+") Tj ET"))
	}
	objects[1] = fmt.Sprintf("<</Type/Pages/Count %d/Kids[%s]>>", len(pages), kids)
	return written(objects...)
}

const xmp = `<?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmlns:prism="http://prismstandard.org/namespaces/basic/3.0/" xmp:CreateDate="2019-05-06T10:00:00Z" prism:doi="10.1000/xyz">
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">Abri &amp; conseil</rdf:li><rdf:li xml:lang="en">Shelter</rdf:li></rdf:Alt></dc:title>
<dc:creator><rdf:Seq><rdf:li>Ana Pop</rdf:li><rdf:li>Li Wei</rdf:li></rdf:Seq></dc:creator><dc:language><rdf:Bag><rdf:li>fr</rdf:li></rdf:Bag></dc:language>
</rdf:Description></rdf:RDF></x:xmpmeta><?xpacket end="w"?>`

var xmpSays = Meta{Title: "Abri & conseil", Authors: []string{"Ana Pop", "Li Wei"}, Language: "fr", Date: "2019-05-06", Identifiers: []string{"doi:10.1000/xyz"}}

// TestXMP: what a PDF says of itself is taken from its own packet, not from
// that of a picture in it.
func TestXMP(t *testing.T) {
	picture := strings.Replace(xmp, "Abri &amp; conseil", "A photograph", 1)
	packet := stream("/Type/Metadata/Subtype/XML", xmp)
	for _, c := range []struct {
		name string
		data []byte
		want Meta
	}{
		{"the catalogue's", inHelvetica("/Metadata 4 0 R", []string{packet, stream("", picture)}, "a page"), xmpSays},
		{"a catalogue that is not read", append(inHelvetica("", nil, "a page"), packet...), xmpSays},
		{"a broken one", inHelvetica("/Metadata 4 0 R", []string{stream("", strings.Replace(xmp, "</rdf:Alt>", "", 1))}, "a page"), Meta{}},
		{"entities", inHelvetica("/Metadata 4 0 R", []string{stream("", strings.Replace(xmp, "&amp;", "&who;", 1))}, "a page"), Meta{}},
		{"none", inHelvetica("", nil, "a page"), Meta{}},
		{"cut off", []byte(xmp[:300]), Meta{}},
	} {
		if got := readXMP(c.data); fmt.Sprint(got) != fmt.Sprint(c.want) {
			t.Errorf("%s: %+v, want %+v", c.name, got, c.want)
		}
	}
	r := reader(t)
	data := inHelvetica("/Metadata 4 0 R", []string{packet}, "a page")
	if doc, err := r.Read(t.Context(), "x.pdf", bytes.NewReader(data), int64(len(data)), Ask{}); err != nil || fmt.Sprint(doc.Meta) != fmt.Sprint(xmpSays) {
		t.Errorf("through a worker: %+v, %v", doc, err)
	}
}

func FuzzXMP(f *testing.F) {
	f.Add([]byte(xmp))
	f.Add(inHelvetica("/Metadata 4 0 R", []string{stream("", xmp)}, "a page"))
	f.Fuzz(func(t *testing.T, data []byte) {
		if m := readXMP(data); len(m.Title) > maxTitle {
			t.Errorf("a title of %d bytes", len(m.Title))
		}
	})
}

// TestEncrypted: a PDF that only its owner may change is read, one that nobody
// opens without a password is refused, with what it says in the clear.
func TestEncrypted(t *testing.T) {
	qpdf := tool(t, "qpdf")
	r := reader(t)
	folder := t.TempDir()
	plain := filepath.Join(folder, "plain.pdf")
	if err := os.WriteFile(plain, inHelvetica("/Metadata 4 0 R", []string{stream("/Type/Metadata/Subtype/XML", xmp)}, "words behind a lock"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name   string
		args   []string
		locked bool
		meta   Meta
	}{
		{"AES of 256 bits, for its owner", []string{"", "owner", "256", "--"}, false, xmpSays},
		{"AES of 128 bits, for its owner", []string{"", "owner", "128", "--use-aes=y", "--"}, false, Meta{}},
		{"AES of 256 bits", []string{"user", "owner", "256", "--"}, true, Meta{}},
		{"AES of 256 bits, but its metadata", []string{"user", "owner", "256", "--cleartext-metadata", "--"}, true, xmpSays},
	} {
		out := filepath.Join(folder, "out.pdf")
		args := append(append([]string{"--object-streams=disable", "--encrypt"}, c.args...), plain, out)
		if said, err := exec.Command(qpdf, args...).CombinedOutput(); err != nil && !strings.Contains(string(said), "warning") {
			t.Fatalf("qpdf: %v\n%s", err, said)
		}
		data, err := os.ReadFile(out)
		if err != nil {
			t.Fatal(err)
		}
		doc, err := r.Read(t.Context(), "x.pdf", bytes.NewReader(data), int64(len(data)), Ask{Cover: true})
		refused, _ := errors.AsType[*Refused](err)
		switch {
		case c.locked && (refused == nil || !strings.Contains(refused.Reason, "password") || !doc.Locked || fmt.Sprint(doc.Meta) != fmt.Sprint(c.meta)):
			t.Errorf("%s: %+v, %v", c.name, doc, err)
		case !c.locked && (err != nil || len(doc.Pages) != 1 || doc.Pages[0].Text != "words behind a lock" || len(doc.Covers) != 2):
			t.Errorf("%s: %+v, %v", c.name, doc, err)
		}
	}
}

// TestLong: a document of 500 pages has each of them under its number.
func TestLong(t *testing.T) {
	var pages []string
	for i := range 500 {
		pages = append(pages, fmt.Sprintf("%s x%dx", strings.Join(strings.Fields(sentences["en"])[i%10:], " "), i+1))
	}
	data := inHelvetica("", nil, pages...)
	doc, err := reader(t).Read(t.Context(), "long.pdf", bytes.NewReader(data), int64(len(data)), Ask{})
	if err != nil || doc.Count != 500 || len(doc.Pages) != 500 {
		t.Fatalf("%d pages, %v", len(doc.Pages), err)
	}
	for i, p := range doc.Pages {
		if p.Number != i+1 || !strings.Contains(p.Text, fmt.Sprintf("x%dx", i+1)) {
			t.Fatalf("page %d is %d: %q", i+1, p.Number, p.Text)
		}
	}
}

// TestOffice: what LibreOffice writes is read whole: each kind, each language.
func TestOffice(t *testing.T) {
	office := tool(t, "soffice")
	r := reader(t)
	folder := t.TempDir()
	var page strings.Builder
	page.WriteString(`<!doctype html><meta charset="utf-8"><title>Six languages</title>`)
	var want []string
	for _, lang := range []string{"en", "fr", "es", "ru", "ar", "zh"} {
		text := sentences[lang] + " La fiche officielle différencie l’affluence et le conflit."
		page.WriteString(`<p lang="` + lang + `">` + text + "</p>")
		want = append(want, analysis.Words(text)...)
	}
	if err := os.WriteFile(filepath.Join(folder, "six.html"), []byte(page.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	for kind, filter := range map[string]string{"docx": "docx:Office Open XML Text", "odt": "odt", "pdf": "pdf", "epub": "epub"} {
		runs(t, office, "--headless", "-env:UserInstallation=file://"+folder+"/profile", "--writer", "--convert-to", filter, "--outdir", folder, filepath.Join(folder, "six.html"))
		data, err := os.ReadFile(filepath.Join(folder, "six."+kind))
		if err != nil {
			t.Fatal(err)
		}
		doc, err := r.Read(t.Context(), "six."+kind, bytes.NewReader(data), int64(len(data)), Ask{Cover: true})
		if err != nil {
			t.Errorf("%s: %v", kind, err)
			continue
		}
		var got strings.Builder
		for _, p := range doc.Pages {
			got.WriteString(p.Text + "\n")
		}
		have := analysis.Words(got.String())
		if share := float64(inOrder(want, have)) / float64(len(want)); share < 0.99 {
			t.Errorf("%s: %.4f of %d words are there in order:\n%s", kind, share, len(want), got.String())
		}
	}
}

// scanned makes a PDF that holds nothing but a picture of a printed page.
func scanned(t testing.TB, r *Reader, lang, text string) []byte {
	t.Helper()
	data := printed(t, lang, text, 1)
	var picture image.Image
	// The page is drawn by the engine itself, as one without text is.
	engine, err := newPDFEngine(r.Command[1])
	if err != nil {
		t.Fatal(err)
	}
	opened, err := engine.open(data)
	if err != nil {
		t.Fatal(err)
	}
	if err := engine.draw(opened, 0, drawnWidth, drawnHeight, func(img image.Image) error {
		var b bytes.Buffer
		err := png.Encode(&b, img)
		if err == nil {
			picture, err = png.Decode(&b)
		}
		return err
	}); err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := jpeg.Encode(&b, picture, &jpeg.Options{Quality: 70}); err != nil {
		t.Fatal(err)
	}
	size := picture.Bounds()
	return written("<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Count 1/Kids[3 0 R]>>",
		"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<</XObject<</I 5 0 R>>>>/Contents 4 0 R>>", stream("", "595 0 0 842 0 0 cm /I Do"),
		stream(fmt.Sprintf("/Type/XObject/Subtype/Image/Width %d/Height %d/ColorSpace/DeviceRGB/BitsPerComponent 8/Filter/DCTDecode", size.Dx(), size.Dy()), b.String()))
}

// TestScans: a scan has no text; where Tesseract is, it is read, in the language
// that is said.
func TestScans(t *testing.T) {
	tool(t, "tesseract")
	r := reader(t)
	ocr, err := FindOCR(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for lang, floor := range map[string]float64{"en": 0.95, "fr": 0.95, "ru": 0.9, "ar": 0.75} {
		text := sentences[lang] + "\n" + sentences[lang]
		scan := scanned(t, r, lang, text)
		doc, err := r.Read(t.Context(), "scan.pdf", bytes.NewReader(scan), int64(len(scan)), Ask{})
		if err != nil || doc.Count != 1 || len(doc.Pages) != 0 {
			t.Fatalf("%s: a scan has %d pages of text: %v", lang, len(doc.Pages), err)
		}
		doc, err = r.Read(t.Context(), "scan.pdf", bytes.NewReader(scan), int64(len(scan)), Ask{Recognise: func(ctx context.Context, png []byte) (string, error) {
			return ocr.Recognise(ctx, png, lang)
		}})
		if err != nil || len(doc.Pages) != 1 || len(doc.Drawn) != 1 {
			t.Fatalf("%s: %+v, %v", lang, doc, err)
		}
		want := analysis.Words(text)
		if share := float64(inOrder(want, analysis.Words(doc.Pages[0].Text))) / float64(len(want)); share < floor {
			t.Errorf("%s: %.2f of the words were recognised, want %.2f:\n%s", lang, share, floor, doc.Pages[0].Text)
		}
	}
	refused, ok := errors.AsType[*Refused](func() error {
		_, err := (&OCR{languages: []string{"eng"}}).Recognise(t.Context(), nil, "ka")
		return err
	}())
	if !ok || !strings.Contains(refused.Reason, "tesseract-ocr-kat") {
		t.Errorf("without data: %v", refused)
	}
}
