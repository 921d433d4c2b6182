package app

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"waymark/format"
	"waymark/library"
	"waymark/locale"
)

// BenchmarkLetters writes to 1,000 readers after an import of 5,000 records into
// a library of 20,000; no time goes to a mail server.
func BenchmarkLetters(b *testing.B) {
	const readers, before, after = 1000, 20_000, 5000
	h, _ := siteOf(b, b.TempDir(), false)
	words := strings.Fields("shelter court border labour children journey police health return housing")
	add := func(from, n int) {
		var lines strings.Builder
		for i := from; i < from+n; i++ {
			fmt.Fprintf(&lines, "{\"titles\":{\"en\":\"The %s and the %s of number %d\"},\"year\":%d,\"countries\":[\"%s\"]}\n",
				words[i%10], words[i/10%10], i, 1990+i%35, []string{"SD", "KE", "FR"}[i%3])
		}
		rep, err := h.importer("bench").Import(b.Context(), fmt.Sprint(from), format.JSONLines(strings.NewReader(lines.String())))
		if err != nil || rep.Added < n*9/10 {
			b.Fatal(rep.Added, err)
		}
		if err := h.follower.CatchUp(b.Context()); err != nil {
			b.Fatal(err)
		}
	}
	add(0, before)
	out := &refusing{}
	h.porter.Letters = out
	messages, err := locale.Load()
	if err != nil {
		b.Fatal(err)
	}
	o := h.office(messages, "https://library.example")
	now := time.Now()
	o.Now = func() time.Time { return now }
	seq := h.index.Seq()
	for n := range readers {
		id, err := library.NewID(now, entropy())
		if err != nil {
			b.Fatal(err)
		}
		_, err = h.store.Follows().Save(b.Context(), library.Follow{ID: id, Address: fmt.Sprintf("reader%d@example.org", n),
			Query: "q=" + words[n%10] + "+" + words[n/10%10] + "&country=KE", Every: library.EveryDay, Language: "en", Since: seq, Due: now})
		if err != nil {
			b.Fatal(err)
		}
	}
	add(before, after)
	b.ResetTimer()
	for range b.N {
		out.sent = 0
		if err := o.Drain(b.Context()); err != nil {
			b.Fatal(err)
		}
		now = now.Add(48 * time.Hour)
	}
	b.ReportMetric(float64(b.Elapsed().Microseconds())/readers/float64(b.N), "µs/reader")
	b.ReportMetric(float64(out.sent), "letters")
}
