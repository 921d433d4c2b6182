package profile

import (
	"bytes"
	"fmt"
	"image"
	_ "image/gif"  // a format that is read
	_ "image/jpeg" // a format that is read
	"image/png"
	"io"

	"golang.org/x/image/draw"
	_ "golang.org/x/image/webp" // a format that is read

	"waymark/library"
)

// Bounds of a logo: what is read, in bytes and pixels, and what is kept.
const (
	maxLogo   = 2 << 20
	maxPixels = 4096
	logoHigh  = 120 // pixels: four for each at which it is shown
	logoWide  = 640
)

// Logo reads a picture (PNG, JPEG, GIF or WebP) and draws it anew as a PNG that
// fits, so that nothing of the file but its picture is kept. SVG is refused: it
// may hold script. Errors are Invalid.
func Logo(r io.Reader) ([]byte, error) {
	refuse := func(format string, args ...any) ([]byte, error) {
		return nil, &library.Error{Kind: library.Invalid, Field: "logo", Err: fmt.Errorf(format, args...)}
	}
	raw, err := io.ReadAll(io.LimitReader(r, maxLogo+1))
	if err != nil {
		return refuse("read the logo: %w", err)
	}
	if len(raw) > maxLogo {
		return refuse("the logo has more than %d MB", maxLogo>>20)
	}
	config, kind, err := image.DecodeConfig(bytes.NewReader(raw))
	if err != nil {
		return refuse("the logo is no PNG, JPEG, GIF or WebP (SVG is not taken)")
	}
	if config.Width > maxPixels || config.Height > maxPixels || config.Width == 0 || config.Height == 0 {
		return refuse("the logo has %d by %d pixels: at most %d", config.Width, config.Height, maxPixels)
	}
	picture, _, err := image.Decode(bytes.NewReader(raw))
	if err != nil {
		return refuse("the %s of the logo is damaged: %w", kind, err)
	}
	wide, high := config.Width, config.Height
	if high > logoHigh {
		wide, high = max(1, wide*logoHigh/high), logoHigh
	}
	if wide > logoWide {
		wide, high = logoWide, max(1, high*logoWide/wide)
	}
	small := image.NewNRGBA(image.Rect(0, 0, wide, high))
	draw.CatmullRom.Scale(small, small.Bounds(), picture, picture.Bounds(), draw.Src, nil)
	var out bytes.Buffer
	if err := (&png.Encoder{CompressionLevel: png.BestCompression}).Encode(&out, small); err != nil {
		return nil, library.Errorf(library.Internal, "write the logo: %w", err)
	}
	return out.Bytes(), nil
}

// LogoSize gives the width of a logo that is shown so high, both in pixels.
func LogoSize(logo []byte, high int) (wide int) {
	config, err := png.DecodeConfig(bytes.NewReader(logo))
	if err != nil || config.Height == 0 {
		return high
	}
	return max(1, config.Width*high/config.Height)
}
