// A worker that is one static program: it adds up the numbers that it is given.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
)

func main() {
	line, err := bufio.NewReader(os.Stdin).ReadBytes('\n')
	if err != nil {
		fmt.Fprintln(os.Stderr, "no job:", err)
		os.Exit(1)
	}
	var execute struct {
		ID     json.RawMessage
		Params struct {
			Job struct {
				Data struct{ Numbers []int }
			}
		}
	}
	if err := json.Unmarshal(line, &execute); err != nil {
		fmt.Fprintln(os.Stderr, "not a job:", err)
		os.Exit(1)
	}
	sum := 0
	for _, number := range execute.Params.Job.Data.Numbers {
		sum += number
	}
	fmt.Printf("{\"jsonrpc\":\"2.0\",\"id\":%s,\"result\":{\"sum\":%d}}\n", execute.ID, sum)
}
