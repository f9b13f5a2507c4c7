package main

import (
	"errors"
	"fmt"
	"os"
	"runtime"
	"runtime/debug"
	"time"

	"github.com/spf13/pflag"

	"rnnscope/core/say"
	"rnnscope/core/session"
	"rnnscope/core/store"
	"rnnscope/tui"
	"rnnscope/views"
)

// screenFlags say what the screen looks like.
type screenFlags struct {
	theme themeFlag
	color colorFlag
	ascii bool
}

// themeFlag and colorFlag are names of the tables below them, or auto.
type (
	themeFlag string
	colorFlag string
)

var backgrounds = map[string]tui.Background{"auto": tui.Auto, "dark": tui.Dark, "light": tui.Light}

var profiles = map[string]views.Profile{"truecolor": views.TrueColor, "256": views.ANSI256, "16": views.ANSI16, "none": views.NoColor}

func (t *themeFlag) String() string { return string(*t) }
func (t *themeFlag) Type() string   { return "string" }
func (t *themeFlag) Set(name string) error {
	if _, ok := backgrounds[name]; !ok {
		return say.Errorf("theme must be dark, light or auto, not %q", name)
	}
	*t = themeFlag(name)
	return nil
}

func (c *colorFlag) String() string { return string(*c) }
func (c *colorFlag) Type() string   { return "string" }
func (c *colorFlag) Set(name string) error {
	if _, ok := profiles[name]; !ok && name != "auto" {
		return say.Errorf("color must be truecolor, 256, 16, none or auto, not %q", name)
	}
	*c = colorFlag(name)
	return nil
}

func (f *screenFlags) bind(set *pflag.FlagSet) {
	f.theme, f.color = "auto", "auto"
	set.Var(&f.theme, "theme", "dark, light or auto, which asks the terminal")
	set.Var(&f.color, "color", "truecolor, 256, 16, none or auto, which goes by the terminal and NO_COLOR")
	set.BoolVar(&f.ascii, "ascii", false, "draw with ASCII characters only")
}

// options is what the terminal can show.
func (f *screenFlags) options(out *os.File) (tui.Background, views.Options) {
	o := views.Options{ASCII: f.ascii}
	if f.color == "auto" {
		o.Profile = tui.ProfileOf(out, os.Environ())
	} else {
		o.Profile = profiles[string(f.color)]
	}
	return backgrounds[string(f.theme)], o
}

// spare is how many threads of Go's scheduler the screen has beside the
// trainer's, so that a key press does not wait for an update to end.
const spare = 2

// While the first frame is made, which leaves little garbage, the heap may grow
// further before it is collected: otherwise it is collected five times within
// the first 60 ms, and the figures come some 10 ms later.
const (
	startPercent = 800
	startTime    = 250 * time.Millisecond
)

// hurried puts off collecting the heap while the program starts, unless the
// environment says how often that is to be. The end of it does no harm twice.
func hurried() (end func()) {
	if os.Getenv("GOGC") != "" {
		return func() {}
	}
	usual := debug.SetGCPercent(startPercent)
	end = func() { debug.SetGCPercent(usual) }
	time.AfterFunc(startTime, end)
	return end
}

// showScreen opens the screen on what the command line asks for.
func (p *program) showScreen(f *runFlags, look *screenFlags, target runTarget, args []string, out *os.File) error {
	defer hurried()()
	background, options := look.options(out)
	// First the plan, whose default is as many threads as there are cores.
	made, paused, err := p.explored(f, target, args)
	if err != nil {
		return err
	}
	threads := runtime.GOMAXPROCS(0)
	runtime.GOMAXPROCS(threads + spare)
	defer runtime.GOMAXPROCS(threads)
	if made.resumed != "" {
		made.session.Recall(made.resumed)
		if samples, err := store.ReadSamples(made.resumed); err == nil {
			made.session.RecallSamples(samples)
		}
		run, err := made.keep(target)
		if err != nil {
			made.session.Close()
			return err
		}
		made.session.Keep(run)
	}
	made.number = 1
	create := func(s *session.Session) func() (*store.Run, error) {
		own := plan{session: s, command: made.command, number: made.number}
		made.number++ // a restart is a run of its own
		return func() (*store.Run, error) { return own.keep(target) }
	}
	live := session.NewLive(made.session, create)
	live.Start(paused)
	defer p.ending()()
	err = tui.Run(p.ctx, tui.Config{Live: live, Lang: p.lang, Options: options, Theme: background}, p.keys(), out)
	live.Quit()
	for _, end := range live.Wait() {
		switch {
		case end.Err != nil:
			err = errors.Join(err, end.Err)
		case end.Kept != "":
			fmt.Fprintln(p.out, p.say("%s updates are saved in %s; go on with rnnscope %s", thousands(end.Updates), end.Kept, end.Kept))
		case end.Updates > 0:
			fmt.Fprintln(p.out, p.say("%s updates are not kept: they took less than a minute, and ctrl+s was not pressed", thousands(end.Updates)))
		}
	}
	return err
}

// keys is where key presses come from: nil, for the terminal itself, when a text
// comes through standard input.
func (p *program) keys() *os.File {
	in, _ := p.in.(*os.File)
	if !terminal(in) {
		return nil
	}
	return in
}

// explored plans what the screen opens: a run, paused where it was; a model
// file, on the text of its run; or a text.
func (p *program) explored(f *runFlags, target runTarget, args []string) (made plan, paused bool, err error) {
	target, args, paused = target.named(args)
	if target.resume != "" {
		made, err = p.resumed(f, target, args, true)
	} else {
		made, err = p.fresh(f, target, args)
	}
	return made, paused, err
}

// named is the target and what is left of args where the one argument is no text
// but a run, to be gone on with, or a model file, to start from.
func (t runTarget) named(args []string) (_ runTarget, rest []string, is bool) {
	if t.resume != "" || t.from != "" || len(args) != 1 {
		return t, args, false
	}
	name := args[0]
	if _, err := store.ReadInfo(name); err == nil {
		t.resume = name
	} else if stat, e := os.Stat(name); e == nil && !stat.IsDir() && store.IsModelFile(name) || store.IsSnapshot(name) {
		t.from = name
	} else {
		return t, args, false
	}
	return t, nil, true
}
