//go:build !purego

package kernel

import "golang.org/x/sys/cpu"

// The vector sets' kernels are written by gen, which holds their mathematics.
//
//go:generate go run ./gen

func available() []*Set {
	var can []*Set
	if x := cpu.X86; x.HasAVX2 && x.HasFMA && x.HasBMI2 {
		if x.HasAVX512F && x.HasAVX512DQ && x.HasAVX512VL {
			can = append(can, avx512)
		}
		can = append(can, avx2)
	}
	return append(can, portable)
}

var avx512 = vectorSet("avx512", vectorKernels{
	products: products{
		width: 16,
		whole: []tile{1: mul1AVX512, mul2AVX512, mul3AVX512, mul4AVX512, mul5AVX512, mul6AVX512, mul7AVX512,
			mul8AVX512, mul9AVX512, mul10AVX512, mul11AVX512, mul12AVX512, mul13AVX512, mul14AVX512},
		half: []tile{1: mulHalf1AVX512, mulHalf2AVX512, mulHalf3AVX512, mulHalf4AVX512, mulHalf5AVX512, mulHalf6AVX512, mulHalf7AVX512,
			mulHalf8AVX512, mulHalf9AVX512, mulHalf10AVX512, mulHalf11AVX512, mulHalf12AVX512, mulHalf13AVX512, mulHalf14AVX512},
		wholeTN: []tile{1: mulTN1AVX512, mulTN2AVX512, mulTN3AVX512, mulTN4AVX512, mulTN5AVX512, mulTN6AVX512, mulTN7AVX512,
			mulTN8AVX512, mulTN9AVX512, mulTN10AVX512, mulTN11AVX512, mulTN12AVX512, mulTN13AVX512, mulTN14AVX512},
		halfTN: []tile{1: mulTNHalf1AVX512, mulTNHalf2AVX512, mulTNHalf3AVX512, mulTNHalf4AVX512, mulTNHalf5AVX512, mulTNHalf6AVX512, mulTNHalf7AVX512,
			mulTNHalf8AVX512, mulTNHalf9AVX512, mulTNHalf10AVX512, mulTNHalf11AVX512, mulTNHalf12AVX512, mulTNHalf13AVX512, mulTNHalf14AVX512},
		few:       [5][5]tile{1: {4: mul1x4AVX512, 2: mul1x2AVX512}, 2: {2: mul2x2AVX512}, 3: {2: mul3x2AVX512}, 4: {2: mul4x2AVX512}},
		copyPanel: copyPanelAVX512, copyStrip: copyStripAVX512, copyStripSum: copyStripSumAVX512, transposeSquare: transposeAVX512,
	},
	exp: expAVX512, tanh: tanhAVX512, relu: reluAVX512,
	tanhBack: tanhBackAVX512, reluBack: reluBackAVX512,
	lstm: lstmAVX512, lstmBack: lstmBackAVX512, gru: gruAVX512, gruBack: gruBackAVX512,
	max: maxAVX512, expSum: expSumAVX512, softmax: softmaxAVX512, softmaxRows: softmaxRowsAVX512, dot: dotAVX512, sumSquares: sumSquaresAVX512, weigh: weighAVX512, peak: peakAVX512,
	add: addAVX512, addRows: addRowsAVX512, axpy: axpyAVX512, scale: scaleAVX512, clamp: clampAVX512, product: productAVX512, drop: dropAVX512,
	adam: adamAVX512, momentum: momentumAVX512, rmsprop: rmspropAVX512,
})

var avx2 = vectorSet("avx2", vectorKernels{
	products: products{
		width:     8,
		whole:     []tile{1: mul1AVX2, mul2AVX2, mul3AVX2, mul4AVX2, mul5AVX2, mul6AVX2},
		half:      []tile{1: mulHalf1AVX2, mulHalf2AVX2, mulHalf3AVX2, mulHalf4AVX2, mulHalf5AVX2, mulHalf6AVX2},
		wholeTN:   []tile{1: mulTN1AVX2, mulTN2AVX2, mulTN3AVX2, mulTN4AVX2, mulTN5AVX2, mulTN6AVX2},
		halfTN:    []tile{1: mulTNHalf1AVX2, mulTNHalf2AVX2, mulTNHalf3AVX2, mulTNHalf4AVX2, mulTNHalf5AVX2, mulTNHalf6AVX2},
		few:       [5][5]tile{1: {4: mul1x4AVX2, 2: mul1x2AVX2}, 2: {2: mul2x2AVX2}, 3: {2: mul3x2AVX2}},
		copyPanel: copyPanelAVX2, copyStrip: copyStripAVX2, copyStripSum: copyStripSumAVX2, transposeSquare: transposeAVX2,
	},
	exp: expAVX2, tanh: tanhAVX2, relu: reluAVX2,
	tanhBack: tanhBackAVX2, reluBack: reluBackAVX2,
	lstm: lstmAVX2, lstmBack: lstmBackAVX2, gru: gruAVX2, gruBack: gruBackAVX2,
	max: maxAVX2, expSum: expSumAVX2, softmax: softmaxAVX2, softmaxRows: softmaxRowsAVX2, dot: dotAVX2, sumSquares: sumSquaresAVX2, weigh: weighAVX2, peak: peakAVX2,
	add: addAVX2, addRows: addRowsAVX2, axpy: axpyAVX2, scale: scaleAVX2, clamp: clampAVX2, product: productAVX2, drop: dropAVX2,
	adam: adamAVX2, momentum: momentumAVX2, rmsprop: rmspropAVX2,
})
