package main

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/adrg/xdg"
	toml "github.com/pelletier/go-toml/v2"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"rnnscope/core/say"
	"rnnscope/tui/words"
)

// setting is a flag's value that does not come from the command line. The
// stronger holds, of
//
//	default, file, environment (RNNSCOPE_LR for --lr), flag
//
// A preset lies under what it is named beside: one named on the command line
// over the file, one named in the file under the rest of the file.
type setting struct {
	value  string
	kind   string   // fromFile or fromEnvironment
	origin say.Text // in words, with the place
}

const (
	fromFile        = "file"
	fromEnvironment = "environment"
	softly          = "softly" // the annotation of a flag that one of them has set
)

// softOf is the kind of the setting that a flag has its value from, "" when it
// has it from elsewhere.
func softOf(f *pflag.Flag) string {
	if f == nil || f.Changed || len(f.Annotations[softly]) == 0 {
		return ""
	}
	return f.Annotations[softly][0]
}

// settings are the values of a configuration file and the environment, before it
// is known which command takes which.
type settings struct {
	path   string // of the file; "" when none is looked for
	exists bool
	file   map[string]string            // by flag
	tables map[string]map[string]string // by command, then by flag
	getenv func(string) string
}

// own are the flags that say what one call does: nobody's default.
var own = []string{"help", "version", "config", "resume", "from", "force", "json", "out"}

const (
	envPrefix   = "RNNSCOPE_"
	screenTable = "screen" // of the program called without a command
)

// configFile is where the file is looked for.
func configFile() string { return filepath.Join(xdg.ConfigHome, "rnnscope", "config.toml") }

// envOf is the environment variable of a flag.
func envOf(flag string) string {
	return envPrefix + strings.ToUpper(strings.ReplaceAll(flag, "-", "_"))
}

// readSettings reads the file that args name with --config or, when they name
// none, the one at usual, which need not exist; "" is no file. getenv may be nil.
func readSettings(args []string, usual string, getenv func(string) string) (*settings, error) {
	s := &settings{path: usual, getenv: getenv, tables: map[string]map[string]string{}}
	must := false
	if named := argument(args, "config"); named != "" {
		s.path, must = named, true
	}
	if s.path == "" {
		return s, nil
	}
	text, err := os.ReadFile(s.path)
	if errors.Is(err, fs.ErrNotExist) && !must {
		return s, nil
	}
	if err != nil {
		return s, err
	}
	s.exists = true
	return s, s.parse(text)
}

// argument is the value of a flag in args, read before they are parsed.
func argument(args []string, flag string) string {
	value := ""
	for i, arg := range args {
		joined, is := strings.CutPrefix(arg, "--"+flag+"=")
		switch {
		case arg == "--":
			return value
		case arg == "--"+flag && i+1 < len(args):
			value = args[i+1]
		case is:
			value = joined
		}
	}
	return value
}

// parse reads a file: keys are flags, tables commands.
func (s *settings) parse(text []byte) error {
	var raw map[string]any
	if err := toml.Unmarshal(text, &raw); err != nil {
		var where *toml.DecodeError
		if errors.As(err, &where) {
			row, _ := where.Position()
			return hinted{what: say.Textf("%s: line %d is no TOML: %s", s.path, row, strings.TrimPrefix(where.Error(), "toml: ")), try: tryConfig}
		}
		return hinted{what: say.Textf("%s: no TOML: %s", s.path, strings.TrimPrefix(err.Error(), "toml: ")), try: tryConfig}
	}
	s.file = map[string]string{}
	for key, value := range raw {
		if table, is := value.(map[string]any); is {
			s.tables[key] = map[string]string{}
			for flag, value := range table {
				text, ok := plainValue(value)
				if !ok {
					return s.unfit(key + "." + flag)
				}
				s.tables[key][flag] = text
			}
			continue
		}
		text, ok := plainValue(value)
		if !ok {
			return s.unfit(key)
		}
		s.file[key] = text
	}
	return nil
}

var tryConfig = say.Textf(`a line is FLAG = VALUE, as in hidden = 256 or cell = "gru"; see rnnscope config --help`)

func (s *settings) unfit(key string) error {
	return hinted{what: say.Textf("%s: %s has a value that no flag takes", s.path, key), try: tryConfig}
}

