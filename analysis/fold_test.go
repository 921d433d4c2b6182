package analysis

import (
	"testing"
	"unicode"
	"unicode/utf8"
)

func TestFold(t *testing.T) {
	for _, tc := range []struct{ in, want string }{
		{"", ""},
		{"already folded 2331", "already folded 2331"},
		{"Trafficking in PERSONS", "trafficking in persons"},
		{"Êtres Humains", "etres humains"},
		{"e\u0301tude", "etude"},
		{"Mujeres y Niñas", "mujeres y ninas"},
		{"Straße", "strasse"},
		{"œuvre Æther", "oeuvre aether"},
		{"Łódź", "lodz"},
		{"Đorđe Øre", "dorde ore"},
		{"Isparta ısı İzmir", "isparta isi izmir"},
		{"Việt Nam", "viet nam"},
		{"ＡＢＣ１２３", "abc123"},
		{"ﬁnance №", "finance no"},
		{"l’identification l´aide l`eau", "l'identification l'aide l'eau"},
		{"2010–2015 — x‑y", "2010-2015 - x-y"},
		{"co\u00adoperation", "cooperation"},
		{"Россия её Ещё", "россия ее еще"},
		{"Российский и\u0306", "российский й"},
		{"Україна Її", "україна її"},
		{"сто\u0301ит", "стоит"},
		{"الاتِّجَار بالأشخاص", "الاتجار بالاشخاص"},
		{"إنسان آثار ٱلمرأة", "انسان اثار المراه"},
		{"مكافحة على", "مكافحه علي"},
		{"الاتـــجار", "الاتجار"},
		{"٢٠١٦ ۱۴", "2016 14"},
		{"کودکان ایران", "كودكان ايران"},
		{"人口贩运", "人口贩运"},
		{"ガ ｶﾞ か\u3099", "ガ ガ が"},
		{"인신매매", "인신매매"},
		{"मानव तस्करी", "मानव तस्करी"},
		{"การค้ามนุษย์", "การค้ามนุษย์"},
		{"Σίσυφος", "σισυφοσ"},
		{"שָׁלוֹם", "שלום"},
		{"a\xffb", "a\uFFFDb"},
	} {
		if got := Fold(tc.in); got != tc.want {
			t.Errorf("Fold(%q) = %q, want %q", tc.in, got, tc.want)
		}
	}
}

// Every rune, alone and after letters that accents may join, folds the same
// way on the fast and the slow path, and folding again changes nothing.
func TestFoldEveryRune(t *testing.T) {
	for r := rune(0); r <= unicode.MaxRune; r++ {
		if r == 0x20000 {
			r = 0x2F800 // only compatibility ideographs change here
		} else if r == 0x2FA20 {
			r = 0xE0000
		} else if r == 0xE0200 {
			break
		}
		if !utf8.ValidRune(r) || unicode.Is(unicode.Co, r) {
			continue
		}
		for _, before := range []string{"", "И", "か", "ก่", "न\u094D"} {
			s := before + string(r)
			got := Fold(s)
			if slow := string(appendFoldSlow(nil, s)); got != slow {
				t.Fatalf("U+%04X after %q: fast %q, slow %q", r, before, got, slow)
			}
			if again := Fold(got); again != got {
				t.Fatalf("U+%04X after %q: folds to %+q, then to %+q", r, before, got, again)
			}
		}
	}
}

func FuzzFold(f *testing.F) {
	for _, s := range []string{"Êtres", "й\u0306\u0308", "a\xff\xc3", "\u1100\u1161", "か\u3099", "الأشخاص", "ŉ ﷺ ´", "\x99\xf1\u01d9", "\u0f78\u094d"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		once := Fold(s)
		if !utf8.ValidString(once) {
			t.Fatalf("Fold(%q) is not UTF-8", s)
		}
		if slow := string(appendFoldSlow(nil, s)); utf8.ValidString(s) && slow != once {
			t.Fatalf("Fold(%+q) = %+q, slowly %+q", s, once, slow)
		}
		if twice := Fold(once); twice != once {
			t.Fatalf("Fold(%+q) = %+q, again %+q", s, once, twice)
		}
	})
}

func BenchmarkFold(b *testing.B) {
	for _, s := range sampleTexts() {
		b.Run(s.lang, func(b *testing.B) {
			b.SetBytes(int64(len(s.text)))
			for b.Loop() {
				Fold(s.text)
			}
		})
	}
}
