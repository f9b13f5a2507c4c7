//go:build !purego

package kernel

func available() []*Set { return []*Set{portable} }
