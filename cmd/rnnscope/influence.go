package main

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"rnnscope/core/probe"
	"rnnscope/core/rnn"
	"rnnscope/core/say"
	"rnnscope/core/scope"
	"rnnscope/core/store"
)

// parseUnits reads LAYER:UNIT by comma as ablations of a model's units.
func parseUnits(s string, m *rnn.Model) (scope.Changes, error) {
	var changes scope.Changes
	if s == "" {
		return changes, nil
	}
	for part := range strings.SplitSeq(s, ",") {
		layer, unit, colon := strings.Cut(strings.TrimSpace(part), ":")
		l, errL := strconv.Atoi(layer)
		u, errU := strconv.Atoi(unit)
		if !colon || errL != nil || errU != nil {
			return changes, usage{what: say.Textf("ablate must be LAYER:UNIT by comma, not %q", part), try: say.Textf("for instance --ablate 0:17,1:93")}
		}
		changes.Units = append(changes.Units, scope.Ablate(l, u))
	}
	if err := probe.Check(m, changes); err != nil {
		return changes, usage{what: say.Textf("ablate: %v", err)}
	}
	return changes, nil
}

// predicted is the prediction that --influence is about: after which step, and
// of which id. Without --next it is that of the sentence's last token.
func predicted(next string, sequence []int32, opened *store.Opened) (at, target int, err error) {
	if next == "" {
		at, target = len(sequence)-2, int(sequence[len(sequence)-1])
		switch {
		case at < 0:
			return 0, 0, usage{what: say.Textf("the sentence has one token, which nothing speaks for"), try: say.Textf("give two tokens or more, or --next TOKEN")}
		case target < 0:
			return 0, 0, usage{what: say.Textf("the model does not know the last token, so it has no probability"), try: say.Textf("end the sentence with another, or give --next TOKEN")}
		}
		return at, target, nil
	}
	at = len(sequence) - 1
	if opened.Vocab == nil {
		ids, err := parseIDs(next, opened.Model.Vocab)
		if err != nil || len(ids) != 1 {
			return 0, 0, usage{what: say.Textf("next must be one id from 0 to %d, not %q", opened.Model.Vocab-1, next)}
		}
		return at, int(ids[0]), nil
	}
	target, ok := opened.Vocab.ID(next)
	if !ok {
		return 0, 0, usage{what: say.Textf("the vocabulary has no token %q", next), try: say.Textf("next is one token of the vocabulary, as it is written there")}
	}
	return at, target, nil
}

// printInfluence prints a table for people: one line a token, and a bar of what
// is lost without it.
func (p *program) printInfluence(t *scope.Trace) {
	q := t.Influence
	fmt.Fprintln(p.out)
	if q.LogP == nil {
		fmt.Fprintln(p.out, p.say("what speaks for %s: %s", strconv.Quote(q.Token), say.Phrase(q.Reason)))
		return
	}
	fmt.Fprintln(p.out, p.say("what speaks for %s after step %d (p %.3f, %.3f nats)", strconv.Quote(q.Token), q.At+1, math.Exp(*q.LogP), -*q.LogP))
	fmt.Fprintf(p.out, "%s  %s  %s  %s  %s  %s\n", padLeft(p.say("step"), 4), padLeft(p.say("gradient"), 9), padLeft(p.say("times x"), 9),
		padLeft(p.say("zeroed"), 8), padLeft(p.say("left out"), 8), p.say("token"))
	top := 0.0
	for _, x := range q.Drop {
		top = math.Max(top, math.Abs(x))
	}
	for i := range q.Norm {
		line := fmt.Sprintf("%4d  %9.4f  %+9.4f  %+8.3f  %+8.3f  %s", q.From+i+1, q.Norm[i], q.Dot[i], q.Zero[i], q.Drop[i], pad(strconv.Quote(t.Steps[q.From+i].Token), 10))
		if top > 0 {
			sign := "+"
			if q.Drop[i] < 0 {
				sign = "-"
			}
			line += "  " + strings.Repeat(sign, int(math.Round(16*math.Abs(q.Drop[i])/top)))
		}
		fmt.Fprintln(p.out, strings.TrimRight(line, " "))
	}
	fmt.Fprintln(p.out, p.say("nats of log p; + speaks for the token; gradient: nats per unit of the embedding"))
	if q.From > 0 {
		fmt.Fprintln(p.out, p.say("of a longer sentence only the last %d tokens are measured", probe.FarthestInfluence))
	}
}
