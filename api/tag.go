package api

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"strconv"
	"strings"
)

// tagged gives every answer in JSON an entity tag by its bytes, and answers 304
// to those who have them. A handler that sets a tag before has it put in front.
func tagged(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodGet && r.Method != http.MethodHead {
			next.ServeHTTP(w, r)
			return
		}
		kept := &kept{ResponseWriter: w}
		next.ServeHTTP(kept, r)
		if !kept.keeping {
			return
		}
		sum := sha256.Sum256(kept.body.Bytes())
		tag := `"` + kept.version + hex.EncodeToString(sum[:12]) + `"`
		w.Header().Set("ETag", tag)
		if matches(r.Header.Get("If-None-Match"), tag) {
			w.Header().Del("Content-Type")
			w.WriteHeader(http.StatusNotModified)
			return
		}
		w.WriteHeader(http.StatusOK)
		if _, err := w.Write(kept.body.Bytes()); err != nil {
			return // the reader has gone
		}
	})
}

// kept holds a successful answer in JSON back; others pass.
type kept struct {
	http.ResponseWriter
	body    bytes.Buffer
	version string
	begun   bool
	keeping bool
}

// WriteHeader implements http.ResponseWriter.
func (k *kept) WriteHeader(status int) {
	k.begun = true
	h := k.Header()
	if status == http.StatusOK && strings.HasPrefix(h.Get("Content-Type"), "application/json") && h.Get("Content-Disposition") == "" {
		k.keeping = true
		if v := h.Get("ETag"); v != "" {
			k.version = strings.Trim(v, `"`) + "-"
		}
		return
	}
	k.ResponseWriter.WriteHeader(status)
}

// Write implements io.Writer.
func (k *kept) Write(p []byte) (int, error) {
	if !k.begun {
		k.WriteHeader(http.StatusOK)
	}
	if k.keeping {
		return k.body.Write(p)
	}
	return k.ResponseWriter.Write(p)
}

// Unwrap is for http.ResponseController.
func (k *kept) Unwrap() http.ResponseWriter { return k.ResponseWriter }

// matches tells whether a list of tags holds one, compared weakly as
// If-None-Match does (RFC 9110, section 13.1.2). Compression adds an ending.
func matches(list, tag string) bool {
	for t := range strings.SplitSeq(list, ",") {
		t = strings.TrimPrefix(strings.TrimSpace(t), "W/")
		if t == "*" || t == tag {
			return true
		}
	}
	return false
}

// versionOf reads the version of a record from its tag; 0 for no such tag.
func versionOf(tag string) int64 {
	tag, strong := strings.CutPrefix(strings.TrimSpace(tag), `"`)
	number, _, _ := strings.Cut(strings.TrimSuffix(tag, `"`), "-")
	n, err := strconv.ParseInt(number, 10, 64)
	if err != nil || !strong || n < 1 {
		return 0
	}
	return n
}
