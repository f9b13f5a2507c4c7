package main

import (
	"bufio"
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"rnnscope/core/say"
	"rnnscope/core/session"
	"rnnscope/core/store"
	"rnnscope/corpora"
	"rnnscope/tui"
)

func (p *program) watch() *cobra.Command {
	var look screenFlags
	var asJSON bool
	c := command(&cobra.Command{
		Use:   "watch RUN|DIR [TEXT]",
		Short: "Open the screen on a run that another program trains",
		Long: `Open the screen on a run that another program is training, perhaps on another
machine whose folder is shared. The files are asked four times a second, so that
nothing need tell of a change: numbers are shown as they are written, about once
a second, weights with every save (train --save-every says how often), and the
top line says which update they come from. Nothing is written and nothing is
locked, and what would change the training is not offered.

On a DIRectory of runs it lists them, with their losses: mark some to overlay
them, open one, and q leads back. A run whose text is not where it was is shown on
what it has written itself, unless you give the TEXT. Where there is no terminal,
one run is followed as lines until it is done, or until ctrl+c.`,
		Example: `  rnnscope train notes.txt --out runs/notes --save-every 10s
  rnnscope watch runs/notes      in another terminal
  rnnscope watch runs            all of them`,
		Args: argumentCount(1, 2, "a RUN or a directory of runs, and its TEXT at most"),
		RunE: func(c *cobra.Command, args []string) error {
			out, ok := p.out.w.(*os.File)
			if asJSON || !ok || !terminal(p.out) {
				return p.followRun(c.Context(), args[0], asJSON)
			}
			if _, err := store.ReadInfo(args[0]); err != nil && isDirectory(args[0]) && !store.IsRun(args[0]) {
				return p.watchRuns(c.Context(), args[0], &look, out)
			}
			return p.watchRun(c.Context(), args[0], args[1:], &look, out)
		},
	})
	look.bind(c.Flags())
	c.Flags().BoolVar(&asJSON, "json", false, "print the lines of the run's metrics as they come")
	return c
}

func isDirectory(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.IsDir()
}

// watchRuns lists runs, and opens the one that is chosen, until the user quits.
func (p *program) watchRuns(ctx context.Context, dir string, look *screenFlags, out *os.File) error {
	defer p.ending()()
	background, options := look.options(out)
	chosen := ""
	for ctx.Err() == nil {
		run, err := tui.ChooseRun(ctx, tui.RunsConfig{Dir: dir, Lang: p.lang, Options: options, Theme: background, Chosen: chosen}, p.keys(), out)
		if err != nil || run == "" {
			return err
		}
		if err := p.watchRun(ctx, run, nil, look, out); err != nil {
			return err
		}
		chosen = filepath.Base(run)
	}
	return nil
}

// watchRun shows one run.
func (p *program) watchRun(ctx context.Context, dir string, args []string, look *screenFlags, out *os.File) error {
	background, options := look.options(out)
	s, err := p.watched(dir, args)
	if err != nil {
		return err
	}
	defer p.ending()()
	live := session.Watch(s, dir)
	live.Start(false)
	err = tui.Run(ctx, tui.Config{Live: live, Lang: p.lang, Options: options, Theme: background}, p.keys(), out)
	live.Quit()
	live.Wait()
	return err
}

// watched is a session like that of the run in dir, which makes no updates.
func (p *program) watched(dir string, args []string) (*session.Session, error) {
	info, err := store.ReadInfo(dir)
	if err != nil {
		return nil, err
	}
	c := session.Defaults()
	if err := json.Unmarshal(info.Config, &c); err != nil {
		return nil, hinted{what: say.Textf("%s: the configuration in run.json is damaged: %v", dir, err), try: say.Textf("open its weights: rnnscope %s/model.safetensors", dir)}
	}
	corpus, err := p.own(info, args)
	if err != nil && len(args) == 0 {
		corpus, err = p.standIn(dir, info, c.Batch*(c.Window+1), err)
	}
	if err != nil {
		return nil, err
	}
	c.Model, c.Threads, c.Kernel = info.Model, 1, "auto" // the machine is its writer's
	return session.New(c, corpus, nil)
}

// standIn is a text for a run whose own is not here, as on another machine: what
// the run has written, and its vocabulary, over and over up to two windows of the
// tokens that one takes. missing is why the run's text could not be opened.
func (p *program) standIn(dir string, info *store.Info, window int, missing error) (*corpora.Corpus, error) {
	written, err := store.ReadSamples(dir)
	if err != nil {
		return nil, missing
	}
	v := info.Vocabulary
	between := ""
	if v.Level() == corpora.Word {
		between = " "
	}
	var text strings.Builder
	for _, w := range written {
		text.WriteString(w.Text + "\n")
	}
	for tokens := 0; tokens < 4*window+1<<10; tokens += v.Len() {
		for id := range v.Len() {
			text.WriteString(v.Token(id) + between)
		}
		text.WriteString("\n")
	}
	corpus, err := corpora.Open("-", corpora.Options{Vocab: v, LevelSet: true, Level: v.Level(), Stdin: strings.NewReader(text.String())})
	if err != nil {
		return nil, missing
	}
	corpus.Name, corpus.StandIn = p.say("its own writing (%s is not here)", cmp.Or(filepath.Base(info.Corpus.Name), "TEXT")), true
	return corpus, nil
}

// followEvery is how often the files of a run are asked.
const followEvery = 250 * time.Millisecond

// followRun prints what a run writes, until it is done.
func (p *program) followRun(ctx context.Context, dir string, asJSON bool) error {
	if _, err := store.ReadInfo(dir); err != nil {
		if isDirectory(dir) && !store.IsRun(dir) {
			return hinted{what: say.Textf("%s is no run; without a terminal one run is followed", dir), try: say.Textf("name a run in it")}
		}
		return err
	}
	w := bufio.NewWriter(p.out)
	l := p.lines(w)
	l.terminal = !asJSON && terminal(p.out)
	files := store.Follow(dir)
	over := false
	var behind []session.Event // of what was there already only the last is told
	for first := true; ; first = false {
		for {
			rows, anew, err := files.Read()
			if err != nil {
				return err
			}
			if anew && !asJSON {
				l.print(l.say("%s: the run was begun anew", dir))
			}
			if len(rows) == 0 {
				break
			}
			for _, row := range rows {
				if asJSON {
					fmt.Fprintf(w, "%s\n", row.JSON)
				}
				e := session.ParseEvent(row)
				switch e.(type) {
				case session.Done:
					over = true
				case session.Update:
					over = false
				}
				switch {
				case asJSON || e == nil:
				case first:
					behind = latest(behind, e)
				default:
					l.event(e)
				}
			}
		}
		for _, e := range behind {
			l.event(e)
		}
		behind = nil
		if err := w.Flush(); err != nil {
			return err
		}
		if over {
			return nil
		}
		if files.Gone() {
			return hinted{what: say.Textf("%s: the run is gone", dir), try: say.Textf("watch it again when it is back")}
		}
		select {
		case <-ctx.Done():
			return nil
		case <-time.After(followEvery):
		}
	}
}

// latest puts e in the place of the event of its kind.
func latest(events []session.Event, e session.Event) []session.Event {
	for i, old := range events {
		if fmt.Sprintf("%T", old) == fmt.Sprintf("%T", e) {
			events = append(events[:i], events[i+1:]...)
			break
		}
	}
	return append(events, e)
}
