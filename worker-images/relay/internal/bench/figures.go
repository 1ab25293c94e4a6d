package main

import (
	"fmt"
	"sort"
	"strconv"
	"strings"
	"time"
)

func durations(text string) []time.Duration {
	var all []time.Duration
	for _, field := range strings.Fields(text) {
		if n, err := strconv.Atoi(field); err == nil {
			all = append(all, time.Duration(n))
		}
	}
	return all
}

func percentile(all []time.Duration, p int) time.Duration {
	sort.Slice(all, func(i, j int) bool { return all[i] < all[j] })
	return all[(len(all)-1)*p/100]
}

func ratio(a, b []time.Duration, p int) float64 {
	return float64(percentile(a, p)) / float64(percentile(b, p))
}

func show(what string, all []time.Duration) {
	fmt.Printf("%-31s p50 %v, p99 %v (n=%d)\n", what, percentile(all, 50).Round(100), percentile(all, 99).Round(100), len(all))
}

func check(err error) {
	if err != nil {
		panic(err)
	}
}
