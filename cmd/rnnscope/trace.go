package main

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"rnnscope/core/probe"
	"rnnscope/core/sample"
	"rnnscope/core/say"
	"rnnscope/core/scope"
	"rnnscope/corpora"
)

func (p *program) trace() *cobra.Command {
	var m modelFlags
	var ids, ablate, next string
	var influence, asJSON bool
	c := command(&cobra.Command{
		Use:   "trace MODEL SENTENCE",
		Short: "Everything the network did, step by step",
		Long: `Read SENTENCE, or the token ids of --ids, from a zero state and print what the
network did at every step: surprisal of the token given those before it, entropy
of the prediction after it, hidden and cell states, gates, logits.
Nothing stands before the first token, which has no surprisal: score, which reads
a start token first, gives the others probabilities of its own.

--influence says how much each earlier token speaks for the last one, or, with
--next, for that token after the whole sentence: the norm of the gradient of its
log-probability in the token's embedding; that gradient times the embedding; and
the log-probability lost when the embedding is zeroed and when the token is left
out. The four ask different questions and differ. The last two are computed
anew for every token, so a sentence twice as long takes four times as long.

--ablate holds hidden units at 0 at every step, before the next step, the layer
above or the output reads them. Layers and units count from 0, as tensor names
do: 1:93 is unit 93 of the layer of rnn.weight_hh_l1.`,
		Example: `  rnnscope trace RUN "The keys to the cabinet are"
  rnnscope trace RUN "The keys to the cabinet" --influence --next are
  rnnscope trace RUN "if (a[1])" --ablate 0:17,0:93
  rnnscope trace model.safetensors --ids 4,8,15 --json`,
		Args: argumentCount(1, 2, "MODEL and SENTENCE"),
		RunE: func(c *cobra.Command, args []string) error {
			if (len(args) == 2) == (ids != "") {
				return usage{what: say.Textf("trace needs either a SENTENCE or --ids"), try: say.Textf("see rnnscope trace --help")}
			}
			if next != "" && !influence {
				return usage{what: say.Textf("--next says which token --influence is on"), try: say.Textf("add --influence")}
			}
			opened, err := p.model(args[0], m, corpora.Options{})
			if err != nil {
				return err
			}
			var ask probe.Ask
			if ask.Changes, err = parseUnits(ablate, opened.Model); err != nil {
				return err
			}
			var sequence []int32
			token := func(i int) string { return strconv.Itoa(int(sequence[i])) }
			if ids != "" {
				if sequence, err = parseIDs(ids, opened.Model.Vocab); err != nil {
					return err
				}
				if opened.Vocab != nil {
					token = func(i int) string { return opened.Vocab.Token(int(sequence[i])) }
				}
			} else {
				if opened.Vocab == nil {
					return noVocabulary(args[0])
				}
				sequence, token = encoded(opened.Vocab, args[1])
			}
			if len(sequence) == 0 {
				return usage{what: say.Textf("the sentence is empty"), try: say.Textf("give at least one token")}
			}
			t, err := probe.Trace(opened.Model, sequence, token, ask)
			if err != nil {
				return err
			}
			t.Model = args[0]
			for _, u := range ask.Changes.Units {
				t.Ablated = append(t.Ablated, fmt.Sprintf("%d:%d", u.Layer, u.Unit))
			}
			name := strconv.Itoa
			if opened.Vocab != nil {
				name = opened.Vocab.Token
			}
			if influence {
				at, target, err := predicted(next, sequence, opened)
				if err != nil {
					return err
				}
				progress := newLines(p.errs)
				ask.Progress = func(done, total int) {
					if time.Since(progress.last) >= progressEvery {
						progress.last = time.Now()
						progress.status(p.say("influence: %s of %s sentences read", thousands(int64(done)), thousands(int64(total))))
					}
				}
				t.Influence, err = probe.Influence(opened.Model, sequence, at, target, true, ask)
				progress.status("")
				if err != nil {
					return err
				}
				t.Influence.Token = name(target)
			}
			if asJSON {
				return p.json(t)
			}
			p.printTrace(t, name)
			if influence {
				p.printInfluence(t)
			}
			return nil
		},
	})
	c.Flags().StringVar(&ids, "ids", "", "token ids by comma instead of a sentence")
	c.Flags().BoolVar(&influence, "influence", false, "how much each token speaks for the last one")
	c.Flags().StringVar(&next, "next", "", "with --influence: for this token (an id without a vocabulary) after the sentence")
	c.Flags().StringVar(&ablate, "ablate", "", "hold these hidden units at 0: LAYER:UNIT by comma, from 0")
	m.bind(c.Flags())
	c.Flags().BoolVar(&asJSON, "json", false, "print one JSON object with every number")
	return c
}

