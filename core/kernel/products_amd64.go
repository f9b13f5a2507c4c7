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
	transposeSquare func(blocks int, src *float32, ld int, dst *float32, step int)
}

// tile is a product kernel; see kernels_amd64.go.
type tile func(k, steps int, a *float32, lda, aStep int, b *float32, panel int, c *float32, ldc, cStep, cols int, acc bool)

const (
	blockK   = 1024    // longest block of K
	chunkA   = 1 << 17 // floats of a in a chunk: half a second-level cache
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

func (p *products) mul(rows Rows, a []float32, lda int, b *Packed, j0, j1 int, c []float32, ldc int, acc bool) {
	if rows.Groups == 1 || rows.Stride == rows.Count {
		rows = Consecutive(rows.Groups * rows.Count)
	} else if height := pieces(rows.Count, p.tall(lda)); height < 6 && height < pieces(rows.Groups, p.tall(rows.Stride*lda)) {
		// A few streams at many steps: the steps of one stream make better tiles.
		for i := range rows.Count {
			p.mul(Consecutive(rows.Groups), a[i*lda:], rows.Stride*lda, b, j0, j1, c[i*ldc:], rows.Stride*ldc, acc)
		}
		return
	}
	kc := pieces(b.K, blockK)
	tall := p.tall(lda)
	limit := max(tall, chunkA/kc/tall*tall)
	for r := 0; rows.Groups > 0; {
		chunk, rest, n := rows.cut(limit)
		for k := 0; k < b.K; k += kc {
			p.block(chunk, a[r*lda+k:], lda, b, k, min(kc, b.K-k), j0, j1, c[r*ldc:], ldc, acc || k > 0)
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
func (p *products) block(rows Rows, a []float32, lda int, b *Packed, k, n, j0, j1 int, c []float32, ldc int, acc bool) {
	for j := j0; j < j1; {
		cols := min(b.nr, b.N-j*b.nr)
		panel := &b.data[(j*b.K+k)*b.nr]
		at := c[j*b.nr:]
		if rows.Groups == 1 && rows.Count < len(p.few) {
			if count, kernel := p.several(rows.Count, j1-j); count > 1 {
				cols = min(b.nr, b.N-(j+count-1)*b.nr)
				kernel(n, 1, &a[0], lda, 0, panel, b.K*b.nr, &at[0], ldc, 0, cols, acc)
				j += count
				continue
			}
		}
		kernels := p.whole
		if cols <= p.width {
			kernels = p.half
		}
		p.panel(kernels, rows, a, lda, panel, n, at, ldc, cols, acc)
		j++
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

// panel multiplies all rows by one panel, in tiles as equal as possible.
func (p *products) panel(kernels []tile, rows Rows, a []float32, lda int, b *float32, k int, c []float32, ldc, cols int, acc bool) {
	tall := p.tall(lda)
	tiles := (rows.Count + tall - 1) / tall
	height, taller := rows.Count/tiles, rows.Count%tiles // the first ones have a row more
	if rows.Groups == 1 {
		p.steps(kernels, height+1, taller, height+1, a, lda, b, k, c, ldc, cols, acc)
		i := taller * (height + 1)
		if i < rows.Count {
			p.steps(kernels, height, tiles-taller, height, a[i*lda:], lda, b, k, c[i*ldc:], ldc, cols, acc)
		}
		return
	}
	for i := 0; i < rows.Count; {
		n := height
		if taller > 0 {
			n, taller = n+1, taller-1
		}
		p.steps(kernels, n, rows.Groups, rows.Stride, a[i*lda:], lda, b, k, c[i*ldc:], ldc, cols, acc)
		i += n
	}
}

// steps calls the kernel for tiles of the given height, stride rows apart, with
// no more work at once than callWork.
func (p *products) steps(kernels []tile, height, count, stride int, a []float32, lda int, b *float32, k int, c []float32, ldc, cols int, acc bool) {
	limit := max(1, callWork/(height*k*2*p.width))
	for i := 0; i < count; i += limit {
		kernels[height](k, min(limit, count-i), &a[i*stride*lda], lda, stride*lda, b, 0, &c[i*stride*ldc], ldc, stride*ldc, cols, acc)
	}
}

// Blocks of MulTN: b is packed blockTN places of k by columnsTN columns at a
// time, which fill half a second-level cache; a is packed in strips as wide as a
// tile is tall.
const (
	blockTN   = 256
	columnsTN = 512
)

func (p *products) mulTN(i0, i1, n, k int, a []float32, lda int, b []float32, ldb int, c []float32, ldc int, acc bool, scratch []float32) {
	nr := 2 * p.width
	strip, panels := &scratch[0], scratch[blockTN*p.width:]
	kc, nc := pieces(k, blockTN), (pieces(n, columnsTN)+nr-1)/nr*nr
	height := pieces(i1-i0, p.tall(1))
	for q := 0; q < k; q += kc {
		depth := min(kc, k-q)
		for j := 0; j < n; j += nc {
			end := min(n, j+nc)
			for jj := j; jj < end; jj += nr {
				p.copyPanel(depth, &b[q*ldb+jj], ldb, &panels[(jj-j)*depth], nr, min(nr, end-jj))
			}
			for i := i0; i < i1; i += height {
				rows := min(height, i1-i)
				p.copyStrip(depth, &a[q*lda+i], lda, strip, p.width, rows)
				for jj := j; jj < end; jj += nr {
					cols, kernels := min(nr, end-jj), p.wholeTN
					if cols <= p.width {
						kernels = p.halfTN
					}
					kernels[rows](depth, 1, strip, p.width, 0, &panels[(jj-j)*depth], 0, &c[i*ldc+jj], ldc, 0, cols, acc || q > 0)
				}
			}
		}
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
