package main

import (
	"slices"
	"strings"

	"github.com/spf13/pflag"
)

// unlike are the flags that make no difference to what is trained.
var unlike = []string{"help", "version", "config", "resume", "force", "json", "out", "lang", "theme", "color", "ascii"}

// commandLine is the call that trains the same model again: the command, the
// text, and the flags that were given or that settings made hold.
func (p *program) commandLine(f *runFlags, text string) []string {
	line := append(strings.Fields(p.running.CommandPath()), text)
	eachFlag(p.running, func(flag *pflag.Flag) {
		if slices.Contains(unlike, flag.Name) || !flag.Changed && (softOf(flag) == "" || !f.asked(flag.Name)) {
			return
		}
		if flag.Value.Type() == "bool" {
			line = append(line, "--"+flag.Name+"="+flag.Value.String())
			return
		}
		line = append(line, "--"+flag.Name, flag.Value.String())
	})
	return line
}

// shellLine quotes a command line for a shell.
func shellLine(words []string) string {
	quoted := make([]string, len(words))
	for i, w := range words {
		if quoted[i] = w; w == "" || strings.ContainsAny(w, " \t\n\"'`$&|;<>()*?[]{}~#!\\") {
			quoted[i] = "'" + strings.ReplaceAll(w, "'", `'\''`) + "'"
		}
	}
	return strings.Join(quoted, " ")
}