// plainValue is a value as it would be written behind a flag.
func plainValue(v any) (string, bool) {
	switch v := v.(type) {
	case string:
		return v, true
	case bool:
		return strconv.FormatBool(v), true
	case int64:
		return strconv.FormatInt(v, 10), true
	case float64:
		return strconv.FormatFloat(v, 'g', -1, 64), true
	case []any:
		var parts []string
		for _, item := range v {
			text, ok := plainValue(item)
			if _, nested := item.([]any); !ok || nested {
				return "", false
			}
			parts = append(parts, text)
		}
		return strings.Join(parts, ","), true
	}
	return "", false
}

// check makes sure that every key of the file is a flag of some command.
func (s *settings) check(root *cobra.Command) error {
	known := map[string]bool{}
	commands := map[string]*cobra.Command{screenTable: root}
	var visit func(c *cobra.Command)
	visit = func(c *cobra.Command) {
		eachFlag(c, func(f *pflag.Flag) { known[f.Name] = !slices.Contains(own, f.Name) })
		for _, sub := range c.Commands() {
			if c == root {
				commands[sub.Name()] = sub
			}
			visit(sub)
		}
	}
	visit(root)
	for key := range s.file {
		if !known[key] {
			return hinted{what: say.Textf("%s: no flag that can have a default is called %q", s.path, key), try: tryConfig}
		}
	}
	for table, values := range s.tables {
		c := commands[table]
		if c == nil {
			return hinted{what: say.Textf("%s: no command is called %q", s.path, table), try: tryConfig}
		}
		for key := range values {
			if slices.Contains(own, key) || c.Flags().Lookup(key) == nil && c.InheritedFlags().Lookup(key) == nil {
				return hinted{what: say.Textf("%s: %s has no flag %q that can have a default", s.path, table, key), try: tryConfig}
			}
		}
	}
	return nil
}

// eachFlag visits the flags of a command, those of the program too.
func eachFlag(c *cobra.Command, visit func(*pflag.Flag)) {
	c.InheritedFlags() // sees to it that Flags has them
	c.Flags().VisitAll(visit)
}

// find is what file and environment say of a command's flag.
func (s *settings) find(command, flag string) (setting, bool) {
	if slices.Contains(own, flag) {
		return setting{}, false
	}
	if s.getenv != nil {
		if v := s.getenv(envOf(flag)); v != "" {
			return setting{v, fromEnvironment, say.Textf("environment %s", envOf(flag))}, true
		}
	}
	if v, ok := s.tables[command][flag]; ok {
		return setting{v, fromFile, say.Textf("file %s [%s]", s.path, command)}, true
	}
	if v, ok := s.file[flag]; ok {
		return setting{v, fromFile, say.Textf("file %s", s.path)}, true
	}
	return setting{}, false
}

// apply gives the flags of a command that were not given the values of file and
// environment. They stay flags that were not given: what contradicts a run or a
// file is no error then, but gives way.
func (s *settings) apply(c *cobra.Command) error {
	if err := s.check(c.Root()); err != nil {
		return err
	}
	var bad error
	eachFlag(c, func(f *pflag.Flag) {
		found, ok := s.find(tableOf(c), f.Name)
		if !ok || f.Changed || bad != nil {
			return
		}
		if err := f.Value.Set(found.value); err == nil {
			c.Flags().SetAnnotation(f.Name, softly, []string{found.kind})
		} else {
			bad = hinted{what: say.Textf("%s: --%s cannot be %q", found.origin, f.Name, found.value), try: seeHelp(c)}
		}
	})
	return bad
}

// about says whether a command is about the program itself: it works whatever
// the configuration file has in it.
func about(c *cobra.Command) bool {
	return slices.Contains([]string{"help", "man"}, c.Name()) || strings.HasPrefix(c.Name(), "__") || c.HasParent() && c.Parent().Name() == "completion"
}

// tableOf is the name of a command's table in the file.
func tableOf(c *cobra.Command) string {
	if !c.HasParent() {
		return screenTable
	}
	if c.Name() == "config" {
		return "train" // of whose values it speaks
	}
	return c.Name()
}

// language is what file or environment say of it.
func (s *settings) language(usual words.Lang) words.Lang {
	if found, ok := s.find(screenTable, "lang"); ok {
		if lang, err := words.ParseLang(found.value); err == nil {
			return lang
		}
	}
	return usual
}
