package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"rnnscope/core/say"
	"rnnscope/corpora"
)

// listedDownload is a line of `corpora list --json` for a text of the catalogue.
type listedDownload struct {
	Name   string `json:"name"`
	Kind   string `json:"kind"`
	Level  string `json:"level"`
	Title  string `json:"title"`
	Notice string `json:"notice"`
	Bytes  int64  `json:"bytes"`
}

func (p *program) listDownloads(asJSON bool) error {
	for _, d := range corpora.Catalogue() {
		if asJSON {
			if err := p.json(listedDownload{d.Name, "download", d.Level.String(), d.Title, d.Notice, d.Bytes()}); err != nil {
				return err
			}
			continue
		}
		fmt.Fprintln(p.out, p.row(d.Name, "download", d.Level, p.say("%s (%s bytes, %s)", p.titled(d.Title, d.TitleZH), thousands(d.Bytes()), say.Phrase(d.Notice))))
	}
	return nil
}

func (p *program) corporaGet() *cobra.Command {
	var agree bool
	c := command(&cobra.Command{
		Use:   "get NAME",
		Short: "Download a text of the catalogue into the cache",
		Long: `Download a text of the catalogue into the cache, from where it is then opened by
its name. Only files with the very bytes of the catalogue are used. Without a
network the message says which file to put where by hand.`,
		Example: "  rnnscope corpora get tinyshakespeare && rnnscope train tinyshakespeare",
		Args:    argumentCount(1, 1, "one NAME"),
		RunE: func(c *cobra.Command, args []string) error {
			l := p.lines(p.errs)
			defer p.ending()()
			paths, err := corpora.Get(c.Context(), args[0], corpora.GetOptions{
				Confirmed: agree,
				Progress: func(f *corpora.File, read int64) {
					l.status(l.say("%s: %d %% of %s bytes", f.Name, 100*read/max(1, f.Bytes), thousands(f.Bytes)))
				},
			})
			l.status("")
			if c.Context().Err() != nil {
				return interrupted{say.Textf("nothing was kept of what had not arrived whole")}
			}
			for _, path := range paths {
				fmt.Fprintln(p.out, path)
			}
			return err
		},
	})
	c.Flags().BoolVar(&agree, "yes", false, "agree to the conditions of a text that has any")
	return c
}
