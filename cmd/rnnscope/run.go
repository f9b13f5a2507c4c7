package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"rnnscope/core/rnn"
	"rnnscope/core/say"
	"rnnscope/core/session"
	"rnnscope/core/store"
	"rnnscope/corpora"
)

// plan is a run as the command line asks for it, before anything is written.
type plan struct {
	session *session.Session
	command []string // that begins a run like it
	number  int      // counts the runs of a screen; each has a directory of its own
	resumed string   // the run directory that is gone on with, "" for a new one
}

// runTraining trains as the flags say and prints what happens.
func (p *program) runTraining(ctx context.Context, f *runFlags, target runTarget, args []string, asJSON bool) error {
	var made plan
	var err error
	if target.resume != "" {
		made, err = p.resumed(f, target, args, false)
	} else {
		made, err = p.fresh(f, target, args)
	}
	if err != nil {
		return err
	}
	s := made.session
	defer s.Close()
	run, err := made.keep(target)
	if err != nil {
		return err
	}
	s.Keep(run)

	defer p.ending()()
	l := p.lines(p.out)
	l.limit = s.Config.For
	on, lost := l.event, func() error { return nil }
	if asJSON {
		w := bufio.NewWriter(p.out)
		defer w.Flush() // an error stays in p.out
		json := &streamed{w: w}
		on, lost = json.event, func() error { return json.err }
	} else {
		p.announce(s, run)
	}
	if err = s.Run(ctx, on); err == nil {
		err = lost()
	}
	if errors.Is(err, session.ErrInterrupted) {
		if s.Trainer.Updates() == 0 {
			return interrupted{say.Textf("before the first update")}
		}
		return interrupted{say.Textf("%s updates are saved in %s; go on with rnnscope train --resume %s", thousands(s.Trainer.Updates()), run.Dir(), run.Dir())}
	}
	return err
}

// announce says what is about to be trained, and until when.
func (p *program) announce(s *session.Session, run *store.Run) {
	c, cfg := s.Corpus, s.Config
	m, t := cfg.Model, cfg.Train
	n := c.Train.IDs.Len()
	name, dropout := c.Name, ""
	if name == "-" {
		name = p.say("standard input")
	}
	if m.Layers > 1 { // it acts between layers only
		dropout = p.say("dropout %g, ", m.Dropout)
	}
	fmt.Fprintln(p.out, p.say("%s: %s tokens (%s level) to train on, vocabulary of %s", name, thousands(int64(n)), say.Phrase(c.Level.String()), thousands(int64(c.Vocab.Len()))))
	if used := s.Used(); float64(used) < 0.97*float64(n-1) {
		fmt.Fprintln(p.out, p.say("only %s of them fill whole windows of %d streams x %d steps; a smaller --batch or --window uses more", thousands(int64(used)), cfg.Batch, cfg.Window))
	}
	clip := p.say("no clipping")
	if t.Clip > 0 {
		clip = p.say("clip %.3g", t.Clip)
	} else if t.ClipValue > 0 {
		clip = p.say("values clipped at %.3g", t.ClipValue)
	}
	fmt.Fprintln(p.out, p.say("%s %dx%d, embedding %d, %s%s weights\nbatch %d x window %d, %s, lr %g %s, %s",
		strings.ToUpper(m.Cell), m.Layers, m.Hidden, m.Embed, dropout, thousands(int64(s.Model.Size())), cfg.Batch, cfg.Window, t.Optimizer, t.LR, t.Schedule, clip))
	fmt.Fprintln(p.out, p.say("until %s; run directory %s", p.until(cfg), run.Dir()))
	fmt.Fprintln(p.out, p.say("again: %s", shellLine(run.Info.Command)))
}

// until is what a run goes on until, whichever comes first.
func (p *program) until(c session.Config) string {
	var ends []string
	if c.Updates > 0 {
		ends = append(ends, p.say("update %s", thousands(c.Updates)))
	}
	if c.Epochs > 0 {
		ends = append(ends, p.say("epoch %g", c.Epochs))
	}
	if c.For > 0 {
		ends = append(ends, p.say("%v have passed", c.For))
	}
	if len(ends) == 0 {
		return p.say("ctrl+c is pressed")
	}
	return strings.Join(ends, p.say(" or "))
}

