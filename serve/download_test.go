package serve

import (
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// TestDownload: a file that fails before its first byte is an error like any
// other; one that fails later breaks the connection, also when it is compressed.
func TestDownload(t *testing.T) {
	broken := errors.New("the disk is gone")
	size := 0
	door := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		err := Download(w, r, "a.txt", "text/plain", func(out io.Writer) error {
			if _, err := io.WriteString(out, strings.Repeat("all is well\n", size)); err != nil {
				return err
			}
			return broken
		})
		http.Error(w, err.Error(), Status(err))
	})
	server := httptest.NewServer(Secure(door, func(w http.ResponseWriter, _ *http.Request, err error) { t.Error(err) }))
	defer server.Close()
	server.Config.ErrorLog = nil
	for _, encoding := range []string{"gzip", "identity"} {
		for _, size = range []int{0, 100_000} {
			req, err := http.NewRequestWithContext(t.Context(), "GET", server.URL, nil)
			if err != nil {
				t.Fatal(err)
			}
			req.Header.Set("Accept-Encoding", encoding)
			res, err := http.DefaultClient.Do(req)
			if err != nil {
				t.Fatal(err)
			}
			_, err = io.Copy(io.Discard, res.Body)
			res.Body.Close()
			if size == 0 && (res.StatusCode != 500 || err != nil || res.Header.Get("Content-Disposition") != "") {
				t.Errorf("%s: before its first byte it answers %d, %v", encoding, res.StatusCode, err)
			}
			if size > 0 && err == nil {
				t.Errorf("%s: half a file looks whole", encoding)
			}
		}
	}
}
