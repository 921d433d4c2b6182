// Command waymark is an open library for people who protect others from human
// trafficking: `waymark serve` opens it in a browser.
package main

import (
	"os"

	"waymark/app"
)

func main() { os.Exit(app.Main(os.Args[1:], os.Stdin, os.Stdout, os.Stderr)) }
