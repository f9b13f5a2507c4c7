// Command rnnscope is a microscope for recurrent networks, in a terminal.
package main

import (
	"context"
	"io"
	"os"
	"os/signal"
	"syscall"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	defer stop()
	os.Exit(run(ctx, os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
}

// run is the whole program; what it returns is the exit status of cli.go.
func run(ctx context.Context, args []string, in io.Reader, out, errs io.Writer) int {
	p := &program{in: in, out: out, errs: errs}
	root := p.root()
	root.SetArgs(args)
	err := root.ExecuteContext(ctx)
	return p.report(err)
}
