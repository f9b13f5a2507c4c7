package probe

import (
	"math"

	"gonum.org/v1/gonum/mat"

	"rnnscope/core/scope"
)

// lyapunov takes count vectors along the text and makes them orthogonal again
// after every step (Benettin et al. 1980):
//
//	J_t Q_{t-1} = Q_t R_t     λ_i = mean over t of ln R_t[i,i]
func (r *recurrence) lyapunov(points []point, count int, out *scope.Jacobians, tick func() error) error {
	n := r.size()
	q := mat.NewDense(count, n, nil) // the vectors as rows
	for i := range count {
		for j := range n { // any start that favours no direction: a chirp
			q.Set(i, j, math.Sin(float64((i+1)*(j+1)*(j+3))))
		}
	}
	orthonormal(q)
	sums := make([]float64, count)
	var next mat.Dense
	for _, p := range points {
		next.Mul(q, r.jacobian(p).T())
		q.Copy(&next)
		for i, l := range orthonormal(q) {
			sums[i] += math.Log(l)
		}
		if err := tick(); err != nil {
			return err
		}
	}
	for _, s := range sums {
		out.Lyapunov = append(out.Lyapunov, s/float64(len(points)))
	}
	return nil
}

// orthonormal makes the rows of q so, in order, by Gram and Schmidt's method
// done twice, and returns what was left of each row's length: the diagonal of
// the R of a QR decomposition.
func orthonormal(q *mat.Dense) []float64 {
	rows, _ := q.Dims()
	lengths := make([]float64, rows)
	for i := range rows {
		v := q.RawRowView(i)
		for range 2 {
			for k := range i {
				u := q.RawRowView(k)
				d := inner(u, v)
				for j := range v {
					v[j] -= d * u[j]
				}
			}
		}
		lengths[i] = math.Sqrt(inner(v, v))
		if lengths[i] == 0 {
			continue
		}
		for j := range v {
			v[j] /= lengths[i]
		}
	}
	return lengths
}
