package analysis

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

func exacts(tokens []Token) string {
	var words []string
	for _, t := range tokens {
		words = append(words, t.Exact)
	}
	return strings.Join(words, " ")
}

func TestTokens(t *testing.T) {
	for _, tc := range []struct{ lang, in, want string }{
		{"en", "", ""},
		{"en", "Combat Trafficking in Persons", "combat trafficking in persons"},
		{"en", "A/RES/64/293", "a res 64 293"},
		{"en", "Resolution 2331 (2016), No. 29", "resolution 2331 2016 no 29"},
		{"en", "UNSCR2331 G20 21st", "unscr2331 unscr 2331 g20 20 21st 21 st"},
		{"en", "victims' and victim’s rights", "victims and victim rights"},
		{"en", "They don't; we've", "they dont we"},
		{"en", "O'Neill N'Djamena", "oneill ndjamena"},
		{"en", "anti-trafficking co\u00adoperation", "anti trafficking cooperation"},
		{"en", "trafficking²", "trafficking"},
		{"fr", "l’identification d'une", "identification une"},
		{"fr", "Aujourd'hui, qu’ils s'en aillent", "aujourdhui ils en aillent"},
		{"fr", "L'État", "etat"},
		{"it", "dell'uomo e un'altra", "uomo e altra"},
		{"es", "¿Niñas? «víctimas»", "ninas victimas"},
		{"uk", "об’єднані п'ять", "обєднані пять"},
		{"tr", "Türkiye'de BM'nin", "turkiye bm"},
		{"ar", "الاتِّجَار بالأشخاص، ٢٠١٦", "الاتجار بالاشخاص 2016"},
		{"zh", "贩运人口", "贩运 贩 运人 运 人口 人 口"},
		{"zh", "IOM移民 2016", "iom 移民 移 民 2016"},
		{"ja", "ｶﾞｲﾄﾞ", "ガイ ガ イド イ ド"},
		{"th", "ที่นี่", "ที่นี่ ที่ นี่"},
		{"ko", "매매", "매매 매 매"},
		{"hi", "तस्करी को", "तस्करी को"},
		{"", "ﬁnance ŉ", "finance n"},
		{"", "a\xffb", "a b"},
	} {
		if got := exacts(Tokens(tc.in, tc.lang)); got != tc.want {
			t.Errorf("Tokens(%q, %q) = %q, want %q", tc.in, tc.lang, got, tc.want)
		}
	}
}

func TestTokenPositions(t *testing.T) {
	got := Tokens("贩运人 UNSCR2331 end", "zh")
	var positions []int
	for _, k := range got {
		positions = append(positions, k.Position)
	}
	if want := []int{0, 0, 1, 1, 2, 3, 3, 3, 4}; !slices.Equal(positions, want) {
		t.Errorf("positions %v, want %v", positions, want)
	}
}

func TestWords(t *testing.T) {
	for in, want := range map[string]string{
		"Plan d’Action: 2019–2022": "plan action 2019 2022",
		"打击贩运 2016":                "打 击 贩 运 2016",
		"UNSCR2331":                "unscr2331",
		"  ":                       "",
		"Об'єднані Нації":          "обєднані нації",
	} {
		if got := strings.Join(Words(in), " "); got != want {
			t.Errorf("Words(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestLongWordsAreCut(t *testing.T) {
	for _, unit := range []string{"a", "é", "ж", "ﷺ", "e\u0301", "ก\u0E48\u0E48"} {
		for _, k := range Tokens(strings.Repeat(unit, 3000), "en") {
			if n := utf8.RuneCountInString(k.Exact); n > 2*maxRunes+2 {
				t.Fatalf("%q: a token of %d runes", unit, n)
			}
		}
	}
}

// checkTokens holds what is true of the tokens of any text.
func checkTokens(t *testing.T, text, lang string) {
	t.Helper()
	tokens := Tokens(text, lang)
	last := Token{}
	for i, k := range tokens {
		switch {
		case k.Start < 0 || k.End > len(text) || k.Start >= k.End:
			t.Fatalf("%q: bad offsets %+v", text, k)
		case k.Start < last.Start || k.Position < last.Position:
			t.Fatalf("%q: %+v after %+v", text, k, last)
		case k.Position > last.Position && k.Start < last.End && i > 0 && k.Start == last.Start:
			t.Fatalf("%q: %+v and %+v overlap", text, k, last)
		case !utf8.ValidString(k.Exact) || !utf8.ValidString(k.Stem) || k.Exact == "":
			t.Fatalf("%q: %+v", text, k)
		case k.Stem == k.Exact:
			t.Fatalf("%q: stem repeats %+v", text, k)
		case !utf8.RuneStart(text[k.Start]) || k.End < len(text) && utf8.ValidString(text) && !utf8.RuneStart(text[k.End]):
			t.Fatalf("%q: %+v cuts a rune", text, k)
		case Fold(k.Exact) != k.Exact:
			t.Fatalf("%q: %+v is not folded", text, k)
		}
		last = k
	}
	var memory Cutter
	for range 2 {
		if again := memory.AppendTokens(nil, text, lang); !slices.Equal(again, tokens) {
			t.Fatalf("%q: a Cutter gives %+v, not %+v", text, again, tokens)
		}
	}
}

func TestTokenProperties(t *testing.T) {
	for _, s := range sampleTexts() {
		checkTokens(t, s.text, s.lang)
		for i := range s.text { // cut anywhere, also inside runes
			checkTokens(t, s.text[i:min(len(s.text), i+40)], s.lang)
		}
	}
}

func FuzzTokens(f *testing.F) {
	for _, s := range sampleTexts() {
		f.Add(s.text, s.lang)
	}
	f.Add("l'é\u0301'x's \xff\xfe'ab12\u200dcd", "fr")
	f.Add("か\u3099ｶﾞ々\u0e33", "ja")
	f.Fuzz(func(t *testing.T, text, lang string) {
		checkTokens(t, text, lang)
		Words(text)
		if _, c := Detect(text); c < 0 || c > 1 {
			t.Fatalf("confidence %v", c)
		}
	})
}

func BenchmarkTokens(b *testing.B) {
	for _, s := range sampleTexts() {
		b.Run(s.lang, func(b *testing.B) {
			b.SetBytes(int64(len(s.text)))
			b.ReportAllocs()
			var dst []Token
			for b.Loop() {
				dst = AppendTokens(dst[:0], s.text, s.lang)
			}
		})
	}
}

func BenchmarkCutter(b *testing.B) {
	for _, s := range sampleTexts() {
		b.Run(s.lang, func(b *testing.B) {
			b.SetBytes(int64(len(s.text)))
			b.ReportAllocs()
			var c Cutter
			var dst []Token
			for b.Loop() {
				dst = c.AppendTokens(dst[:0], s.text, s.lang)
			}
		})
	}
}

func TestEssential(t *testing.T) {
	for query, want := range map[string]string{
		"":                       "",
		"Trafficking in persons": "trafficking in persons",
		"人口贩运":                   "人口 口贩 贩运",
		"人":                      "人",
		"l'identification":       "identification",
		"UNSCR2331":              "unscr2331",
	} {
		var got []string
		for _, token := range Essential(query) {
			got = append(got, token.Exact)
		}
		if strings.Join(got, " ") != want {
			t.Errorf("Essential(%q) = %q, want %q", query, got, want)
		}
	}
}
