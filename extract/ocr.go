package extract

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strings"
	"time"
)

// OCR reads pictures of pages with Tesseract, a program that the machine may
// have.
type OCR struct {
	program   string
	languages []string // Tesseract's names of those it was given data for
}

// recogniseTime is what the recognition of one page may take.
const recogniseTime = 2 * time.Minute

// tesseract names languages, by BCP 47, as Tesseract does (ISO 639-2/T and a
// script).
var tesseract = map[string]string{
	"ar": "ara", "bg": "bul", "bn": "ben", "cs": "ces", "de": "deu", "el": "ell", "en": "eng", "es": "spa", "fa": "fas", "fr": "fra",
	"hu": "hun", "id": "ind", "it": "ita", "ja": "jpn", "ko": "kor", "my": "mya", "ne": "nep", "nl": "nld", "pl": "pol", "ps": "pus",
	"pt": "por", "ro": "ron", "ru": "rus", "sq": "sqi", "sr": "srp", "sw": "swa", "th": "tha", "tr": "tur", "uk": "ukr", "ur": "urd",
	"vi": "vie", "zh": "chi_sim", "zh-Hant": "chi_tra", "am": "amh", "ti": "tir", "hy": "hye", "ka": "kat", "km": "khm", "lo": "lao",
}

// official are tried together where nobody says the language of a scan.
var official = []string{"eng", "fra", "spa", "rus", "ara", "chi_sim"}

// FindOCR finds Tesseract and what it can read. It answers an error that says
// how to get it where it is missing.
func FindOCR(ctx context.Context) (*OCR, error) {
	program, err := exec.LookPath("tesseract")
	if err != nil {
		return nil, errors.New("scans can be read only where tesseract is installed (Debian: apt install tesseract-ocr and a tesseract-ocr-… for each language)")
	}
	said, err := exec.CommandContext(ctx, program, "--list-langs").Output()
	if err != nil {
		return nil, fmt.Errorf("ask %s for its languages: %w", program, err)
	}
	o := &OCR{program: program}
	for line := range strings.Lines(string(said)) {
		if name := strings.TrimSpace(line); !strings.Contains(name, " ") && name != "osd" && name != "" {
			o.languages = append(o.languages, name)
		}
	}
	if len(o.languages) == 0 {
		return nil, fmt.Errorf("%s has no language to read in: install a tesseract-ocr-… package", program)
	}
	return o, nil
}

// Recognise reads a picture, given as PNG, in a language by its BCP 47 tag; in
// all official languages of the United Nations when it is "". A picture that
// takes longer than two minutes has no text. It answers *Refused when Tesseract
// has no data for the language.
func (o *OCR) Recognise(ctx context.Context, png []byte, lang string) (string, error) {
	names, err := o.names(lang)
	if err != nil {
		return "", err
	}
	limited, cancel := context.WithTimeout(ctx, recogniseTime)
	defer cancel()
	cmd := exec.CommandContext(limited, o.program, "stdin", "stdout", "-l", names, "--psm", "3")
	cmd.Env = append(slices.DeleteFunc(os.Environ(), func(s string) bool { return !strings.HasPrefix(s, "TESSDATA_PREFIX=") }), "OMP_THREAD_LIMIT=1", "LC_ALL=C.UTF-8")
	cmd.Dir = os.TempDir()
	cmd.Stdin = bytes.NewReader(png)
	said := &tail{}
	cmd.Stderr = said
	text, err := cmd.Output()
	switch {
	case ctx.Err() != nil:
		return "", ctx.Err()
	case limited.Err() != nil:
		return "", nil
	case err != nil:
		return "", fmt.Errorf("run %s -l %s: %w: %s", o.program, names, err, said.text)
	}
	return string(text), nil
}

// names gives Tesseract's names for a language.
func (o *OCR) names(lang string) (string, error) {
	var want []string
	for tag := lang; want == nil && tag != ""; tag = tag[:max(strings.LastIndexByte(tag, '-'), 0)] {
		if name := tesseract[tag]; name != "" {
			want = []string{name}
		}
	}
	if want == nil {
		want = official
	}
	have := slices.DeleteFunc(slices.Clone(want), func(name string) bool { return !slices.Contains(o.languages, name) })
	if len(have) == 0 {
		return "", refuse(fmt.Sprintf("it is a scan, and tesseract has no data for %s: install tesseract-ocr-%s", want[0], strings.ReplaceAll(want[0], "_", "-")))
	}
	return strings.Join(have, "+"), nil
}
