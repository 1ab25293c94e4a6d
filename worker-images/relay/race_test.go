//go:build race

package main

// raceFactor is what the race detector costs in memory.
const raceFactor = 10
