package store

import (
	"slices"
	"testing"
)

func TestSamplesAreReadAsTheyWereWritten(t *testing.T) {
	run := newRun(t, small)
	dir := run.Dir()
	if got, err := ReadSamples(dir); err != nil || len(got) != 0 {
		t.Fatal(got, err)
	}
	want := []Written{{100, 0.8, "one\n\ntwo\n"}, {300, 0.8, ""}, {1000, 1, "狗咬人 == update"}}
	follower := Follow(dir)
	for _, w := range want {
		if err := run.AddSample(w); err != nil {
			t.Fatal(err)
		}
	}
	if got, err := ReadSamples(dir); err != nil || !slices.Equal(got, want) {
		t.Errorf("%+v, %v; want %+v", got, err, want)
	}
	if got, news := follower.Samples(); !news || !slices.Equal(got, want) {
		t.Errorf("followed: %v, %+v", news, got)
	}
	if _, news := follower.Samples(); news {
		t.Error("nothing new is news")
	}
}

func FuzzSamples(f *testing.F) {
	f.Add([]byte("== update 5, temperature 0.8\nabc\n\n== update 6, temp"))
	f.Fuzz(func(t *testing.T, text []byte) {
		var again []byte
		all := parseSamples(text)
		for _, w := range all {
			again = append(again, w.heading()+"\n"+w.Text+"\n\n"...)
		}
		if got := parseSamples(again); len(got) != len(all) {
			t.Fatalf("%d samples, written again %d", len(all), len(got))
		}
	})
}
