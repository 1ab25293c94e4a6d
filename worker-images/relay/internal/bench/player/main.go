// Command player plays the workers of pods that nobody runs: for each it does with the context server what relay,
// shim and worker would. Pods come on stdin, one JSON object a line; each is told of on stdout when its session is over.
package main

import (
	"bufio"
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"sync"
	"time"

	"podwork.dev/relay/internal/relay"
)

// patience bounds a session, from its pod's start to the last acknowledgement.
const patience = 2 * time.Minute

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "player:", err)
		os.Exit(1)
	}
}

func run() error {
	keyFile := flag.String("token-key", "", "private key of the cluster's service-account tokens, PEM")
	name := flag.String("issuer", "", "issuer of the cluster's service-account tokens")
	flag.Parse()
	key, err := readKey(*keyFile)
	if err != nil {
		return err
	}
	tokens, err := newIssuer(*name, key)
	if err != nil {
		return err
	}
	// The server's address and authority, as the pod's own relay is given them.
	server, err := relay.FromEnvironment(os.Getenv, "player")
	if err != nil {
		return err
	}
	return playAll(player{server: server, tokens: tokens}, bufio.NewScanner(os.Stdin), json.NewEncoder(os.Stdout))
}

// outcome of a session; it went well when there is no error.
type outcome struct {
	Name  string `json:"name"`
	Error string `json:"error,omitempty"`
}

func playAll(p player, pods *bufio.Scanner, outcomes *json.Encoder) error {
	var playing sync.WaitGroup
	var mu sync.Mutex
	for pods.Scan() {
		var next pod
		if err := json.Unmarshal(pods.Bytes(), &next); err != nil {
			return fmt.Errorf("stdin: a pod must be one JSON object on a line: %w", err)
		}
		playing.Add(1)
		go func() {
			defer playing.Done()
			ctx, cancel := context.WithTimeout(context.Background(), patience)
			defer cancel()
			over := outcome{Name: next.Name}
			if err := p.play(ctx, next); err != nil {
				over.Error = err.Error()
			}
			mu.Lock()
			defer mu.Unlock()
			_ = outcomes.Encode(over)
		}()
	}
	playing.Wait()
	return pods.Err()
}
