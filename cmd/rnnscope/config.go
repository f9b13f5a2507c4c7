package main

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"rnnscope/core/say"
	"rnnscope/core/session"
	"rnnscope/core/store"
	"rnnscope/tui/words"
)

// inForce is a line of config --json.
type inForce struct {
	Flag  string `json:"flag"`
	Value string `json:"value"`
	From  string `json:"from"` // default, file …, preset …, environment …, flag, run …
}

func (p *program) config() *cobra.Command {
	var f runFlags
	var look screenFlags
	var asJSON bool
	c := command(&cobra.Command{
		Use:   "config [RUN]",
		Short: "What is in force, and where each value comes from",
		Long: `Print the value of every flag of text, model, training and screen, and where it
comes from: default, file, preset, environment or flag, the later over the
earlier; of a RUN, its own. What is printed is a configuration file itself: its
keys are flags, the table [train] is for that command alone and [screen] for the
program without one. It is looked for where the first line says, or --config
names it. RNNSCOPE_LR is the environment's --lr.`,
		Example: `  rnnscope config
  rnnscope config --preset lecture --hidden 256
  rnnscope config RUN             and the command that repeats it`,
		Args: argumentCount(0, 1, "one RUN at most"),
		RunE: func(c *cobra.Command, args []string) error {
			var info *store.Info
			var under *session.Config
			if len(args) > 0 {
				var err error
				if info, err = store.ReadInfo(args[0]); err != nil {
					return err
				}
				under = &session.Config{}
				if err := json.Unmarshal(info.Config, under); err != nil {
					return hinted{what: say.Textf("%s: the configuration in run.json is damaged: %v", args[0], err), try: say.Textf("start a new run from its weights: --from %s", args[0])}
				}
				under.Threads, under.Kernel = f.threads, f.kernel
				f.settled = everything
			}
			config, err := f.config(under)
			if err != nil {
				return err
			}
			lines := p.inForce(c, &f, config, info, args)
			if asJSON {
				for _, l := range lines {
					if err := p.json(l); err != nil {
						return err
					}
				}
				return nil
			}
			p.printConfig(lines, info)
			return nil
		},
	})
	f.text(c.Flags())
	f.model(c.Flags())
	f.training(c.Flags())
	f.limits(c.Flags(), "60s")
	look.bind(c.Flags())
	c.Flags().BoolVar(&asJSON, "json", false, "print one JSON object a flag")
	return c
}

// inForce lists the values in force.
func (p *program) inForce(c *cobra.Command, f *runFlags, config session.Config, info *store.Info, args []string) []inForce {
	values := valuesOf(config)
	var base map[string]string
	if preset := f.presetOf(); preset != nil {
		base = valuesOf(preset.Config)
	}
	defaults := valuesOf(session.Defaults())
	ofText := textValues(info)
	var lines []inForce
	eachFlag(c, func(flag *pflag.Flag) {
		if slices.Contains(own, flag.Name) {
			return
		}
		value, ours := values[flag.Name]
		if !ours {
			value = flag.Value.String()
		}
		from := say.Textf("default")
		found, soft := p.settings.find(tableOf(c), flag.Name)
		switch {
		case flag.Changed:
			from = say.Textf("flag")
		case info != nil && ours && flag.Name != "threads" && flag.Name != "kernel":
			from = say.Textf("run %s", args[0])
		case info != nil && ofText[flag.Name] != "":
			value, from = ofText[flag.Name], say.Textf("run %s", args[0])
		case soft && (!ours || f.asked(flag.Name)):
			from = found.origin
		case base != nil && ours && base[flag.Name] != defaults[flag.Name]:
			from = say.Textf("preset %s", f.preset)
		}
		lines = append(lines, inForce{flag.Name, value, words.Say(p.lang, from)})
	})
	return lines
}

