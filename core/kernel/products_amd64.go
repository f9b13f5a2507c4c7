//go:build !purego

package kernel

// products is the matrix products of one vector set.
//
// A kernel computes a tile of c that stays in registers: some rows times one
// panel of B. Around it, Mul goes over
//
//	rows in chunks ▸ K in blocks ▸ panels ▸ tiles
//
// so that a chunk of a stays in the second-level cache while all panels pass,
// and a block of a panel close by while the chunk's rows pass. Between blocks of
// K a chain rests in c, which changes nothing: storing and loading are exact.
type products struct {
	width int // floats in a register; a panel has twice as many columns

	whole, half     []tile     // by rows: a panel, the first half of a panel
	wholeTN, halfTN []tile     // the same for a transposed a
	few             [5][5]tile // by rows and panels
	copyPanel       func(k int, src *float32, ld int, dst *float32, step, n int)
	copyStrip       func(k int, src *float32, ld int, dst *float32, step, n int)
	copyStripSum    func(k int, src *float32, ld int, dst *float32, step, n int, sums *float32)
	transposeSquare func(blocks int, src *float32, ld int, dst *float32, step int)
}

// tile is a product kernel; see kernels_amd64.go. lines is how many floats it asks
// for at once.
type tile func(k, steps int, a *float32, lda, aStep int, b *float32, panel int, from *float32, ldFrom, fromStep int, c *float32, ldc, cStep, cols int, next *float32, nextStep int)

const lines = 4 * 16

const (
	blockK   = 1024    // longest block of K, if a chunk does not take all of it
	chunkA   = 1 << 17 // floats of a in a chunk: half a second-level cache
	ample    = 1 << 18 // floats of B that may stay in a second-level cache
	callWork = 1 << 21 // multiply-adds in one call of a kernel: some 50 µs at worst
)

// tall is the largest number of rows in a tile. Rows of a that are a multiple
// of 4 KB apart meet in one set of the first-level cache, of twelve lines.
func (p *products) tall(lda int) int {
	tall := len(p.whole) - 1
	if lda%1024 == 0 {
		tall = min(tall, 12)
	}
	return tall
}

// pieces cuts n into equal pieces of at most limit, the last a little shorter.
func pieces(n, limit int) int {
	count := (n + limit - 1) / limit
	return (n + count - 1) / count
}

func (p *products) mul(rows Rows, a []float32, lda int, b *Packed, span panels, c []float32, ldc int, from origin) {
	if rows.Groups == 1 || rows.Stride == rows.Count {
		rows = Consecutive(rows.Groups * rows.Count)
	} else if height := pieces(rows.Count, p.tall(lda)); height < 6 && height < pieces(rows.Groups, p.tall(rows.Stride*lda)) {
		// A few streams at many steps: the steps of one stream make better tiles.
		for i := range rows.Count {
			p.mul(Consecutive(rows.Groups), a[i*lda:], rows.Stride*lda, b, span, c[i*ldc:], rows.Stride*ldc, from.below(i).spread(rows.Stride))
		}
		return
	}
	kc := b.K
	if rows.Groups*rows.Count*b.K > chunkA {
		kc = pieces(b.K, blockK)
	}
	tall := p.tall(lda)
	limit := max(tall, chunkA/kc/tall*tall)
	for r := 0; rows.Groups > 0; {
		chunk, rest, n := rows.cut(limit)
		start := from.below(r)
		for k := 0; k < b.K; k += kc {
			p.block(chunk, a[r*lda+k:], lda, b, k, min(kc, b.K-k), span, c[r*ldc:], ldc, start)
			start = origin{c[r*ldc:], ldc}
		}
		rows, r = rest, r+n
	}
}

// cut splits rows into those of a chunk, at most limit or one group, and the
// rest, which begins n rows further down.
func (r Rows) cut(limit int) (chunk, rest Rows, n int) {
	if r.Groups == 1 {
		n = min(r.Count, limit)
		if n == r.Count {
			return r, Rows{}, n
		}
		return Consecutive(n), Consecutive(r.Count - n), n
	}
	chunk, rest = r, r
	chunk.Groups = min(r.Groups, max(1, limit/r.Count))
	rest.Groups -= chunk.Groups
	return chunk, rest, chunk.Groups * r.Stride
}

