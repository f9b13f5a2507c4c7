package session

import (
	"sync/atomic"
	"time"

	"rnnscope/core/probe"
	"rnnscope/core/scope"
	"rnnscope/core/task"
)

// question is one that is asked on a goroutine of its own.
type question struct {
	what        string
	began       time.Time
	ended       atomic.Bool
	done, total atomic.Int64
}

func (q *question) progress() *scope.Busy {
	b := &scope.Busy{What: q.what, Done: int(q.done.Load()), Total: int(q.total.Load())}
	if spent := time.Since(q.began); b.Done > 0 && b.Done < b.Total && spent > reportEvery {
		b.Left = time.Duration(float64(spent) * float64(b.Total-b.Done) / float64(b.Done))
	}
	return b
}

// put asks a question in the place of the last one there, which is stopped. f
// runs on a goroutine of low priority and returns what is to be done with its
// answer; an error that is not of being stopped is shown.
func (i *Inspector) put(place **question, what string, f func(ask probe.Ask) (take func(p *scope.Inspection), err error)) {
	if old := *place; old != nil {
		old.ended.Store(true)
	}
	q := &question{what: what, began: time.Now()}
	*place, i.page.Background = q, nil
	ask := probe.Ask{
		Stop:     func() bool { return q.ended.Load() || i.live.Ended() },
		Progress: func(done, total int) { q.done.Store(int64(done)); q.total.Store(int64(total)) },
	}
	task.Go("inspector's question", func() {
		task.Lower()
		take, err := f(ask)
		i.inbox.put(func() {
			if *place != q {
				return // something else has been asked
			}
			*place = nil
			switch {
			case err == nil:
				take(&i.page)
			case err != probe.ErrStopped:
				i.page.Background = err
			}
			if !i.retrace { // else the page is half of what was and half of what is asked now
				i.Pages.Put(i.inspection())
			}
		})
	})
}

// Stop ends what is under way. What was asked of the token under the cursor is
// asked again only with something else, not with new weights.
func (i *Inspector) Stop() <-chan *scope.Inspection {
	return i.ask(func() {
		i.page.Stopped = i.page.Stopped || i.quick != nil
		i.halt()
	})
}

func end(q **question) {
	if *q != nil {
		(*q).ended.Store(true)
		*q = nil
	}
}

// halt ends all questions.
func (i *Inspector) halt() {
	end(&i.quick)
	end(&i.long)
}

func (i *Inspector) busy() bool { return i.quick != nil || i.long != nil }
