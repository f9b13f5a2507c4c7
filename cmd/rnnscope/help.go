package main

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/charmbracelet/x/ansi"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"rnnscope/core/say"
)

// flagGroups are the headings under which commands with many flags list them.
// A flag of such a command that no group names is listed last.
var flagGroups = []struct {
	heading say.Phrase
	flags   []string
}{
	{"Text flags:", []string{"level", "tokens", "min-count", "lowercase", "lossy", "lines", "split", "valid", "test"}},
	{"Model flags:", []string{"preset", "cell", "activation", "layers", "hidden", "embed", "dropout", "tie", "init", "forget-bias", "vocab-size"}},
	{"Training flags:", []string{"batch", "window", "optimizer", "lr", "schedule", "clip", "clip-value", "weight-decay", "seed", "threads", "kernel"}},
	{"Limits:", []string{"updates", "epochs", "for", "eval-every", "save-every", "history"}},
	{"Run flags:", []string{"out", "resume", "from", "vocab", "config", "tensorboard", "force", "json", "suite", "peer", "markdown"}},
	{"Question flags:", []string{"end", "pairs", "order", "smoothing", "task", "lag", "seeds", "input", "layer", "windows", "ids", "check", "truncate"}},
	{"Screen flags:", []string{"lang", "theme", "color", "ascii"}},
}

const (
	otherFlags = say.Phrase("Other flags:")
	manyFlags  = 20  // from which a list needs headings
	narrowest  = 60  // columns that help is made for at least,
	widest     = 100 // and at most
)

// helpful gives the finished tree of commands its help: in the language of the
// program, wrapped to the terminal, long lists of flags under headings.
func (p *program) helpful(root *cobra.Command) {
	root.SetHelpCommand(p.helpCommand())
	root.SetUsageFunc(p.usage)
	root.SetHelpFunc(func(c *cobra.Command, _ []string) {
		for _, line := range paragraphs(cmp.Or(c.Long, c.Short)) {
			fmt.Fprintln(c.OutOrStdout(), strings.Join(wrap(line, p.room()), "\n"))
		}
		fmt.Fprintln(c.OutOrStdout())
		p.usage(c)
	})
	root.SetVersionTemplate(p.say("rnnscope version %s", root.Version) + "\n")
	root.InitDefaultHelpCmd()
	root.InitDefaultCompletionCmd()
	p.completions(root)
	root.InitDefaultVersionFlag()
	root.Flags().Lookup("version").Usage = "print the version"
	p.localize(root)
}

// paragraphs joins the lines of each paragraph of a text, whatever they were broken
// for. Lines that are indented, and empty ones, stand alone.
func paragraphs(text string) []string {
	var out []string
	joins := false
	for line := range strings.SplitSeq(text, "\n") {
		alone := line == "" || strings.HasPrefix(line, " ")
		if joins && !alone {
			out[len(out)-1] += " " + line
		} else {
			out = append(out, line)
		}
		joins = !alone
	}
	return out
}

// helpCommand is cobra's, with our words and exit status.
func (p *program) helpCommand() *cobra.Command {
	return command(&cobra.Command{
		Use:     "help [COMMAND]",
		Short:   "Help on a command",
		Example: "  rnnscope help train",
		RunE: func(c *cobra.Command, args []string) error {
			about, rest, err := c.Root().Find(args)
			if err != nil || len(rest) > 0 {
				return usage{what: say.Textf("no command is called %q", strings.Join(args, " ")), try: seeHelp(c.Root())}
			}
			return about.Help()
		},
	})
}

// completions puts our words on cobra's commands for shell completions.
func (p *program) completions(root *cobra.Command) {
	for _, c := range root.Commands() {
		if c.Name() != "completion" {
			continue
		}
		c.Short, c.Long = "Write the completions of a shell", "Write a script that lets the shell complete commands and flags."
		c.Example = "  source <(rnnscope completion bash)"
		var shells []string
		for _, shell := range c.Commands() {
			shells = append(shells, shell.Name())
		}
		c.Args = cobra.ArbitraryArgs
		c.RunE = func(c *cobra.Command, args []string) error {
			if len(args) > 0 {
				return usage{what: say.Textf("there are no completions for %q", args[0]), try: say.Textf("one of: %s", strings.Join(shells, ", "))}
			}
			return c.Help()
		}
		for _, shell := range c.Commands() {
			shell.Short, shell.Args = "Completions for "+shell.Name(), noArgument
			shell.Long = map[string]string{
				"bash":       "Completions for bash, which needs the package bash-completion.",
				"zsh":        "Completions for zsh. They need: autoload -U compinit; compinit",
				"fish":       "Completions for fish.",
				"powershell": "Completions for PowerShell. To have them always, add them to its profile.",
			}[shell.Name()]
			shell.Example = map[string]string{
				"bash":       "  source <(rnnscope completion bash)                                now\n  rnnscope completion bash > /etc/bash_completion.d/rnnscope        always",
				"zsh":        "  source <(rnnscope completion zsh)                                 now\n  rnnscope completion zsh > \"${fpath[1]}/_rnnscope\"                 always",
				"fish":       "  rnnscope completion fish | source                                 now\n  rnnscope completion fish > ~/.config/fish/completions/rnnscope.fish   always",
				"powershell": "  rnnscope completion powershell | Out-String | Invoke-Expression   now",
			}[shell.Name()]
			if f := shell.Flags().Lookup("no-descriptions"); f != nil {
				f.Usage = "without descriptions"
			}
		}
	}
}