// block multiplies by places k … k+n-1 of K; a begins there.
func (p *products) block(rows Rows, a []float32, lda int, b *Packed, k, n int, span panels, c []float32, ldc int, from origin) {
	for total, taken := span.j1-span.j0, 0; taken < total; {
		count, several := 1, tile(nil)
		if rows.Groups == 1 && rows.Count < len(p.few) {
			count, several = p.several(rows.Count, total-taken)
		}
		j, next := span.j0+taken, span.j0+taken+count
		if span.down {
			j = span.j1 - taken - count
			next = j - 1
		}
		taken += count
		panel, col := &b.data[(j*b.K+k)*b.nr], j*b.nr
		at, start := c[col:], from.right(col)
		if several != nil {
			cols := min(b.nr, b.N-(j+count-1)*b.nr)
			several(n, 1, &a[0], lda, 0, panel, b.K*b.nr, start.first(), start.ld, 0, &at[0], ldc, 0, cols, nil, 0)
			continue
		}
		var ahead []float32
		if taken < total && len(b.data) > ample {
			ahead = b.data[(next*b.K+k)*b.nr:][:n*b.nr]
		}
		cols, kernels := min(b.nr, b.N-col), p.whole
		if cols <= p.width {
			kernels = p.half
		}
		p.panel(kernels, rows, a, lda, panel, n, at, ldc, cols, start, ahead)
	}
}

// several returns the kernel for a few rows that takes the most panels, up to
// limit, and how many it takes.
func (p *products) several(rows, limit int) (int, tile) {
	for count := min(limit, len(p.few[rows])-1); count > 1; count-- {
		if kernel := p.few[rows][count]; kernel != nil {
			return count, kernel
		}
	}
	return 1, nil
}

// panel multiplies all rows by one panel, in tiles as equal as possible, and asks
// for what lies ahead, the panel that comes next.
func (p *products) panel(kernels []tile, rows Rows, a []float32, lda int, b *float32, k int, c []float32, ldc, cols int, from origin, ahead []float32) {
	tall := p.tall(lda)
	tiles := (rows.Count + tall - 1) / tall
	height, taller := rows.Count/tiles, rows.Count%tiles // the first ones have a row more
	if rows.Groups == 1 {
		i := taller * (height + 1)
		ahead = p.steps(kernels, height+1, taller, height+1, i == rows.Count, a, lda, b, k, c, ldc, cols, from, ahead)
		if i < rows.Count {
			p.steps(kernels, height, tiles-taller, height, true, a[i*lda:], lda, b, k, c[i*ldc:], ldc, cols, from.below(i), ahead)
		}
		return
	}
	for i := 0; i < rows.Count; {
		n := height
		if taller > 0 {
			n, taller = n+1, taller-1
		}
		ahead = p.steps(kernels, n, rows.Groups, rows.Stride, false, a[i*lda:], lda, b, k, c[i*ldc:], ldc, cols, from.below(i), ahead)
		i += n
	}
}

// steps calls the kernel for tiles of the given height, stride rows apart, with
// no more work at once than callWork. It returns what of ahead it has not asked
// for. A kernel asks for the rows that lie below those it writes; where they are
// another core's, as below the last ones they may be, it asks for its own.
func (p *products) steps(kernels []tile, height, count, stride int, last bool, a []float32, lda int, b *float32, k int, c []float32, ldc, cols int, from origin, ahead []float32) []float32 {
	most, asks := max(1, callWork/(height*k*2*p.width)), k/4*lines
	for i := 0; i < count; {
		n, cStep := min(most, count-i), stride*ldc
		if last && i+n == count {
			if n > 1 {
				n--
			} else {
				cStep = 0
			}
		}
		var next *float32
		if len(ahead) > 0 && asks > 0 {
			next = &ahead[0]
			n = min(n, (len(ahead)+asks-1)/asks)
			ahead = ahead[min(len(ahead), n*asks):]
		}
		start := from.below(i * stride)
		kernels[height](k, n, &a[i*stride*lda], lda, stride*lda, b, 0, start.first(), start.ld, stride*start.ld, &c[i*stride*ldc], ldc, cStep, cols, next, lines)
		i += n
	}
	return ahead
}

// Blocks of MulTN: blockTN places of k by columnsTN columns of b fill half a
// second-level cache, where they stay while the strips of a pass, each as wide as
// a tile is tall. A strip that meets more than fewPanels panels is packed, because
// rows far apart share few sets of the first-level cache, and its columns are summed
// on the way; of b only columns that do not fill a panel are.
const (
	blockTN   = 256
	columnsTN = 512
	fewPanels = 4
)