// fresh plans a new run, from drawn weights or from a model's.
func (p *program) fresh(f *runFlags, target runTarget, args []string) (plan, error) {
	o, err := f.options()
	if err != nil {
		return plan{}, err
	}
	name := corpora.Default
	var from *rnn.Model
	var under *session.Config
	if target.from != "" {
		opened, err := p.model(target.from, modelFlags{f.kernel, target.vocab, f.given("activation")}, o)
		if err != nil {
			return plan{}, err
		}
		from, o.Vocab = opened.Model, opened.Vocab
		if opened.Info != nil && len(args) == 0 {
			if flags := f.textFlags(); len(flags) > 0 {
				return plan{}, usage{what: say.Textf("--%s says how a TEXT is read, but none is given: the run's own text is read as it was", flags[0]), try: say.Textf("give the TEXT too")}
			}
			if name, o = opened.Info.Corpus.Name, opened.Info.Corpus.Options; name == "-" {
				return plan{}, errStdinText
			} else if name == "" {
				return plan{}, errNoText
			}
			o.Vocab = opened.Vocab
		}
		if under, err = f.like(target.from, from.Config); err != nil {
			return plan{}, err
		}
	} else if target.vocab != "" {
		if o.Vocab, err = corpora.ReadVocabulary(target.vocab, o); err != nil {
			return plan{}, err
		}
	}
	if len(args) > 0 {
		name = args[0]
	}
	c, err := f.config(under)
	if err != nil {
		return plan{}, err
	}
	corpus, err := p.text(name, o)
	if err != nil {
		return plan{}, err
	}
	if from != nil {
		if err := fits(corpus, target.from, from); err != nil {
			return plan{}, err
		}
		from.Dropout = c.Model.Dropout
		c.Model = from.Config
	}
	s, err := session.New(c, corpus, from)
	return plan{session: s, command: p.commandLine(f, name)}, err
}

// like is the default configuration with a model's architecture in it. Flags
// that contradict the model are refused.
func (f *runFlags) like(from string, m rnn.Config) (*session.Config, error) {
	for _, c := range []struct {
		flag        string
		asked, real any
	}{
		{"cell", f.cell, m.Cell}, {"layers", f.layers, m.Layers}, {"hidden", f.hidden, m.Hidden}, {"embed", f.embed, m.Embed}, {"tie", f.tie, m.Tie},
	} {
		if f.set.Changed(c.flag) && c.asked != c.real {
			return nil, usage{what: say.Textf("--%s %v contradicts %s, whose %s is %v", c.flag, c.asked, from, c.flag, c.real), try: say.Textf("leave the flag out, or train anew without --from")}
		}
	}
	for _, flag := range []string{"init", "forget-bias", "preset"} {
		if f.set.Changed(flag) {
			return nil, usage{what: say.Textf("--%s makes no sense with --from: the weights are those of %s", flag, from)}
		}
	}
	f.settled = func(flag string) bool { return slices.Contains(ofModel, flag) }
	c := session.Defaults()
	c.Model, c.Model.Dropout = m, 0
	return &c, nil
}

// changeable are the flags that may differ when a run is gone on with.
var changeable = []string{
	"lang", "theme", "color", "ascii", "config", "resume", "updates", "epochs", "for", "eval-every", "save-every", "history", "tensorboard", "threads", "kernel", "json",
	"lr", "schedule", "clip", "clip-value", "weight-decay", "dropout",
}

// resumed plans to go on with a run, open says even beyond its limits.
func (p *program) resumed(f *runFlags, target runTarget, args []string, open bool) (plan, error) {
	info, err := store.ReadInfo(target.resume)
	if err != nil {
		return plan{}, err
	}
	for _, flag := range changed(f.set) {
		if !slices.Contains(changeable, flag) {
			return plan{}, usage{what: say.Textf("--%s cannot change when a run is gone on with", flag), try: say.Textf("start a new run from its weights: --from %s", target.resume)}
		}
	}
	under := session.Defaults()
	if err := json.Unmarshal(info.Config, &under); err != nil {
		return plan{}, hinted{what: say.Textf("%s: the configuration in run.json is damaged: %v", target.resume, err), try: say.Textf("start a new run from its weights: --from %s", target.resume)}
	}
	if f.given("updates") != "" || f.given("epochs") != "" || f.given("for") != "" {
		under.For = 0 // a limit given replaces those of before, but the end that a cosine aims at
		if under.Train.Schedule.Kind != "cosine" || f.given("updates") != "" || f.given("epochs") != "" {
			under.Updates, under.Epochs = 0, 0
		}
	}
	f.settled = func(flag string) bool { return flag != "threads" && flag != "kernel" }
	c, err := f.config(&under)
	if err != nil {
		return plan{}, err
	}
	corpus, err := p.own(info, args)
	if err != nil {
		return plan{}, err
	}
	s, err := session.New(c, corpus, nil)
	if err != nil {
		return plan{}, err
	}
	s.Drawn = info.Drawn()
	state, err := store.ReadState(target.resume)
	if err == nil {
		err = s.Restore(state)
	}
	if err == nil && open && s.Finished() {
		s.Unlimited()
	}
	if err == nil && s.Finished() {
		err = hinted{
			what: say.Textf("%s has made the %s updates it was to make", target.resume, thousands(s.Trainer.Updates())),
			try:  say.Textf("try --updates %d", 2*s.Trainer.Updates()),
		}
	}
	if err != nil {
		s.Close()
		return plan{}, err
	}
	return plan{session: s, resumed: target.resume}, nil
}