// localize puts a command and those below it into the language of the program.
// Commands and flags are written in plain English; their Chinese is looked up.
func (p *program) localize(c *cobra.Command) {
	c.InitDefaultHelpFlag()
	c.Flags().Lookup("help").Usage = "print this help"
	c.Short, c.Long, c.Example = p.phrase(c.Short), p.phrase(c.Long), p.examples(c.Example)
	c.LocalFlags().VisitAll(func(f *pflag.Flag) {
		f.Usage, f.DefValue = p.phrase(f.Usage), p.phrase(f.DefValue)
	})
	for _, sub := range c.Commands() {
		p.localize(sub)
	}
}

// examples translates what stands behind each command, two spaces away.
func (p *program) examples(text string) string {
	lines := strings.Split(text, "\n")
	for i, line := range lines {
		if at := strings.LastIndex(line, "  ") + 2; at > 2 && line[:at-2] != "" && strings.TrimSpace(line[:at]) != "" {
			lines[i] = line[:at] + p.phrase(line[at:])
		}
	}
	return strings.Join(lines, "\n")
}

// usage prints how a command is called: what cobra's own template prints, but
// for flags.
func (p *program) usage(c *cobra.Command) error {
	out := c.OutOrStdout()
	fmt.Fprintln(out, p.phrase("Usage:"))
	if c.Runnable() {
		line, some := strings.CutSuffix(c.UseLine(), " [flags]")
		if some {
			line += " " + p.phrase("[flags]")
		}
		fmt.Fprintf(out, "  %s\n", line)
	}
	if c.HasAvailableSubCommands() {
		fmt.Fprintf(out, "  %s [COMMAND]\n", c.CommandPath())
	}
	if c.HasExample() {
		fmt.Fprintf(out, "\n%s\n%s\n", p.phrase("Examples:"), c.Example)
	}
	if c.HasAvailableSubCommands() {
		fmt.Fprintf(out, "\n%s\n", p.phrase("Commands:"))
		for _, sub := range c.Commands() {
			if sub.IsAvailableCommand() {
				fmt.Fprintf(out, "  %s %s\n", pad(sub.Name(), sub.NamePadding()), sub.Short)
			}
		}
	}
	for _, g := range groups(c) {
		fmt.Fprintf(out, "\n%s\n", p.phrase(string(g.heading)))
		p.flags(out, g.flags)
	}
	if c.HasAvailableSubCommands() {
		fmt.Fprintf(out, "\n%s\n", p.say(`Use "%s COMMAND --help" for more about a command.`, c.CommandPath()))
	}
	return nil
}

// group is a list of flags under a heading.
type group struct {
	heading say.Phrase
	flags   []*pflag.Flag
}

// groups are the flags of a command as its help lists them.
func groups(c *cobra.Command) []group {
	var all []*pflag.Flag
	c.LocalFlags()     // these two see to it that a command
	c.InheritedFlags() // has the flags of those above it
	c.Flags().VisitAll(func(f *pflag.Flag) {
		if !f.Hidden && f.Deprecated == "" {
			all = append(all, f)
		}
	})
	if len(all) < manyFlags {
		return []group{{"Flags:", all}}
	}
	var out []group
	for _, g := range flagGroups {
		var flags []*pflag.Flag
		for _, name := range g.flags {
			if i := slices.IndexFunc(all, func(f *pflag.Flag) bool { return f.Name == name }); i >= 0 {
				flags = append(flags, all[i])
				all = slices.Delete(all, i, i+1)
			}
		}
		if len(flags) > 0 {
			out = append(out, group{g.heading, flags})
		}
	}
	return append(out, group{otherFlags, all})
}

// room is the number of columns that help fills.
func (p *program) room() int { return min(max(columns(p.out), narrowest), widest) }

// flags prints flags in two columns, the second wrapped.
func (p *program) flags(out io.Writer, flags []*pflag.Flag) {
	n := len(flags)
	names, texts, defaults := make([]string, n), make([]string, n), make([]string, n)
	width := 0
	for i, f := range flags {
		kind, text := pflag.UnquoteUsage(f)
		names[i] = "      --" + f.Name
		if f.Shorthand != "" {
			names[i] = "  -" + f.Shorthand + ", --" + f.Name
		}
		if kind != "" {
			names[i] += " " + p.phrase(kind)
		}
		if !slices.Contains([]string{"", "0", "false", "NaN"}, f.DefValue) {
			defaults[i] = p.say(" (default %s)", f.DefValue)
		}
		texts[i] = text
		width = max(width, ansi.StringWidth(names[i])+3)
	}
	for i, name := range names {
		for _, line := range wrap(texts[i], p.room()-width, defaults[i]) {
			fmt.Fprintf(out, "%s%s\n", pad(name, width), line)
			name = ""
		}
	}
}
