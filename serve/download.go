package serve

import (
	"bufio"
	"io"
	"mime"
	"net/http"
	"strings"
)

// Download answers a file as it is written. An error before the first byte is
// given back for the door to show; after it the connection is broken, so that
// nobody takes a part for the whole.
func Download(w http.ResponseWriter, r *http.Request, name, kind string, write func(io.Writer) error) error {
	h := w.Header()
	if strings.HasPrefix(kind, "text/") {
		kind += "; charset=utf-8"
	}
	h.Set("Content-Type", kind)
	h.Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": name}))
	h.Set("Cache-Control", "private, no-cache")
	h.Set("X-Robots-Tag", "noindex")
	begun := &begun{w: w}
	out := bufio.NewWriterSize(begun, 32<<10)
	err := write(out)
	if err == nil {
		err = out.Flush()
	}
	switch {
	case err == nil:
		return nil
	case begun.any:
		if r.Context().Err() == nil {
			Log(r, err)
		}
		panic(http.ErrAbortHandler)
	}
	h.Del("Content-Disposition")
	h.Del("Content-Type")
	return err
}

// begun knows whether anything was written.
type begun struct {
	w   io.Writer
	any bool
}

// Write implements io.Writer.
func (b *begun) Write(p []byte) (int, error) {
	b.any = true
	return b.w.Write(p)
}
