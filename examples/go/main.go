// Counts primes, one segment after the other. Another attempt goes on where the one before it was: how far that is
// stands in the job's state.
package main

import (
	"encoding/json"
	"fmt"
	"os"
)

const cancelled = 130

type task struct {
	Limit, Segment int
}

// reached is what the state keeps.
type reached struct {
	Next  int `json:"next"`
	Count int `json:"count"`
}

func main() {
	job, err := Accept()
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	result, err := count(job)
	select {
	case <-job.Cancelled:
		os.Exit(cancelled)
	default:
	}
	if err := job.Answer(result, err); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func count(job *Job) (any, error) {
	t := task{Segment: 100_000}
	if err := json.Unmarshal(job.Data, &t); err != nil || t.Limit < 2 || t.Segment < 1 {
		return nil, &Failure{Code: -32000, Message: "data must be {\"limit\": at least 2, \"segment\": at least 1}",
			Data: map[string]any{"type": "InvalidData", "retriable": false}}
	}
	at := reached{Next: 2}
	if err := job.Call("ctx.state.get", map[string]any{"key": "reached"}, &at); err != nil {
		return nil, err
	}
	if at.Next > 2 {
		job.Log("info", "going on", map[string]any{"from": at.Next})
	}
	for index := 0; at.Next <= t.Limit; index++ {
		select {
		case <-job.Cancelled:
			return nil, nil
		default:
		}
		end := at.Next + t.Segment
		if end > t.Limit+1 {
			end = t.Limit + 1
		}
		found := sieve(at.Next, end)
		part := map[string]any{"index": index, "chunk": map[string]int{"from": at.Next, "primes": found}}
		at = reached{Next: end, Count: at.Count + found}
		progress := map[string]any{"progress": 100 * float64(end-1) / float64(t.Limit)}
		if err := firstError(
			job.Call("ctx.stream", part, nil),
			job.Call("ctx.state.set", map[string]any{"key": "reached", "value": at}, nil),
			job.Call("ctx.progress", progress, nil),
		); err != nil {
			return nil, err
		}
	}
	return map[string]int{"limit": t.Limit, "primes": at.Count}, nil
}

// sieve counts the primes from a number of at least 2 up to, but without, the end.
func sieve(from, end int) int {
	composite := make([]bool, end-from)
	count := end - from
	for n := 2; n*n < end; n++ {
		first := (from + n - 1) / n * n
		if first < n*n {
			first = n * n
		}
		for multiple := first; multiple < end; multiple += n {
			if !composite[multiple-from] {
				composite[multiple-from] = true
				count--
			}
		}
	}
	return count
}

func firstError(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}
