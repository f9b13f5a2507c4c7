// Command gen writes the amd64 kernels: kernels_amd64.s and, with a Go stub and
// its meaning for each of them, kernels_amd64.go.
//
//	main.go ─ the list of kernels
//	  isa.go ─ what differs between AVX-512 and AVX2: width, tails, constants
//	  products.go, pack.go, elementwise.go, cells.go, reductions.go, optimizers.go
//
// Every kernel is written once, over an isa, and emitted for both instruction
// sets, so that the two cannot drift apart: they perform the same operations on
// every element in the same order.
//
// Run it through go generate in core/kernel. With -check DIR it writes nothing
// and fails if the files in DIR are not those it would write.
package main

import (
	"bytes"
	"flag"
	"fmt"
	"log"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/mmcloughlin/avo/build"
	"github.com/mmcloughlin/avo/ir"
	"github.com/mmcloughlin/avo/pass"
	"github.com/mmcloughlin/avo/printer"
)

func main() {
	flags := flag.NewFlagSet("gen", flag.ExitOnError) // avo has taken the global one
	out := flags.String("out", ".", "directory to write to")
	check := flags.String("check", "", "directory whose files to compare instead")
	flags.Parse(os.Args[1:])
	if err := run(*out, *check); err != nil {
		fmt.Fprintln(os.Stderr, "gen:", err)
		os.Exit(1)
	}
}

func run(out, check string) error {
	asm, stubs, err := generate()
	if err != nil {
		return err
	}
	for _, f := range []struct {
		name string
		want []byte
	}{{"kernels_amd64.s", asm}, {"kernels_amd64.go", stubs}} {
		if check == "" {
			if err := os.WriteFile(filepath.Join(out, f.name), f.want, 0o644); err != nil {
				return err
			}
			continue
		}
		got, err := os.ReadFile(filepath.Join(check, f.name))
		if err != nil {
			return err
		}
		if !bytes.Equal(got, f.want) {
			return fmt.Errorf("%s is not what this generator writes; run go generate in core/kernel", f.name)
		}
	}
	return nil
}

// generate compiles all kernels to assembly and stubs.
func generate() (asm, stubs []byte, err error) {
	c := build.NewContext()
	c.ConstraintExpr("!purego")
	table := &table{}
	for _, v := range []*isa{
		{Context: c, table: table, suffix: "AVX512", width: 16, tall: 14},
		{Context: c, table: table, suffix: "AVX2", width: 8, tall: 6},
	} {
		v.products()
		v.packs()
		v.elementwise()
		v.cells()
		v.reductions()
		v.optimizers()
	}
	table.emit(c)
	file, err := c.Result()
	if err != nil {
		build.LogError(log.New(os.Stderr, "", 0), err, 10)
		return nil, nil, err
	}
	if err := pass.Compile.Execute(file); err != nil {
		return nil, nil, err
	}
	if err := verify(file); err != nil {
		return nil, nil, err
	}
	config := printer.Config{Name: "core/kernel/gen", Pkg: "kernel"}
	if asm, err = printer.NewGoAsm(config).Print(file); err != nil {
		return nil, nil, err
	}
	stubs, err = printer.NewStubs(config).Print(file)
	return asm, stubs, err
}

// needs is what Available asks the processor for, by the suffix of the kernels
// that may use it. MMX+ is what the manuals file prefetching under; every amd64
// processor has it.
var needs = map[string][]string{
	"AVX512": {"MMX+", "AVX", "AVX2", "FMA3", "BMI2", "AVX512F", "AVX512DQ", "AVX512VL"},
	"AVX2":   {"MMX+", "AVX", "AVX2", "FMA3", "BMI2"},
}

// wide matches registers that AVX2 does not have.
var wide = regexp.MustCompile(`\b([XY](1[6-9]|2\d|3[01])|Z\d+|K\d)\b`)

// verify reports a kernel that uses an instruction or register beyond its set:
// given too many live values, the allocator would use AVX-512's upper registers
// for AVX2.
func verify(file *ir.File) error {
	for _, f := range file.Functions() {
		suffix := "AVX2"
		if strings.HasSuffix(f.Name, "AVX512") {
			suffix = "AVX512"
		}
		for _, isa := range f.ISA {
			if !slices.Contains(needs[suffix], isa) {
				return fmt.Errorf("%s needs %s", f.Name, isa)
			}
		}
		if suffix == "AVX512" {
			continue
		}
		for _, i := range f.Instructions() {
			for _, op := range i.Operands {
				if wide.MatchString(op.Asm()) {
					return fmt.Errorf("%s uses %s: too many values are live", f.Name, op.Asm())
				}
			}
		}
	}
	return nil
}
