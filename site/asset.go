package site

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"io/fs"
	"net/http"
	"path"
	"strings"
	"time"

	"waymark/library"
	"waymark/locale"
)

//go:embed assets
var assetFiles embed.FS

// assets are the style sheet, script and icon. Their names hold a part of
// their SHA-256, so that a browser may keep them for ever.
type assets struct {
	byName map[string][]byte // by name with hash
	hashed map[string]string // name to name with hash
}

func readAssets() (assets, error) {
	a := assets{map[string][]byte{}, map[string]string{}}
	err := fs.WalkDir(assetFiles, "assets", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := assetFiles.ReadFile(name)
		if err != nil {
			return err
		}
		sum := sha256.Sum256(b)
		base := path.Base(name)
		ext := path.Ext(base)
		hashed := strings.TrimSuffix(base, ext) + "." + hex.EncodeToString(sum[:5]) + ext
		a.byName[hashed], a.hashed[base] = b, hashed
		return nil
	})
	if err != nil {
		return assets{}, fmt.Errorf("read the assets: %w", err)
	}
	return a, nil
}

func (a assets) path(name string) string { return "/assets/" + a.hashed[name] }

func (s *Site) asset(w http.ResponseWriter, r *http.Request, _ *locale.Language) error {
	name := r.PathValue("name")
	b, ok := s.assets.byName[name]
	if !ok {
		return library.Errorf(library.NotFound, "no asset has the name %s", name)
	}
	w.Header().Set("Cache-Control", "public, max-age=31536000, immutable")
	http.ServeContent(w, r, name, time.Time{}, bytes.NewReader(b))
	return nil
}
