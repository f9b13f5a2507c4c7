package store

import (
	"bufio"
	"math/bits"
	"strings"

	"rnnscope/core/say"
)

// What torch.save's pickles say of tensors:
//
//	storage   persistent id ("storage", torch.FloatStorage, key, location, elements)
//	tensor    torch._utils._rebuild_tensor_v2(storage, offset, shape, strides, requires_grad, hooks)
//	parameter torch._utils._rebuild_parameter(tensor, requires_grad, hooks)
//	state     collections.OrderedDict(), filled, then BUILD with its _metadata

// storageTypes are the names that may stand in a persistent id, and their
// elements.
var storageTypes = map[global]string{
	"torch.FloatStorage": "F32", "torch.DoubleStorage": "F64", "torch.HalfStorage": "F16", "torch.BFloat16Storage": "BF16",
	"torch.LongStorage": "I64", "torch.IntStorage": "I32", "torch.ShortStorage": "I16", "torch.CharStorage": "I8",
	"torch.ByteStorage": "U8", "torch.BoolStorage": "BOOL",
}

const (
	orderedDict      = global("collections.OrderedDict")
	rebuildTensor    = global("torch._utils._rebuild_tensor_v2")
	rebuildParameter = global("torch._utils._rebuild_parameter")
)

// storage is a run of elements of one type, kept elsewhere in the file.
type storage struct {
	key, dtype string
	elements   uint64
}

// stored is a tensor: a view of a storage. Offset and strides count elements.
type stored struct {
	storage        *storage
	offset         uint64
	shape, strides []uint64
}

// foreign is what a pickle asks for and no file of tensors needs.
type foreign struct{ name string }

func (f *foreign) Error() string { return f.Say(nil) }
func (f *foreign) Say(translate say.Translate) string {
	return say.Textf("it asks for %s; only tensors and dictionaries are read", f.name).Say(translate)
}

// named pushes a name of Python's that the table has.
func (u *unpickler) named(module, name string) error {
	g := global(module + "." + name)
	_, isStorage := storageTypes[g]
	if !isStorage && g != orderedDict && g != rebuildTensor && g != rebuildParameter {
		const most = 200
		return &foreign{strings.ToValidUTF8(string(g[:min(len(g), most)]), "?")}
	}
	if err := u.spend(costMemo + int64(len(g))); err != nil {
		return err
	}
	return u.push(g)
}

// global reads two lines, module and name.
func (u *unpickler) global() error {
	var parts [2]string
	for i := range parts {
		line, err := u.line()
		if err != nil {
			return err
		}
		parts[i] = line
	}
	return u.named(parts[0], parts[1])
}

func (u *unpickler) line() (string, error) {
	const most = 1 << 10
	var line []byte
	for len(line) < most {
		b, err := u.byte()
		if err != nil {
			return "", err
		}
		if b == '\n' {
			return string(line), u.spend(2 * int64(len(line)))
		}
		line = append(line, b)
	}
	return "", errPickleOrder
}

func (u *unpickler) stackGlobal() error {
	name, err := u.pop()
	if err != nil {
		return err
	}
	module, err := u.pop()
	if err != nil {
		return err
	}
	m, isText := module.(string)
	n, also := name.(string)
	if !isText || !also {
		return errPickleOrder
	}
	return u.named(m, n)
}

// storage turns a persistent id into a storage.
func (u *unpickler) storage() error {
	top, err := u.pop()
	if err != nil {
		return err
	}
	id, is := top.(*sequence)
	if !is || len(id.items) < 5 || id.items[0] != "storage" {
		return errPickleOrder
	}
	kind, isName := id.items[1].(global)
	key, isText := id.items[2].(string)
	elements, isNumber := id.items[4].(int64)
	dtype, isStorage := storageTypes[kind]
	if !isName || !isText || !isNumber || !isStorage || elements < 0 {
		return errPickleOrder
	}
	if len(id.items) > 5 && id.items[5] != nil {
		return say.Errorf("it has a storage that is part of another, as PyTorch before 0.4 wrote")
	}
	if err := u.spend(costDict + costMemo); err != nil {
		return err
	}
	made := &storage{key, dtype, uint64(elements)}
	u.storages = append(u.storages, made)
	return u.push(made)
}

// reduce calls one of the functions of the table.
func (u *unpickler) reduce() error {
	arguments, err := u.pop()
	if err != nil {
		return err
	}
	function, err := u.pop()
	if err != nil {
		return err
	}
	args, is := arguments.(*sequence)
	if !is {
		return errPickleOrder
	}
	switch function {
	case orderedDict:
		if len(args.items) > 0 {
			return say.Errorf("the pickle fills a dictionary in a way that no file of tensors needs")
		}
		d, err := u.dict()
		if err != nil {
			return err
		}
		return u.push(d)
	case rebuildParameter:
		if len(args.items) < 1 {
			return errPickleOrder
		}
		t, is := args.items[0].(*stored)
		if !is {
			return errPickleOrder
		}
		return u.push(t)
	case rebuildTensor:
		t, err := u.tensor(args.items)
		if err != nil {
			return err
		}
		return u.push(t)
	}
	return errPickleOrder
}

// tensor is a view of a storage, which must not reach beyond it.
func (u *unpickler) tensor(args []any) (*stored, error) {
	if len(args) < 4 {
		return nil, errPickleOrder
	}
	s, isStorage := args[0].(*storage)
	offset, isNumber := args[1].(int64)
	shape, ok := sizes(args[2])
	strides, also := sizes(args[3])
	if !isStorage || !isNumber || offset < 0 || !ok || !also || len(shape) != len(strides) {
		return nil, errPickleOrder
	}
	if err := u.spend(costTensor + 48*int64(len(shape))); err != nil {
		return nil, err
	}
	t := &stored{s, uint64(offset), shape, strides}
	// The last element that is seen, and how many are: both must be in the
	// storage. A view that repeats elements could be far larger than it.
	last, count, empty := uint64(offset), uint64(1), false
	for i, n := range shape {
		if n == 0 {
			empty = true
			break
		}
		high, reach := bits.Mul64(n-1, strides[i])
		more, carry := bits.Add64(last, reach, 0)
		over, product := bits.Mul64(count, n)
		if high != 0 || carry != 0 || over != 0 {
			return nil, errViewBeyond
		}
		last, count = more, product
	}
	if !empty && (last >= s.elements || count > s.elements) {
		return nil, errViewBeyond
	}
	return t, nil
}

var errViewBeyond = say.Errorf("it has a tensor that reaches beyond its storage or repeats its elements")

// sizes reads a tuple of non-negative numbers.
func sizes(v any) ([]uint64, bool) {
	s, is := v.(*sequence)
	if !is {
		return nil, false
	}
	out := make([]uint64, len(s.items))
	for i, item := range s.items {
		n, is := item.(int64)
		if !is || n < 0 {
			return nil, false
		}
		out[i] = uint64(n)
	}
	return out, true
}

// build passes over the _metadata of a state_dict.
func (u *unpickler) build() error {
	if _, err := u.pop(); err != nil {
		return err
	}
	if len(u.stack) == 0 {
		return errPickleOrder
	}
	if _, is := u.stack[len(u.stack)-1].(*dict); !is {
		return errPickleOrder
	}
	return nil
}

// newUnpickler reads pickles from r, of which left bytes follow.
func newUnpickler(r *bufio.Reader, left, memory int64) *unpickler {
	return &unpickler{r: r, left: left, memory: memory}
}