// textValues are the flags of how a run's text was read.
func textValues(info *store.Info) map[string]string {
	if info == nil {
		return nil
	}
	o := info.Corpus.Options
	return map[string]string{
		"level": info.Vocabulary.Level().String(), "tokens": info.Vocabulary.Tokens().String(),
		"min-count": strconv.Itoa(max(1, o.MinCount)), "lowercase": strconv.FormatBool(o.Lowercase), "lossy": strconv.FormatBool(o.Lossy),
		"lines": strconv.FormatBool(o.Lines), "split": shares(o.Split), "valid": o.Valid, "test": o.Test,
	}
}

func shares(split [3]float64) string {
	var parts []string
	for _, s := range split {
		parts = append(parts, strconv.FormatFloat(s, 'g', -1, 64))
	}
	return strings.Join(parts, ",")
}

// printConfig prints a file of TOML.
func (p *program) printConfig(lines []inForce, info *store.Info) {
	switch {
	case info != nil:
		fmt.Fprintln(p.out, "# "+p.say("again: %s", shellLine(info.Command)))
	case p.settings.path == "":
	case p.settings.exists:
		fmt.Fprintln(p.out, "# "+p.settings.path)
	default:
		fmt.Fprintln(p.out, "# "+p.say("%s (there is none)", p.settings.path))
	}
	left := make([]string, len(lines))
	width := 0
	for i, l := range lines {
		left[i] = l.Flag + " = " + tomlValue(l.Value)
		width = max(width, len(left[i]))
	}
	for i, l := range lines {
		if l.Value == "" || l.Value == "NaN" {
			left[i] = "# " + l.Flag + " ="
		}
		fmt.Fprintf(p.out, "%s  # %s\n", pad(left[i], min(width, 40)), l.From)
	}
}

// tomlValue writes numbers and truth values bare, the rest quoted as TOML and
// JSON both do.
func tomlValue(s string) string {
	if _, err := strconv.ParseFloat(s, 64); err == nil && !strings.ContainsAny(s, "xXpP_iIN") && s[0] != '.' {
		return s
	}
	if s == "true" || s == "false" {
		return s
	}
	quoted, err := json.Marshal(s)
	if err != nil {
		return strconv.Quote(s)
	}
	return string(quoted)
}

// valuesOf are the flags that a configuration answers for, as they would be
// written.
func valuesOf(c session.Config) map[string]string {
	number := func(x float64) string { return strconv.FormatFloat(x, 'g', -1, 64) }
	forget := ""
	if c.Forget != nil {
		forget = number(*c.Forget)
	}
	activation := c.Model.Activation
	if activation == "" {
		activation = "tanh"
	}
	return map[string]string{
		"cell": c.Model.Cell, "activation": activation, "layers": strconv.Itoa(c.Model.Layers),
		"hidden": strconv.Itoa(c.Model.Hidden), "embed": strconv.Itoa(c.Model.Embed), "dropout": number(c.Model.Dropout),
		"tie": strconv.FormatBool(c.Model.Tie), "init": c.Init, "forget-bias": forget,
		"batch": strconv.Itoa(c.Batch), "window": strconv.Itoa(c.Window), "optimizer": c.Train.Optimizer,
		"lr": number(c.Train.LR), "schedule": c.Train.Schedule.String(), "clip": number(c.Train.Clip), "clip-value": number(c.Train.ClipValue),
		"weight-decay": number(c.Train.WeightDecay), "seed": strconv.FormatUint(c.Train.Seed, 10),
		"threads": strconv.Itoa(c.Threads), "kernel": c.Kernel,
		"updates": strconv.FormatInt(c.Updates, 10), "epochs": number(c.Epochs), "for": c.For.String(),
		"eval-every": strconv.FormatInt(c.EvalEvery, 10), "save-every": saveEvery(c),
		"history": strconv.FormatInt(c.History>>20, 10), "tensorboard": strconv.FormatBool(c.TensorBoard),
	}
}
