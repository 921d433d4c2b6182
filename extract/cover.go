package extract

import (
	"bytes"
	"cmp"
	"image"
	"image/color"
	"image/png"
	"slices"

	"golang.org/x/image/draw"
)

const (
	coverWidth = 160      // pixels at scale 1
	coverBytes = 30 << 10 // of a cover, at most
)

// covers draws a picture of a first page at both scales, on white, with as many
// colours as fit.
func covers(page image.Image) ([]Cover, error) {
	var all []Cover
	b := page.Bounds()
	if b.Empty() {
		return nil, nil
	}
	for _, scale := range []int{1, 2} {
		width := scale * coverWidth
		height := min(max(width*b.Dy()/b.Dx(), 1), 2*width)
		small := image.NewRGBA(image.Rect(0, 0, width, height))
		draw.Draw(small, small.Bounds(), image.White, image.Point{}, draw.Src)
		draw.CatmullRom.Scale(small, small.Bounds(), page, b, draw.Over, nil)
		data, err := fitting(small)
		if err != nil {
			return nil, err
		}
		all = append(all, Cover{scale, data})
	}
	return all, nil
}

// fitting encodes a picture with the largest palette whose file is small enough.
func fitting(img *image.RGBA) ([]byte, error) {
	var out bytes.Buffer
	for _, colours := range []int{128, 64, 32, 16, 8, 4, 2} {
		out.Reset()
		encoder := png.Encoder{CompressionLevel: png.BestCompression}
		if err := encoder.Encode(&out, paletted(img, colours)); err != nil {
			return nil, err
		}
		if out.Len() <= coverBytes {
			break
		}
	}
	return out.Bytes(), nil
}

// inGrey encodes a picture on white in shades of grey, quickly.
func inGrey(img image.Image) ([]byte, error) {
	b := img.Bounds()
	grey := image.NewGray(image.Rect(0, 0, b.Dx(), b.Dy()))
	draw.Draw(grey, grey.Bounds(), image.White, image.Point{}, draw.Src)
	draw.Draw(grey, grey.Bounds(), img, b.Min, draw.Over)
	var out bytes.Buffer
	encoder := png.Encoder{CompressionLevel: png.BestSpeed}
	err := encoder.Encode(&out, grey)
	return out.Bytes(), err
}

// paletted gives a picture in few colours, chosen by median cut (Heckbert,
// 'Color image quantization for frame buffer display', 1982).
func paletted(img *image.RGBA, colours int) *image.Paletted {
	var all [][3]uint8
	for i := 0; i+3 < len(img.Pix); i += 4 {
		all = append(all, [3]uint8{img.Pix[i], img.Pix[i+1], img.Pix[i+2]})
	}
	boxes := [][][3]uint8{all}
	for len(boxes) < colours {
		widest, channel, most := -1, 0, 0
		for i, box := range boxes {
			if c, spread := widestChannel(box); spread > most {
				widest, channel, most = i, c, spread
			}
		}
		if widest < 0 {
			break
		}
		box := boxes[widest]
		slices.SortFunc(box, func(a, b [3]uint8) int { return cmp.Compare(a[channel], b[channel]) })
		middle := (int(box[0][channel]) + int(box[len(box)-1][channel])) / 2
		at, _ := slices.BinarySearchFunc(box, middle+1, func(c [3]uint8, m int) int { return cmp.Compare(int(c[channel]), m) })
		boxes[widest] = box[:at]
		boxes = append(boxes, box[at:])
	}
	var palette color.Palette
	for _, box := range boxes {
		var sum [3]int
		for _, c := range box {
			for k := range sum {
				sum[k] += int(c[k])
			}
		}
		n := max(len(box), 1)
		palette = append(palette, color.RGBA{uint8(sum[0] / n), uint8(sum[1] / n), uint8(sum[2] / n), 255})
	}
	out := image.NewPaletted(img.Bounds(), palette)
	draw.Draw(out, out.Bounds(), img, image.Point{}, draw.Src)
	return out
}

func widestChannel(box [][3]uint8) (channel, spread int) {
	low, high := [3]uint8{255, 255, 255}, [3]uint8{}
	for _, c := range box {
		for k := range c {
			low[k], high[k] = min(low[k], c[k]), max(high[k], c[k])
		}
	}
	for k := range low {
		if s := int(high[k]) - int(low[k]); s > spread {
			channel, spread = k, s
		}
	}
	return channel, spread
}