func (p *products) mulTN(i0, i1, n, k int, a []float32, lda int, b []float32, ldb int, c []float32, ldc int, acc bool, scratch, sums []float32) {
	nr := 2 * p.width
	strip, last := scratch[:blockTN*p.width], scratch[blockTN*p.width:]
	kc, nc := pieces(k, blockTN), (pieces(n, columnsTN)+nr-1)/nr*nr
	for q := 0; q < k; q += kc {
		depth := min(kc, k-q)
		for j := 0; j < n; j += nc {
			end := min(n, j+nc)
			block := blockOfB{n: end - j, k: depth, nr: nr, x: b[q*ldb+j:], ld: ldb, last: last}
			if rest := (end - j) % nr; rest > 0 {
				p.copyPanel(depth, &b[q*ldb+end-rest], ldb, &last[0], nr, rest)
			}
			along := sums
			if j > 0 { // once is enough
				along = nil
			}
			p.strips(i0, i1, a[q*lda:], lda, &block, c[j:], ldc, acc || q > 0, strip, along)
		}
	}
}

// packsTN says whether strips of a are packed for n columns of b.
func (p *products) packsTN(n int) bool { return n > fewPanels*2*p.width }

// blockOfB is k rows of n columns of b, and a packed panel of the last columns if
// they do not fill one.
type blockOfB struct {
	n, k, nr int
	x        []float32
	ld       int
	last     []float32
}

// panel is where the panel that begins at column j is, and from row to row of it.
func (b *blockOfB) panel(j int) (*float32, int) {
	if j+b.nr > b.n {
		return &b.last[0], b.nr
	}
	return &b.x[j], b.ld
}

// strips multiplies a strip of a after the other by a block of b, and adds what it
// packs to sums, if there are any.
func (p *products) strips(i0, i1 int, a []float32, lda int, b *blockOfB, c []float32, ldc int, acc bool, strip, sums []float32) {
	tall, packed := p.tall(1), p.packsTN(b.n)
	tiles := (i1 - i0 + tall - 1) / tall
	height, taller := (i1-i0)/tiles, (i1-i0)%tiles // the first ones have a row more
	for i := i0; i < i1; {
		rows := height
		if taller > 0 {
			rows, taller = rows+1, taller-1
		}
		left, ld := &a[i], lda
		if packed {
			if len(sums) > 0 {
				p.copyStripSum(b.k, left, lda, &strip[0], p.width, rows, &sums[i])
			} else {
				p.copyStrip(b.k, left, lda, &strip[0], p.width, rows)
			}
			left, ld = &strip[0], p.width
		}
		var next *float32
		if i+rows < i1 { // the next strip's last column: what lies before it was asked for with this strip
			next = &a[min(i+2*rows, i1)-1]
		}
		for j := 0; j < b.n; j += b.nr {
			cols, kernels := min(b.nr, b.n-j), p.wholeTN
			if cols <= p.width {
				kernels = p.halfTN
			}
			var from *float32
			if acc {
				from = &c[i*ldc+j]
			}
			right, step := b.panel(j)
			kernels[rows](b.k, 1, left, ld, 0, right, step, from, ldc, 0, &c[i*ldc+j], ldc, b.nr, cols, next, lda)
			next = nil
		}
		i += rows
	}
}

// pack copies n columns of src into a panel.
func (p *products) pack(panel []float32, k int, src []float32, ld, n int) {
	nr := 2 * p.width
	for q := 0; q < k; q += blockK {
		p.copyPanel(min(blockK, k-q), &src[q*ld], ld, &panel[q*nr], nr, n)
	}
}

// transpose turns rows of src into columns of dst: squares by the kernel, what is
// left over one by one.
func (p *products) transpose(dst []float32, step int, src []float32, ld, rows, cols int) {
	w, whole := p.width, cols/p.width*p.width
	i := 0
	for ; i+w <= rows && whole > 0; i += w {
		for q := 0; q < whole; q += blockK {
			p.transposeSquare(min(blockK, whole-q)/w, &src[i*ld+q], ld, &dst[q*step+i], step)
		}
		if whole < cols {
			transposePortable(dst[whole*step+i:], step, src[i*ld+whole:], ld, w, cols-whole)
		}
	}
	if i < rows {
		transposePortable(dst[i:], step, src[i*ld:], ld, rows-i, cols)
	}
}
