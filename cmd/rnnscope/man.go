package main

import (
	"os"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/cobra/doc"
	"github.com/spf13/pflag"
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
			root := c.Root()
			root.DisableAutoGenTag = true
			literal(root)
			return doc.GenManTree(root, &doc.GenManHeader{Section: "1", Source: "rnnscope"}, args[0])
		},
	})
}

// literal keeps <unk> and <eos> from being taken for markup, which the texts of
// a command and of those below it become on their way to a manual page.
func literal(c *cobra.Command) {
	escape := func(s string) string { return strings.ReplaceAll(s, "<", `\<`) }
	c.Short, c.Long = escape(c.Short), escape(c.Long)
	c.Flags().VisitAll(func(f *pflag.Flag) { f.Usage = escape(f.Usage) })
	for _, sub := range c.Commands() {
		literal(sub)
	}
}
