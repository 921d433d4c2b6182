// Command generate prepares the outlines of countries for maps: it reads the
// TopoJSON of Natural Earth 1:110m (public domain) as the npm package
// world-atlas 2.0.2 (ISC) has it, projects it by Equal Earth (Šavrič, Patterson
// and Jenny 2018) onto a drawing of 900 by 438 units, and writes a line for each
// country and, marked by ~, each disputed or not agreed border:
//
//	go run ./site/outlines/generate countries-110m.json > site/outlines/world.txt
package main

import (
	"encoding/json"
	"fmt"
	"log"
	"math"
	"os"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/text/language"
)

type topology struct {
	Transform struct{ Scale, Translate [2]float64 }
	Arcs      [][][2]float64
	Objects   struct {
		Countries struct {
			Geometries []geometry
		}
	}
}

type geometry struct {
	Type       string
	ID         string
	Arcs       json.RawMessage
	Properties struct{ Name string }
}

// disputed names pairs of neighbours whose border is disputed or not agreed.
var disputed = []string{"EH MA", "IN PK", "CN IN", "IL PS", "KP KR", "SD SS", "EG SD", "RS XK", "CY XC", "SO XS", "CN PK", "AF PK"}

// filled says with which country a part without a code of its own is filled.
var filled = map[string]string{"XC": "CY", "XS": "SO"}

func main() {
	log.SetFlags(0)
	raw, err := os.ReadFile(os.Args[1])
	if err != nil {
		log.Fatal(err)
	}
	var t topology
	if err := json.Unmarshal(raw, &t); err != nil {
		log.Fatal(err)
	}
	points := t.points()
	owners := map[int][]string{} // of each arc
	paths := map[string]string{}
	for _, g := range t.Objects.Countries.Geometries {
		for _, rings := range g.polygons() {
			code := g.code()
			if code == "AQ" {
				continue
			}
			if code == "RU" && crimea(points, rings[0]) {
				code = "UA" // as the General Assembly has it, resolution 68/262
			}
			fill := code
			if f, ok := filled[code]; ok {
				fill = f
			}
			for _, ring := range rings {
				paths[fill] += ringPath(points, ring)
				for _, a := range ring {
					n := arcOf(a)
					owners[n] = append(owners[n], code)
				}
			}
		}
	}
	write(points, owners, paths)
}

func write(points [][][2]float64, owners map[int][]string, paths map[string]string) {
	codes := []string{}
	for c := range paths {
		codes = append(codes, c)
	}
	slices.Sort(codes)
	for _, c := range codes {
		fmt.Printf("%s %s\n", c, paths[c])
	}
	arcs := []int{}
	for a := range owners {
		arcs = append(arcs, a)
	}
	slices.Sort(arcs)
	for _, a := range arcs {
		pair := slices.Clone(owners[a])
		slices.Sort(pair)
		if slices.Contains(disputed, strings.Join(pair, " ")) {
			fmt.Printf("~ %s\n", draw(points[a], false))
		}
	}
}

// points decodes the arcs: steps of whole numbers, scaled and moved.
func (t topology) points() [][][2]float64 {
	out := make([][][2]float64, len(t.Arcs))
	for i, arc := range t.Arcs {
		var at [2]float64
		for _, step := range arc {
			at[0], at[1] = at[0]+step[0], at[1]+step[1]
			out[i] = append(out[i], [2]float64{at[0]*t.Transform.Scale[0] + t.Transform.Translate[0], at[1]*t.Transform.Scale[1] + t.Transform.Translate[1]})
		}
	}
	return out
}

func (g geometry) polygons() [][][]int {
	var many [][][]int
	if g.Type == "MultiPolygon" {
		if err := json.Unmarshal(g.Arcs, &many); err != nil {
			log.Fatal(err)
		}
		return many
	}
	many = make([][][]int, 1)
	if err := json.Unmarshal(g.Arcs, &many[0]); err != nil {
		log.Fatal(err)
	}
	return many
}

// code gives the ISO 3166-1 code of two letters.
func (g geometry) code() string {
	switch g.Properties.Name {
	case "Kosovo":
		return "XK"
	case "N. Cyprus":
		return "XC"
	case "Somaliland":
		return "XS"
	}
	n, err := strconv.Atoi(g.ID)
	if err != nil {
		log.Fatalf("%s has no number", g.Properties.Name)
	}
	r, err := language.EncodeM49(n)
	if err != nil {
		log.Fatal(err)
	}
	return r.String()
}

func arcOf(a int) int {
	if a < 0 {
		return ^a
	}
	return a
}

func ringPoints(points [][][2]float64, ring []int) (out [][2]float64) {
	for _, a := range ring {
		arc := slices.Clone(points[arcOf(a)])
		if a < 0 {
			slices.Reverse(arc)
		}
		out = append(out, arc...)
	}
	for i := 1; i < len(out); i++ { // a ring goes on over the antimeridian
		for out[i][0]-out[i-1][0] > 180 {
			out[i][0] -= 360
		}
		for out[i][0]-out[i-1][0] < -180 {
			out[i][0] += 360
		}
	}
	return out
}

// crimea tells whether a ring lies about 34° E, 45.5° N.
func crimea(points [][][2]float64, ring []int) bool {
	var x, y float64
	all := ringPoints(points, ring)
	for _, p := range all {
		x, y = x+p[0]/float64(len(all)), y+p[1]/float64(len(all))
	}
	return math.Abs(x-34.35) < 1 && math.Abs(y-45.5) < 1
}

func ringPath(points [][][2]float64, ring []int) string { return draw(ringPoints(points, ring), true) }

// draw writes a line as a path of SVG, in whole units and relative steps.
func draw(line [][2]float64, closed bool) string {
	var b strings.Builder
	var x, y, n int
	for i, p := range line {
		px, py := project(p)
		if i > 0 && px == x && py == y {
			continue
		}
		if i == 0 {
			fmt.Fprintf(&b, "M%d,%dl", px, py)
		} else {
			if n++; n > 1 && px >= x {
				b.WriteByte(' ')
			}
			fmt.Fprintf(&b, "%d,%d", px-x, py-y)
		}
		x, y = px, py
	}
	if n < 2 && closed {
		return ""
	}
	if closed {
		b.WriteByte('z')
	}
	return b.String()
}

const width = 900

// project is the Equal Earth projection, north up.
func project(p [2]float64) (x, y int) {
	const a1, a2, a3, a4 = 1.340264, -0.081106, 0.000893, 0.003796
	m := math.Sqrt(3) / 2
	t := math.Asin(m * math.Sin(p[1]*math.Pi/180))
	t2 := t * t
	t6 := t2 * t2 * t2
	px := p[0] * math.Pi / 180 * math.Cos(t) / (m * (a1 + 3*a2*t2 + t6*(7*a3+9*a4*t2)))
	py := t * (a1 + a2*t2 + t6*(a3+a4*t2))
	scale := width / (2 * 2.70663)
	return int(math.Round(width/2 + px*scale)), int(math.Round(218 - py*scale))
}