var errStdinText = hinted{what: say.Textf("the text of this run came from standard input"), try: say.Textf("give it again as TEXT")}

var errNoText = hinted{what: say.Textf("this run was converted from a model file and has no text"), try: say.Textf("give one as TEXT")}

// own opens the text of a run, under the name it had or the one given, and
// makes sure that it is still the same.
func (p *program) own(info *store.Info, args []string) (*corpora.Corpus, error) {
	name, o := info.Corpus.Name, info.Corpus.Options
	if len(args) > 0 {
		name = args[0]
	} else if name == "-" {
		return nil, errStdinText
	} else if name == "" {
		return nil, errNoText
	}
	o.Vocab, o.LevelSet, o.Level = info.Vocabulary, true, info.Vocabulary.Level()
	corpus, err := p.text(name, o)
	if err != nil {
		return nil, err
	}
	if info.Corpus.SHA256 != "" && corpus.SHA256 != info.Corpus.SHA256 {
		return nil, otherText{name}
	}
	return corpus, nil
}

// otherText is a text that a run was not trained on.
type otherText struct{ name string }

func (o otherText) Error() string { return o.Say(nil) }
func (o otherText) Say(translate say.Translate) string {
	return say.Textf("%s is not the text this run was trained on: its sha256 differs", o.name).Say(translate)
}
func (o otherText) TryIn(translate say.Translate) string {
	return say.Textf("give that text as TEXT, or start a new run with --from").Say(translate)
}

// keep opens the run directory that the plan's session is written to.
func (made plan) keep(target runTarget) (*store.Run, error) {
	s := made.session
	config, err := json.Marshal(s.Config)
	if err != nil {
		return nil, err
	}
	if made.resumed != "" {
		run, err := store.Resume(made.resumed)
		if err != nil {
			return nil, err
		}
		info := run.Info
		info.Config = config
		return run, run.Describe(info)
	}
	info := store.Info{
		Command: made.command, Weights: store.OriginOf(s.Drawn), Model: s.Model.Config, Config: config,
		Corpus: store.TextOf(s.Corpus), Vocabulary: s.Corpus.Vocab,
	}
	if target.out != "" {
		dir := target.out
		if made.number > 1 {
			dir = fmt.Sprintf("%s-%d", dir, made.number)
		}
		return store.Create(dir, info)
	}
	dir := defaultDir(s)
	for n := 2; ; n++ { // runs that begin in the same second
		run, err := store.Create(dir, info)
		if !errors.Is(err, fs.ErrExist) || n > 1000 {
			return run, err
		}
		dir = fmt.Sprintf("%s-%d", defaultDir(s), n)
	}
}

// defaultDir is runs/TEXT-CELL-TIME.
func defaultDir(s *session.Session) string {
	text := s.Corpus.Name
	if !s.Corpus.Builtin {
		text = strings.TrimSuffix(filepath.Base(text), filepath.Ext(text))
	}
	text = strings.Map(func(r rune) rune {
		if strings.ContainsRune(`/\:*?"<>| `, r) || r < ' ' {
			return '-'
		}
		return r
	}, text)
	if text == "-" || text == "" {
		text = "stdin"
	}
	return filepath.Join("runs", fmt.Sprintf("%s-%s-%s", text, s.Config.Model.Cell, time.Now().Format("20060102-150405")))
}
