package words

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode"
)

// sinks are the functions and methods that take a format or a phrase, and which
// of their arguments it is. Only they themselves may pass one on that is no
// literal.
var sinks = map[string]int{"Textf": 0, "Errorf": 0, "say": 0, "malformed": 1, "argumentCount": 2}

// said is a literal in the code that somebody will read.
type said struct {
	text  string
	place token.Position
}

// inCode finds all that the module says, and reports what is said past the
// catalogue.
func inCode(t *testing.T) []said {
	t.Helper()
	var found []said
	root := filepath.Join("..", "..")
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name := d.Name()
		if d.IsDir() && path != root && (strings.HasPrefix(name, ".") || name == "testdata" || name == "gen" || name == "say" || name == "terminal" || name == "budget") {
			return fs.SkipDir
		}
		if d.IsDir() || !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go") {
			return nil
		}
		files := token.NewFileSet()
		file, err := parser.ParseFile(files, path, nil, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		for _, decl := range file.Decls {
			within := ""
			if f, ok := decl.(*ast.FuncDecl); ok {
				within = f.Name.Name
			}
			ast.Inspect(decl, func(n ast.Node) bool {
				look(t, n, within, func(n ast.Node) token.Position { return files.Position(n.Pos()) }, &found)
				return true
			})
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// look takes in one node of the function within.
func look(t *testing.T, n ast.Node, within string, place func(ast.Node) token.Position, found *[]said) {
	switch n := n.(type) {
	case *ast.CallExpr:
		pkg, name := callee(n)
		if pkg == "fmt" && name == "Errorf" {
			t.Errorf("%s: fmt.Errorf cannot be translated; use say.Errorf", place(n))
		}
		if _, literal := literalArg(n); pkg == "errors" && name == "New" && literal && within != "" {
			t.Errorf("%s: errors.New cannot be translated; use say.Errorf", place(n))
		}
		if pkg == "fmt" && (strings.HasPrefix(name, "Fprint") || name == "Sprintf") || pkg == "l" && (name == "print" || name == "status") {
			plain(t, n, place)
		}
		i, ok := sinks[name]
		if !ok || name == "say" && !command(n, place) || len(n.Args) <= i {
			return
		}
		text, literal := constant(n.Args[i])
		_, passedOn := sinks[within]
		switch {
		case literal:
			*found = append(*found, said{text, place(n)})
		case !passedOn:
			t.Errorf("%s: what %s says must be a literal", place(n), name)
		}
	case *ast.CompositeLit:
		kind, ok := n.Type.(*ast.Ident)
		if !ok || !slices.Contains([]string{"Error", "usage", "hinted", "interrupted"}, kind.Name) {
			return
		}
		for _, field := range n.Elts {
			if kv, ok := field.(*ast.KeyValueExpr); ok {
				field = kv.Value
			}
			call, isCall := field.(*ast.CallExpr)
			_, isLiteral := constant(field)
			_, isSum := field.(*ast.BinaryExpr)
			if isCall {
				pkg, name := callee(call)
				isLiteral = pkg == "fmt" && name == "Sprintf"
			}
			if isLiteral || isSum {
				t.Errorf("%s: a message of %s is plain text; use say.Textf", place(field), kind.Name)
			}
		}
	}
}

// english is a word in a format.
var english = regexp.MustCompile(`[A-Za-z]{3}`)

// plain reports the words in what the command writes with package fmt, or as a
// line of progress, which everybody would read in English. The program's own name is none.
func plain(t *testing.T, call *ast.CallExpr, place func(ast.Node) token.Position) {
	if !command(call, place) {
		return
	}
	for _, arg := range call.Args {
		if text, ok := constant(arg); ok && english.MatchString(strings.ReplaceAll(text, "rnnscope", "")) && !slices.Contains(notWords, text) {
			t.Errorf("%s: %q is plain text; use p.say", place(call), text)
		}
	}
}

// command says whether a node is in the command, whose methods say translate.
func command(n ast.Node, place func(ast.Node) token.Position) bool {
	return strings.Contains(filepath.ToSlash(place(n).Filename), "/cmd/")
}

// notWords are formats of the command that no language changes.
var notWords = []string{"  %s [COMMAND]\n"}

// literalArg is the only argument of a call, if it is a literal.
func literalArg(c *ast.CallExpr) (string, bool) {
	if len(c.Args) != 1 {
		return "", false
	}
	return constant(c.Args[0])
}

func callee(c *ast.CallExpr) (pkg, name string) {
	switch f := c.Fun.(type) {
	case *ast.Ident:
		return "", f.Name
	case *ast.SelectorExpr:
		if x, ok := f.X.(*ast.Ident); ok {
			return x.Name, f.Sel.Name
		}
		return "", f.Sel.Name
	}
	return "", ""
}

// constant is the value of a string literal or a sum of them.
func constant(e ast.Expr) (string, bool) {
	switch e := e.(type) {
	case *ast.BasicLit:
		if e.Kind == token.STRING {
			s, err := strconv.Unquote(e.Value)
			return s, err == nil
		}
	case *ast.BinaryExpr:
		a, ok := constant(e.X)
		b, also := constant(e.Y)
		return a + b, ok && also && e.Op == token.ADD
	}
	return "", false
}

// verb is a verb of a format: flags, width, precision, argument, letter.
var verb = regexp.MustCompile(`%([-+# 0]*)(?:\*|\d+)?((?:\.\d+)?)(?:\[(\d+)\])?([a-zA-Z%])`)

// verbs lists which arguments a format writes and how, in the order of the
// arguments. Widths may differ.
func verbs(format string) []string {
	var out []string
	next := 1
	for _, m := range verb.FindAllStringSubmatch(format, -1) {
		if m[4] == "%" {
			continue
		}
		if m[3] != "" {
			next, _ = strconv.Atoi(m[3])
		}
		out = append(out, fmt.Sprintf("%d %s%s", next, m[2], strings.ReplaceAll(m[4], "w", "v")))
		next++
	}
	slices.Sort(out)
	return out
}

func han(s string) bool {
	return strings.ContainsFunc(s, func(r rune) bool { return unicode.Is(unicode.Han, r) })
}

// translated checks one English text and its Chinese.
func translated(t *testing.T, english, chinese string) {
	t.Helper()
	if !slices.Equal(verbs(english), verbs(chinese)) {
		t.Errorf("%q\n%q: arguments %v, want %v", english, chinese, verbs(chinese), verbs(english))
	}
	if strings.Count(english, "\n") != strings.Count(chinese, "\n") {
		t.Errorf("%q\n%q: other lines", english, chinese)
	}
	if english == chinese || !han(chinese) && !strings.ContainsAny(chinese, "：；，") {
		t.Errorf("%q: the Chinese is %q", english, chinese)
	}
}

// Everything said has its Chinese, and nothing else has.
func TestMessagesAreComplete(t *testing.T) {
	known := map[string]string{}
	for _, table := range messages {
		for english, chinese := range table {
			if _, twice := known[english]; twice {
				t.Errorf("%q is there twice", english)
			}
			known[english] = chinese
			translated(t, english, chinese)
		}
	}
	used := map[string]bool{}
	for _, s := range inCode(t) {
		if _, ok := known[s.text]; !ok && !used[s.text] {
			t.Errorf("%s: no Chinese for %q", s.place, s.text)
		}
		used[s.text] = true
	}
	for english := range known {
		if !used[english] {
			t.Errorf("nothing says %q", english)
		}
	}
	if len(used) < 100 {
		t.Errorf("found only %d messages", len(used))
	}
}
