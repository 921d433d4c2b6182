package extract

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"waymark/analysis"
)

var mutants = flag.Int("mutants", 60, "mutated files to read")

// sentences are what the generated documents are made of; the words are the
// test's own.
var sentences = map[string]string{
	"en": "Every person who may have been trafficked is offered a safe place, an interpreter and time to recover before any official interview begins.",
	"fr": "L’officier de protection offre à chaque enfant un refuge sûr, un entretien confidentiel et un suivi médical avant toute démarche officielle.",
	"es": "La víctima recibe alojamiento seguro, atención médica y asesoría jurídica gratuita antes de cualquier declaración ante las autoridades.",
	"ru": "Каждому пострадавшему предлагают безопасное жильё, переводчика и время на восстановление до начала официальной беседы с органами власти.",
	"ar": "يحصل كل شخص يحتمل أنه ضحية على مكان آمن ومترجم ووقت كاف للتعافي قبل أن تبدأ أي مقابلة رسمية مع السلطات في عام 2021.",
	"zh": "每一位可能遭受人口贩运的人都应当得到安全的住所、翻译人员以及足够的恢复时间，然后才开始任何正式的询问。",
}

// printed has Chromium print a text as PDF in columns.
func printed(t testing.TB, lang, text string, columns int) []byte {
	t.Helper()
	browser, err := exec.LookPath("chromium")
	if err != nil {
		if os.Getenv("WAYMARK_TEST_BROWSER") == "required" {
			t.Fatal("chromium is not installed")
		}
		t.Skip("chromium is not installed")
	}
	folder := t.TempDir()
	page, out := filepath.Join(folder, "page.html"), filepath.Join(folder, "page.pdf")
	dir := "ltr"
	if lang == "ar" {
		dir = "rtl"
	}
	var b strings.Builder
	fmt.Fprintf(&b, `<!doctype html><html lang="%s" dir="%s"><meta charset="utf-8"><title>Test</title><style>body{columns:%d;font:12pt serif}</style><body>`, lang, dir, columns)
	for p := range strings.SplitSeq(text, "\n") {
		b.WriteString("<p>" + p + "</p>")
	}
	if err := os.WriteFile(page, []byte(b.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(browser, "--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-pdf-header-footer",
		"--user-data-dir="+folder, "--print-to-pdf="+out, page)
	if said, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("print: %v\n%s", err, said)
	}
	data, err := os.ReadFile(out)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// TestTextOfPDF: the words of generated documents come out whole and in order,
// in six languages, in one column and in two.
func TestTextOfPDF(t *testing.T) {
	r := reader(t)
	for lang, sentence := range sentences {
		for columns, floor := range map[int]float64{1: 0.99, 2: 0.97} {
			t.Run(fmt.Sprint(lang, columns), func(t *testing.T) {
				text := strings.TrimSpace(strings.Repeat(strings.Repeat(sentence+" ", 3)+"\n", 12))
				data := printed(t, lang, text, columns)
				doc, err := r.Read(t.Context(), "page.pdf", bytes.NewReader(data), int64(len(data)), Ask{})
				if err != nil {
					t.Fatal(err)
				}
				var got strings.Builder
				for _, p := range doc.Pages {
					got.WriteString(p.Text + "\n")
				}
				want, have := analysis.Words(text), analysis.Words(got.String())
				if share := float64(inOrder(want, have)) / float64(len(want)); share < floor {
					t.Errorf("%.4f of %d words are there in order, want %.2f:\n%s", share, len(want), floor, got.String()[:min(got.Len(), 1500)])
				}
			})
		}
	}
}

// inOrder is the length of the longest common subsequence.
func inOrder(a, b []string) int {
	row := make([]int, len(b)+1)
	for _, x := range a {
		diagonal := 0
		for j, y := range b {
			above := row[j+1]
			if x == y {
				row[j+1] = diagonal + 1
			} else {
				row[j+1] = max(above, row[j])
			}
			diagonal = above
		}
	}
	return row[len(b)]
}

// TestMutants: whatever is broken in a file, it is read or refused with a
// reason, and the next one is read.
func TestMutants(t *testing.T) {
	r := reader(t)
	pdf := printed(t, "en", strings.Repeat(sentences["en"]+"\n", 30), 1)
	word := docx(t, strings.Repeat("<w:p><w:r><w:t>a paragraph of words</w:t></w:r></w:p>", 50))
	random := rand.New(rand.NewPCG(4, 4))
	refused := 0
	for i := range *mutants {
		data := bytes.Clone([][]byte{pdf, word}[i%2])
		for range 1 + random.IntN(20) {
			switch at := random.IntN(len(data)); random.IntN(3) {
			case 0:
				data[at] = byte(random.IntN(256))
			case 1:
				data = append(data[:at], data[min(len(data), at+random.IntN(100)):]...)
			case 2:
				data = append(data[:at], append([]byte(fmt.Sprint(random.Uint64())), data[at:]...)...)
			}
		}
		_, err := r.Read(t.Context(), "mutant", bytes.NewReader(data), int64(len(data)), Ask{Cover: true})
		if _, ok := errors.AsType[*Refused](err); err != nil && !ok {
			t.Fatalf("mutant %d: %v", i, err)
		} else if ok {
			refused++
		}
	}
	t.Logf("%d of %d were refused", refused, *mutants)
	if doc, err := r.Read(t.Context(), "whole", bytes.NewReader(pdf), int64(len(pdf)), Ask{}); err != nil || len(doc.Pages) == 0 {
		t.Errorf("after that a whole file: %v", err)
	}
}

// TestTidy: parted words are joined, running heads and page numbers left out.
func TestTidy(t *testing.T) {
	var pages []Page
	for i := range 6 {
		pages = append(pages, Page{i + 1, fmt.Sprintf("Handbook\r\nThe inter-\r\nview of page %d is a co\u00adoperation.\r\n%d", i+1, i+1)})
	}
	for i, p := range tidy(pages) {
		if want := fmt.Sprintf("The interview of page %d is a cooperation.", i+1); p.Text != want || p.Number != i+1 {
			t.Errorf("page %d is %q, want %q", p.Number, p.Text, want)
		}
	}
}
