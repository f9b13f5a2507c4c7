//go:build !unix

// Command budget measures the screen in a pseudo-terminal of Unix.
package main

import (
	"fmt"
	"os"
)

func main() {
	fmt.Fprintln(os.Stderr, "budget: it needs a pseudo-terminal, which only Unix has")
	os.Exit(1)
}
