package words

// Screen is all that the screen says. A field with a verb is a format.
type Screen struct {
	Colon     string // between a name and what is said of it
	Top       Top
	Keys      Keys
	Notes     Notes
	Heat      Heat
	Train     Train
	Inspect   Inspect
	Gradients Gradients
	Sample    Sample
	Ladder    Ladder
	LagLab    LagLab
	Corpus    Corpus
	Runs      Runs
}

// Action is what a key does: Short for the line at the bottom, Long for help
// and the palette of commands.
type Action struct{ Short, Long string }

// Tab is a screen: the name on its tab, the title of its help and, in three
// sentences, what it shows and how to read it.
type Tab struct {
	Name, Title string
	About       [3]string
}

// Top is the two lines above and what is said when there is no room.
type Top struct {
	Char, Word string
	Weights    string    // %s: number of weights
	Phases     [9]string // that of a silent run has %s: for how long
	Watching   string    // %s: the name of a run that another program trains
	LookingAt  string    // %s: an earlier update
	WeightsOf  string    // %s: the update whose weights are looked at
	NoWeights  string    // none are saved yet
	Update     string    // %s
	Epoch      string    // %.2f
	Rate       string    // %s: tokens a second
	LookBack   string    // what the timeline is for
	TooSmall   string    // %d %d %d %d: columns and rows there are, and are needed
}

// Keys are the actions of all screens.
type Keys struct {
	Help, Palette, Pause, Step, Picture, Whole, Save, Theme, Language, Suspend, Quit Action
	Earlier, Later, ToNow, Fork                                                      Action

	Key          string // heads a list of keys
	Open         string // %s: the name of a screen
	Everywhere   string
	Timeline     string // what it is
	Close        string
	NothingFound string
}

// Notes are messages that pass.
type Notes struct {
	NothingYet string
	NoneSaved  string // by the program that trains
	Saving     string
	Restarted  string // %s %d: cell, seed
	NotKept    string
	Wrote      string // %s: files
	Missing    string // %d: characters that no font had
	Window     string // %d: the new window
	Typing     string
	Diverged   string
	Steady     string // nothing has diverged
	Watched    string
	NoPast     string
	ForkWhere  string
	Forked     string // %s: the update
}

// Heat are the words of a heatmap's legend; see views.HeatmapWords.
type Heat struct{ Local, Global, Units, Steps, NotFinite, Beyond string }

// For is the catalogue of a language.
func For(l Lang) *Screen {
	if l == Chinese {
		return &chineseScreen
	}
	return &englishScreen
}
