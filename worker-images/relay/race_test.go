//go:build race

package main

// raceFactor is what the race detector costs in memory; and it makes a process end a second later.
const raceFactor = 10
