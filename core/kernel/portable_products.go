package kernel

// The portable products work on tiles of two rows by one panel of four columns:
// eight sums are what a scalar processor keeps in registers, and enough to hide
// the latency of its additions.

const portableNR = 4

func mulPortable(rows Rows, a []float32, lda int, b *Packed, span panels, c []float32, ldc int, from origin) {
	for j := span.j0; j < span.j1; j++ {
		panel, col := b.panel(j), j*portableNR
		cols := min(portableNR, b.N-col)
		for g := range rows.Groups {
			for i := 0; i < rows.Count; i += 2 {
				r := g*rows.Stride + i
				s := r + min(1, rows.Count-1-i) // the same row again if there is no second
				c0, c1 := c[r*ldc+col:][:cols], c[s*ldc+col:][:cols]
				if from.x != nil {
					copy(c0, from.x[r*from.ld+col:])
					copy(c1, from.x[s*from.ld+col:])
				}
				tilePortable(a[r*lda:r*lda+b.K], a[s*lda:s*lda+b.K], panel, c0, c1, from.x != nil)
			}
		}
	}
}

// tilePortable computes one panel's columns of the two rows that belong to a0
// and a1: c0 (+)= a0·panel and c1 (+)= a1·panel.
func tilePortable(a0, a1, panel, c0, c1 []float32, acc bool) {
	var first, second [portableNR]float32
	if acc {
		copy(first[:], c0)
		copy(second[:], c1)
	}
	s0, s1, s2, s3 := first[0], first[1], first[2], first[3]
	t0, t1, t2, t3 := second[0], second[1], second[2], second[3]
	for len(a0) >= 2 && len(a1) >= 2 && len(panel) >= 2*portableNR {
		x, y := a0[0], a1[0]
		w0, w1, w2, w3 := panel[0], panel[1], panel[2], panel[3]
		s0, s1, s2, s3 = s0+float32(x*w0), s1+float32(x*w1), s2+float32(x*w2), s3+float32(x*w3)
		t0, t1, t2, t3 = t0+float32(y*w0), t1+float32(y*w1), t2+float32(y*w2), t3+float32(y*w3)
		x, y = a0[1], a1[1]
		w0, w1, w2, w3 = panel[4], panel[5], panel[6], panel[7]
		s0, s1, s2, s3 = s0+float32(x*w0), s1+float32(x*w1), s2+float32(x*w2), s3+float32(x*w3)
		t0, t1, t2, t3 = t0+float32(y*w0), t1+float32(y*w1), t2+float32(y*w2), t3+float32(y*w3)
		a0, a1, panel = a0[2:], a1[2:], panel[2*portableNR:]
	}
	if len(a0) > 0 {
		x, y := a0[0], a1[0]
		w0, w1, w2, w3 := panel[0], panel[1], panel[2], panel[3]
		s0, s1, s2, s3 = s0+float32(x*w0), s1+float32(x*w1), s2+float32(x*w2), s3+float32(x*w3)
		t0, t1, t2, t3 = t0+float32(y*w0), t1+float32(y*w1), t2+float32(y*w2), t3+float32(y*w3)
	}
	first, second = [portableNR]float32{s0, s1, s2, s3}, [portableNR]float32{t0, t1, t2, t3}
	copy(c0, first[:])
	copy(c1, second[:])
}

func mulTNPortable(i0, i1, n, k int, a []float32, lda int, b []float32, ldb int, c []float32, ldc int, acc bool, scratch, _ []float32) {
	const depth, width = 256, 512 // of a block of b
	columns, panels := scratch[:2*depth], scratch[2*depth:]
	for q := 0; q < k; q += depth {
		kc := min(depth, k-q)
		for j := 0; j < n; j += width {
			end := min(n, j+width)
			for jj := j; jj < end; jj += portableNR {
				packPortable(panels[(jj-j)*kc:], kc, b[q*ldb+jj:], ldb, min(portableNR, end-jj))
			}
			for i := i0; i < i1; i += 2 {
				second := min(i+1, i1-1)
				for p := range kc {
					columns[p], columns[depth+p] = a[(q+p)*lda+i], a[(q+p)*lda+second]
				}
				for jj := j; jj < end; jj += portableNR {
					cols := min(portableNR, end-jj)
					tilePortable(columns[:kc], columns[depth:depth+kc], panels[(jj-j)*kc:][:portableNR*kc],
						c[i*ldc+jj:][:cols], c[second*ldc+jj:][:cols], acc || q > 0)
				}
			}
		}
	}
}

// packPortable copies n columns of src into a panel.
func packPortable(panel []float32, k int, src []float32, ld, n int) {
	for q := range k {
		copy(panel[q*portableNR:q*portableNR+n], src[q*ld:])
	}
}

// transposePortable turns rows of src, ld apart, into columns of dst, whose rows
// are step apart.
func transposePortable(dst []float32, step int, src []float32, ld, rows, cols int) {
	for i := range rows {
		for q, x := range src[i*ld : i*ld+cols] {
			dst[q*step+i] = x
		}
	}
}
