package ngram

import (
	"errors"
	"fmt"
	"math"
	"runtime"
	"sort"
	"sync"
	"time"

	"rnnscope/core/say"
)

// MaxOrder is the longest n-gram counted.
const MaxOrder = 10

// ErrStopped is what Count returns when Stop said so.
var ErrStopped = errors.New("stopped")

// Options say what is counted. A stream is one sequence without beginning or
// end. Where lines are sentences, each begins after <s>, a token of history that
// is never predicted, and ends with EOS, which is; nothing is counted across. A
// last line without its end counts as far as it goes.
type Options struct {
	Vocab   int  // V; ids are 0 … V-1
	Order   int  // of the longest n-grams, 1 … MaxOrder
	Lines   bool // a sentence ends with EOS
	EOS     int
	Threads int // all processors when 0
	// Progress, when not nil, is called now and then, never twice at once, with
	// the share of the work done so far. Stop, when not nil, ends the counting
	// when it returns true; several goroutines call it.
	Progress func(done float64)
	Stop     func() bool
}

// Counts is what was counted. It does not change once it is made.
type Counts struct {
	Vocab, Order int
	Lines        bool
	EOS          int
	Tokens       int64 // of the text, <s> and symbols without an id not counted

	levels  []level         // by order; levels[0] is empty
	elapsed []time.Duration // until the level was counted
	threads int
}

// level holds the n-grams of one length that occur, sorted. Level 1 has every
// id, and V for <s>.
type level struct {
	word     []int32  // the last token; nil on level 1, where it is the index
	raw      []uint32 // occurrences
	contexts []uint32 // different tokens before it; nil on the last level
	first    []uint32 // where its continuations begin on the next level, and the end
}

func (l *level) len() int { return len(l.raw) }

// of is where the continuations of an n-gram are on the next level.
func (l *level) of(node uint32) (from, to uint32) { return l.first[node], l.first[node+1] }

// child is the entry of the continuation of a history on level n-1.
func (c *Counts) child(n int, node uint32, id int32) (entry uint32, ok bool) {
	if n == 1 {
		return uint32(id), true
	}
	from, to := c.levels[n-1].of(node)
	entry = search(c.levels[n].word, from, to, id)
	return entry, entry < to && c.levels[n].word[entry] == id
}

// search is the first of words[from:to] that is not below id.
func search(words []int32, from, to uint32, id int32) uint32 {
	for from < to {
		middle := from + (to-from)/2
		if words[middle] < id {
			from = middle + 1
		} else {
			to = middle
		}
	}
	return from
}

// Count counts the n-grams of a text up to an order. The error is ErrStopped, or
// that the text is too long. It panics on options that make no sense.
func Count(text Tokens, o Options) (*Counts, error) {
	switch {
	case o.Order < 1 || o.Order > MaxOrder:
		panic(fmt.Sprintf("ngram: order %d is not in 1 … %d", o.Order, MaxOrder))
	case o.Vocab < 1 || o.Lines && (o.EOS < 0 || o.EOS >= o.Vocab):
		panic(fmt.Sprintf("ngram: a vocabulary of %d with the end of lines %d", o.Vocab, o.EOS))
	}
	if n := int64(text.Len()); n > math.MaxUint32/2 {
		return nil, say.Errorf("%d tokens are too many to count: at most %d", n, math.MaxUint32/2)
	}
	began := time.Now()
	b := &builder{Options: o, seq: sequence(text, o)}
	c := &Counts{Vocab: o.Vocab, Order: o.Order, Lines: o.Lines, EOS: o.EOS, threads: o.Threads}
	if c.threads <= 0 {
		c.threads = runtime.GOMAXPROCS(0)
	}
	b.workers = make([]sorter, c.threads)
	c.levels = make([]level, o.Order+1)
	c.elapsed = make([]time.Duration, o.Order+1)
	c.levels[1].raw = b.begin()
	for _, n := range c.levels[1].raw[:o.Vocab] {
		c.Tokens += int64(n)
	}
	c.elapsed[1] = time.Since(began)
	for n := 1; n < o.Order; n++ {
		if !b.grow(c, n) {
			return nil, ErrStopped
		}
		c.elapsed[n+1] = time.Since(began)
	}
	if !c.countContexts(b.stopped) {
		return nil, ErrStopped
	}
	b.report(1)
	return c, nil
}

// builder is the work under way.
type builder struct {
	Options
	seq   []int32  // the text
	pos   []uint32 // its positions, grouped by the n-gram that begins there
	start []uint32 // of the group of each entry of the level, in pos

	workers []sorter
	mu      sync.Mutex
	done    int // positions of the level that are sorted
}

func (b *builder) stopped() bool { return b.Stop != nil && b.Stop() }

func (b *builder) report(share float64) {
	if b.Progress != nil {
		b.Progress(share)
	}
}

// begin groups the positions by their token and returns how many each has.
func (b *builder) begin() []uint32 {
	raw := make([]uint32, b.Vocab+1)
	n := uint32(0)
	for _, id := range b.seq {
		if id >= 0 {
			raw[id]++
			n++
		}
	}
	b.start = make([]uint32, b.Vocab+1)
	next := make([]uint32, b.Vocab+1)
	sum := uint32(0)
	for id, k := range raw {
		b.start[id], next[id] = sum, sum
		sum += k
	}
	b.pos = make([]uint32, n)
	for at, id := range b.seq {
		if id >= 0 {
			b.pos[next[id]] = uint32(at)
			next[id]++
		}
	}
	return raw
}

// piece is what one part of the histories of a level continues with.
type piece struct {
	word       []int32
	raw, start []uint32
}

// parts is into how many pieces a level is cut for each worker.
const parts = 16

// grow makes level n+1 from level n, and says whether it was let to.
func (b *builder) grow(c *Counts, n int) bool {
	l := &c.levels[n]
	l.first = make([]uint32, l.len()+1)
	// Pieces of about as many positions each. The starts ascend.
	cut := make([]int, parts*len(b.workers)+1)
	for i := range cut {
		at := uint32(uint64(len(b.pos)) * uint64(i) / uint64(len(cut)-1))
		cut[i] = sort.Search(len(b.start), func(j int) bool { return b.start[j] >= at })
	}
	cut[len(cut)-1] = l.len()
	pieces := make([]piece, len(cut)-1)
	b.done = 0
	whole := spread(len(b.workers), len(pieces), func(worker, part int) bool {
		if b.stopped() {
			return false
		}
		p := &pieces[part]
		covered := 0
		for g := cut[part]; g < cut[part+1]; g++ {
			before := len(p.word)
			b.workers[worker].split(b, p, b.start[g], l.raw[g], n)
			l.first[g+1] = uint32(len(p.word) - before)
			covered += int(l.raw[g])
		}
		b.mu.Lock()
		defer b.mu.Unlock()
		b.done += covered
		b.report((float64(n-1) + float64(b.done)/float64(max(1, len(b.pos)))) / float64(b.Order))
		return true
	})
	if !whole {
		return false
	}
	for g := range l.len() {
		l.first[g+1] += l.first[g]
	}
	if n+1 == b.Order {
		b.seq, b.pos = nil, nil // make room
	}
	total := int(l.first[l.len()])
	next := &c.levels[n+1]
	next.word, next.raw = make([]int32, 0, total), make([]uint32, 0, total)
	b.start = nil
	if n+1 < b.Order {
		b.start = make([]uint32, 0, total)
	}
	for i, p := range pieces {
		next.word = append(next.word, p.word...)
		next.raw = append(next.raw, p.raw...)
		b.start = append(b.start, p.start...)
		pieces[i] = piece{}
	}
	return true
}
