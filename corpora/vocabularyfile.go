package corpora

import (
	"bytes"
	"encoding/json"
	"strconv"
	"strings"
	"unicode/utf8"

	"rnnscope/core/say"
)

// ReadVocabulary reads the vocabulary of a model that came without one: a JSON
// list of tokens, a JSON object {token: id}, a run.json or another object with a
// vocabulary in it, or text with one token a line, in
// which a line that is a JSON string stands for what it quotes ("\n" is how a
// newline is written). How text is cut is taken from opt; where opt does not
// set the level, a vocabulary of single code points, <marked> tokens apart, is
// one of characters.
func ReadVocabulary(path string, opt Options) (*Vocabulary, error) {
	text, err := readClean(path)
	if err != nil {
		return nil, err
	}
	v, err := vocabularyOf(text, opt)
	if err == nil {
		return v, nil
	}
	return nil, &Error{
		What: say.Textf("%s: %v", path, err),
		Hint: say.Textf("a vocabulary is a JSON list, {token: id}, or text with one token a line"),
		Err:  err,
	}
}

// vocabularyOf reads the text of a vocabulary file.
func vocabularyOf(text []byte, opt Options) (*Vocabulary, error) {
	var whole struct{ Vocabulary *Vocabulary }
	if json.Unmarshal(text, &whole) == nil && whole.Vocabulary != nil {
		return whole.Vocabulary, nil // which says how text is cut
	}
	tokens, err := parseVocabulary(text)
	if err != nil {
		return nil, err
	}
	level := opt.Level
	if !opt.LevelSet {
		level = levelOf(tokens)
	}
	return NewVocabulary(level, opt.Tokens, opt.Lowercase, tokens)
}

// readClean reads a small file as a text is read.
func readClean(path string) ([]byte, error) {
	s, err := fileSource(path)
	if err != nil {
		return nil, err
	}
	defer s.close()
	var text []byte
	scan := scanner{source: s, buffer: bufferSize, text: func(piece []byte) { text = append(text, piece...) }}
	return text, scan.run()
}

func parseVocabulary(text []byte) ([]string, error) {
	trimmed := bytes.TrimSpace(text)
	var list []string
	if json.Unmarshal(trimmed, &list) == nil && list != nil {
		return list, nil
	}
	var table map[string]int
	if json.Unmarshal(trimmed, &table) == nil && table != nil {
		return byID(table)
	}
	var tables map[string]json.RawMessage
	if json.Unmarshal(trimmed, &tables) == nil {
		for _, name := range tableNames {
			if tokens, err := parseTable(tables[name]); tokens != nil || err != nil {
				return tokens, err
			}
		}
	}
	if json.Valid(trimmed) && bytes.ContainsAny(trimmed[:1], "[{") && len(trimmed) > 1 {
		return nil, say.Errorf("this JSON is no vocabulary")
	}
	return oneALine(string(text))
}

// tableNames are what programs call the table that they keep beside others:
// torch-rnn and char-rnn, torchtext, nanoGPT, the lecture's class, Keras.
var tableNames = []string{
	"token_to_idx", "stoi", "word_to_idx", "char_to_ix", "word2idx", "char2idx", "token2id", "word_index", "vocab", "chars", "tokens",
	"itos", "idx_to_token", "idx_to_word", "ix_to_char",
}

// parseTable reads a list, {token: id} or {"id": token}; nil is none of them.
func parseTable(raw json.RawMessage) ([]string, error) {
	var list []string
	var table map[string]int
	var tokens map[string]string
	switch {
	case json.Unmarshal(raw, &list) == nil && list != nil:
		return list, nil
	case json.Unmarshal(raw, &table) == nil && table != nil:
		return byID(table)
	case json.Unmarshal(raw, &tokens) == nil && tokens != nil:
		table = map[string]int{}
		for id, token := range tokens {
			n, err := strconv.Atoi(id)
			if err != nil {
				return nil, nil
			}
			if other, twice := table[token]; twice {
				return nil, say.Errorf("tokens %d and %d of the vocabulary are both %q", min(other, n), max(other, n), token)
			}
			table[token] = n
		}
		return byID(table)
	}
	return nil, nil
}

// byID puts tokens in the order of their ids, which must be 0 … V-1 or, as Lua
// counts, 1 … V.
func byID(table map[string]int) ([]string, error) {
	tokens := make([]string, len(table))
	has := make([]bool, len(table))
	first := 1
	for _, id := range table {
		first = min(first, id)
	}
	if first == 1 {
		shifted := make(map[string]int, len(table))
		for token, id := range table {
			shifted[token] = id - 1
		}
		table = shifted
	}
	for token, id := range table {
		if id < 0 || id >= len(tokens) {
			return nil, say.Errorf("token %q has id %d, outside 0 to %d", token, id, len(tokens)-1)
		}
		if has[id] {
			return nil, say.Errorf("tokens %q and %q both have id %d", min(tokens[id], token), max(tokens[id], token), id)
		}
		tokens[id], has[id] = token, true
	}
	return tokens, nil
}

// oneALine reads a token a line, quoted or as it stands.
func oneALine(text string) ([]string, error) {
	var tokens []string
	for line := range strings.SplitSeq(strings.TrimSuffix(text, "\n"), "\n") {
		if line == "" {
			return nil, say.Errorf(`line %d is empty; a newline is written "\n", in quotes`, len(tokens)+1)
		}
		var quoted string
		if line[0] == '"' && json.Unmarshal([]byte(line), &quoted) == nil {
			line = quoted
		}
		tokens = append(tokens, line)
	}
	return tokens, nil
}

// levelOf guesses the level from the look of the tokens.
func levelOf(tokens []string) Level {
	for _, t := range tokens {
		marked := strings.HasPrefix(t, "<") && strings.HasSuffix(t, ">")
		if !marked && utf8.RuneCountInString(t) != 1 {
			return Word
		}
	}
	return Char
}
