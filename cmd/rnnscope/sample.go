package main

import (
	"bufio"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"rnnscope/core/sample"
	"rnnscope/core/say"
	"rnnscope/core/session"
	"rnnscope/corpora"
)

// sampledToken is a line of `sample --json`.
type sampledToken struct {
	Token       string  `json:"token"`
	ID          int     `json:"id"`
	P           float64 `json:"p"`      // after temperature, top-k and top-p
	PAt1        float64 `json:"p_at_1"` // at temperature 1, nothing cut
	Entropy     float64 `json:"entropy"`
	Temperature float64 `json:"temperature"`
}

func (p *program) sample() *cobra.Command {
	var m modelFlags
	var o sample.Options
	var prompt, stop string
	var seed uint64
	var length int
	var asJSON bool
	c := command(&cobra.Command{
		Use: "sample MODEL", SuggestFor: []string{"generate", "write"},
		Short: "Write text token by token",
		Long: `Let MODEL, a run directory or a .safetensors or .pt file, write. The prompt is fed once
(and not printed); without one the model starts from the start token: <eos> at word level, newline
at character level. The same seed draws the same numbers at every temperature.`,
		Example: `  rnnscope sample RUN --prompt "The heron " --temperature 0.7
  rnnscope sample RUN --temperature 0 --length 200 --json`,
		Args: argumentCount(1, 1, "one MODEL"),
		RunE: func(c *cobra.Command, args []string) error {
			if err := o.Validate(); err != nil {
				return badFlag(err)
			}
			if length < 0 {
				return usage{what: say.Textf("length must be 0 or more, not %d", length)}
			}
			opened, err := p.model(args[0], m, corpora.Options{})
			if err != nil {
				return err
			}
			if opened.Vocab == nil {
				return noVocabulary(args[0])
			}
			w := session.NewWriter(opened.Model.NewStepper(), opened.Vocab, o, seed)
			if unknown := w.Prompt(prompt); unknown > 0 {
				fmt.Fprintf(p.errs, "rnnscope: %s\n", p.say("the model does not know %d of the prompt's tokens", unknown))
			}
			out, live := bufio.NewWriter(p.out), terminal(p.out)
			defer out.Flush()
			defer p.ending()() // what has been written is not cut

			tail := "" // of the text, as long as --stop may span
			for range length {
				if c.Context().Err() != nil {
					return interrupted{say.Textf("the text ends here")}
				}
				choice, err := w.Next()
				if err != nil {
					return err
				}
				token, piece := opened.Vocab.Token(choice.ID), w.Text(choice.ID)
				if asJSON {
					if err := writeJSON(out, sampledToken{token, choice.ID, choice.P, choice.PAt1, choice.Entropy, o.Temperature}); err != nil {
						return err
					}
				} else {
					fmt.Fprint(out, piece)
				}
				if live {
					out.Flush()
				}
				if tail += piece; stop != "" && strings.Contains(tail, stop) {
					break
				}
				tail = tail[max(0, len(tail)-len(stop)):]
			}
			if !asJSON {
				fmt.Fprintln(out)
			}
			return nil
		},
	})
	c.Flags().StringVar(&prompt, "prompt", "", "text to begin with; only what follows it is written")
	c.Flags().IntVar(&length, "length", 500, "tokens to write")
	c.Flags().Float64Var(&o.Temperature, "temperature", 0.8, "divides the logits; 0 always takes the most probable token")
	c.Flags().IntVar(&o.TopK, "top-k", 0, "draw among the k most probable tokens (0: all)")
	c.Flags().Float64Var(&o.TopP, "top-p", 0, "draw among the most probable tokens that together have this probability (0: all)")
	c.Flags().Uint64Var(&seed, "seed", 1, "of the draws")
	c.Flags().StringVar(&stop, "stop", "", "end after this text")
	m.bind(c.Flags())
	c.Flags().BoolVar(&asJSON, "json", false, "print one JSON object a line for every token")
	return c
}
