package extract

import (
	"os"
	"testing"
	"time"
)

func TestTry(t *testing.T) {
	r := reader(t)
	for _, name := range []string{os.Getenv("TRY")} {
		if name == "" {
			continue
		}
		for range 3 {
			f, err := os.Open(name)
			if err != nil {
				t.Fatal(err)
			}
			st, _ := f.Stat()
			start := time.Now()
			d, err := r.Read(t.Context(), name, f, st.Size(), Ask{Cover: true})
			t.Log(time.Since(start), err, d.Type, d.Count, d.Meta, len(d.Pages), len(d.Covers))
			for _, c := range d.Covers {
				t.Log(len(c.PNG))
			}
			if len(d.Pages) > 0 {
				t.Log(d.Pages[0].Text)
			}
		}
	}
}
