package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"sync"
)

// Job is the one job of this process, and the operator's services. Nothing in this file is about primes: copy it.
type Job struct {
	Data json.RawMessage
	// Cancelled is closed when the attempt is over before its answer.
	Cancelled chan struct{}

	id      json.RawMessage
	writing sync.Mutex
	mu      sync.Mutex
	lastID  int
	waiting map[int]chan message
}

type message struct {
	Version string          `json:"jsonrpc"`
	ID      json.RawMessage `json:"id,omitempty"`
	Method  string          `json:"method,omitempty"`
	Params  json.RawMessage `json:"params,omitempty"`
	Result  json.RawMessage `json:"result,omitempty"`
	Error   *Failure        `json:"error,omitempty"`
}

// Failure is an error of the protocol: what a service refuses with, and what a worker fails with.
type Failure struct {
	Code    int    `json:"code"`
	Message string `json:"message"`
	Data    any    `json:"data,omitempty"`
}

func (f *Failure) Error() string { return f.Message }

// Accept waits for the job. From here on something always reads stdin: a worker that only writes would end up
// waiting for an operator that waits for it.
func Accept() (*Job, error) {
	j := &Job{Cancelled: make(chan struct{}), waiting: map[int]chan message{}}
	arrived := make(chan error, 1)
	go j.read(bufio.NewReader(os.Stdin), arrived)
	return j, <-arrived
}

func (j *Job) read(stdin *bufio.Reader, arrived chan error) {
	for {
		line, err := stdin.ReadBytes('\n')
		if err != nil {
			j.end()
			arrived <- fmt.Errorf("stdin ended before a job came: %w", err)
			return
		}
		var m message
		if json.Unmarshal(line, &m) != nil || m.Version != "2.0" {
			continue
		}
		switch {
		case m.Method == "execute" && j.id == nil:
			var params struct {
				Job struct{ Data json.RawMessage }
			}
			err := json.Unmarshal(m.Params, &params)
			j.id, j.Data = m.ID, params.Job.Data
			arrived <- err
		case m.Method == "cancel":
			j.end()
		case m.Method == "":
			var id int
			if json.Unmarshal(m.ID, &id) == nil {
				j.settle(id, m)
			}
		}
	}
}

// end tells everybody that waits, once.
func (j *Job) end() {
	j.mu.Lock()
	defer j.mu.Unlock()
	select {
	case <-j.Cancelled:
	default:
		close(j.Cancelled)
	}
}

func (j *Job) settle(id int, m message) {
	j.mu.Lock()
	defer j.mu.Unlock()
	if waiting, ok := j.waiting[id]; ok {
		delete(j.waiting, id)
		waiting <- m
	}
}

// Call asks a service and waits for its answer; result may be nil.
func (j *Job) Call(method string, params, result any) error {
	answered := make(chan message, 1)
	j.mu.Lock()
	j.lastID++
	id := j.lastID
	j.waiting[id] = answered
	j.mu.Unlock()
	if err := j.send(message{ID: encode(id), Method: method, Params: encode(params)}); err != nil {
		return err
	}
	select {
	case m := <-answered:
		if m.Error != nil {
			return m.Error
		}
		if result == nil || len(m.Result) == 0 {
			return nil
		}
		return json.Unmarshal(m.Result, result)
	case <-j.Cancelled:
		return errors.New("the job was cancelled")
	}
}

// Log does not wait.
func (j *Job) Log(level, text string, metadata map[string]any) error {
	return j.send(message{Method: "ctx.logger.log",
		Params: encode(map[string]any{"level": level, "message": text, "metadata": metadata})})
}

// Answer tells the job's result, or why there is none.
func (j *Job) Answer(result any, err error) error {
	if err == nil {
		return j.send(message{ID: j.id, Result: encode(result)})
	}
	failure, ok := err.(*Failure)
	if !ok {
		failure = &Failure{Code: -32000, Message: err.Error(), Data: map[string]any{"type": fmt.Sprintf("%T", err)}}
	}
	return j.send(message{ID: j.id, Error: failure})
}

func (j *Job) send(m message) error {
	m.Version = "2.0"
	j.writing.Lock()
	defer j.writing.Unlock()
	_, err := os.Stdout.Write(append(encode(m), '\n'))
	return err
}

// encode writes what this program itself has made, which JSON always carries.
func encode(value any) json.RawMessage {
	text, err := json.Marshal(value)
	if err != nil {
		panic(err)
	}
	return text
}
