package main

import (
	"os"

	"github.com/spf13/cobra"
	"github.com/spf13/cobra/doc"
)

// man writes the manual pages, for packagers.
func (p *program) man() *cobra.Command {
	return command(&cobra.Command{
		Use:     "man DIRECTORY",
		Short:   "Write the manual pages into a directory",
		Example: "  rnnscope man /usr/local/share/man/man1",
		Args:    argumentCount(1, 1, "one DIRECTORY"),
		RunE: func(c *cobra.Command, args []string) error {
			if err := os.MkdirAll(args[0], 0o755); err != nil {
				return err
			}
			header := &doc.GenManHeader{Title: "RNNSCOPE", Section: "1", Source: "rnnscope"}
			return doc.GenManTree(c.Root(), header, args[0])
		},
	})
}