func parseIDs(s string, vocab int) ([]int32, error) {
	var ids []int32
	for part := range strings.SplitSeq(s, ",") {
		id, err := strconv.Atoi(strings.TrimSpace(part))
		if err != nil || id < 0 || id >= vocab {
			return nil, usage{what: say.Textf("ids must be numbers from 0 to %d, not %q", vocab-1, part)}
		}
		ids = append(ids, int32(id))
	}
	return ids, nil
}

// printTrace prints a table for people: one line a token, the size of each
// layer's state in place of its numbers.
func (p *program) printTrace(t *scope.Trace, name func(id int) string) {
	states := max(12, 8*len(t.Steps[0].Layers)) // columns
	fmt.Fprintf(p.out, "%s  %s  %s  %s  %s  %s\n", padLeft(p.say("step"), 4), padLeft(p.say("surprisal"), 9), padLeft(p.say("entropy"), 7),
		pad(p.say("|h| by layer"), states), pad(p.say("token"), 10), p.say("likeliest next"))
	for i, s := range t.Steps {
		fmt.Fprintf(p.out, "%4d  %s  %s ", i+1, nats(s.Surprisal, 9), nats(s.Entropy, 7))
		for _, l := range s.Layers {
			sum := 0.0
			for _, x := range l.H {
				sum += float64(x) * float64(x)
			}
			fmt.Fprintf(p.out, " %7.3f", math.Sqrt(sum))
		}
		token := strconv.Quote(s.Token)
		if s.ID < 0 {
			token += p.say(" unknown")
		}
		fmt.Fprintf(p.out, "%*s  %s ", states-8*len(s.Layers), "", pad(token, 10))
		for _, c := range likeliest(s.Logits, 3) {
			fmt.Fprintf(p.out, "  %s %.2f", strconv.Quote(name(c.ID)), c.PAt1)
		}
		fmt.Fprintln(p.out)
	}
	fmt.Fprintln(p.out, p.say("surprisal and entropy in nats; --json prints every state, gate and logit"))
	if len(t.Ablated) > 0 {
		fmt.Fprintln(p.out, p.say("ablated: %s", strings.Join(t.Ablated, " ")))
	}
	if t.Unknown > 0 {
		fmt.Fprintf(p.errs, "rnnscope: %s\n", p.say("the model does not know %d of the tokens; it read them as zeros", t.Unknown))
	}
}

// likeliest are the n most probable next tokens, none when logits are broken.
func likeliest(logits []float32, n int) []sample.Choice {
	c := sample.NewChooser(sample.Options{Temperature: 1})
	if c.Weigh(logits) != nil {
		return nil
	}
	var all []sample.Choice
	for id, p := range c.Probabilities() {
		all = append(all, sample.Choice{ID: id, PAt1: p})
	}
	slices.SortStableFunc(all, func(a, b sample.Choice) int { return cmp.Compare(b.PAt1, a.PAt1) })
	return all[:min(n, len(all))]
}

// nats writes a figure that may be missing.
func nats(x *float64, width int) string {
	if x == nil {
		return fmt.Sprintf("%*s", width, "-")
	}
	return fmt.Sprintf("%*.3f", width, *x)
}
