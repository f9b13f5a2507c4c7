package picture_test

import (
	"fmt"
	"os"
	"path/filepath"

	"rnnscope/views"
	"rnnscope/views/picture"
)

// A pane's chart as three files.
func ExampleSave() {
	dir, err := os.MkdirTemp("", "example")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.RemoveAll(dir)
	theme := views.NewTheme(views.DarkBackground, views.Options{})
	chart := &picture.Chart{
		Page:   picture.Page{Title: "Loss", Subtitle: "LSTM 1×128 · fables · update 4", Theme: theme},
		X:      views.Axis{Name: "update", Whole: true},
		Y:      views.Axis{Name: "loss (nats per character)"},
		Series: []views.Series{{Name: "train", X: []float64{1, 2, 3, 4}, Y: []float64{4.1, 3.2, 2.9, 2.8}}},
	}
	paths, err := picture.Save(chart, filepath.Join(dir, "loss"))
	for _, path := range paths {
		fmt.Println(filepath.Base(path))
	}
	fmt.Println(err, len(chart.Missing()))
	// Output:
	// loss.svg
	// loss.png
	// loss.csv
	// <nil> 0
}

// What a terminal shows: the canvas that was drawn, and its theme.
func ExampleScreen() {
	theme := views.NewTheme(views.LightBackground, views.Options{})
	canvas := views.NewCanvas(24, 3)
	canvas.Text(1, 0, "p(的) = 0.31", theme.Text.With(views.Bold))
	canvas.Text(1, 1, "██████▌", theme.Series[0])
	screen := &picture.Screen{Page: picture.Page{Title: "next token", Theme: theme}, Canvas: canvas, Window: true}
	fmt.Println(picture.Write(screen, picture.CSV, os.Stdout))
	// Output:
	// row (cells),column (cells),width (cells),text,foreground,background,attributes
	// 0,0,1," ",,,
	// 0,1,12,p(的) = 0.31,,,bold
	// 0,13,11,"           ",,,
	// 1,0,1," ",,,
	// 1,1,7,██████▌,#005588,,
	// 1,8,16,"                ",,,
	// 2,0,24,"                        ",,,
	// <nil>
}
