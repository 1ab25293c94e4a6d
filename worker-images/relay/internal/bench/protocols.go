package main

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"time"
)

const execute = `{"jsonrpc":"2.0","id":1,"method":"execute","params":{"job":{"id":"j","type":"t","data":{"n":1}},"context":{}}}`

// protocols are what a worker may speak, each as one speaks it to a bare program by hand: start returns when the
// program can take its job, and what it returns gives it the job and returns with the answer.
var protocols = []struct {
	name  string
	start func(command *exec.Cmd) (ask func())
}{
	{"jsonrpc", converse("", execute+"\n")},
	{"task", document(`{"id":"j","type":"t","params":{"n":1}}`)},
	{"messages", converse(`{"type":"init","plugin_configs":{}}`+"\n", `{"type":"execute","job_id":"j","plugin_name":"t","n":1}`+"\n")},
	{"http", serve},
}

func init() {
	workers["jsonrpc"] = func(int) { answerLines(map[string]string{"execute": `{"jsonrpc":"2.0","id":1,"result":{"n":1}}`}) }
	workers["messages"] = func(int) {
		answerLines(map[string]string{
			`"init"`:    `{"type":"ready","loaded_plugins":[]}`,
			`"execute"`: `{"type":"result","job_id":"j","status":"success","data":{"n":1}}`,
		})
	}
	workers["task"] = func(int) {
		_, err := io.Copy(io.Discard, os.Stdin)
		check(err)
		fmt.Println(`{"success":true,"result":{"n":1}}`)
	}
	workers["http"] = func(int) {
		http.HandleFunc("/", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "application/json")
			_, _ = io.WriteString(w, `{"n":1}`)
		})
		check(http.ListenAndServe("127.0.0.1:"+os.Getenv("PORT"), nil))
	}
}

// answerLines answers each line by the first word of it that it knows.
func answerLines(answers map[string]string) {
	lines := bufio.NewReader(os.Stdin)
	for {
		line, err := lines.ReadString('\n')
		if err != nil {
			return
		}
		for word, answer := range answers {
			if strings.Contains(line, word) {
				fmt.Println(answer)
			}
		}
	}
}

// converse says a greeting, if there is one, and hears one line; then the same with a job, behind which stdin ends. The
// answer is a line too.
func converse(greeting, job string) func(*exec.Cmd) func() {
	return func(command *exec.Cmd) func() {
		stdin, err := command.StdinPipe()
		check(err)
		stdout, err := command.StdoutPipe()
		check(err)
		check(command.Start())
		lines := bufio.NewReader(stdout)
		say := func(line string) {
			_, err := io.WriteString(stdin, line)
			check(err)
		}
		hear := func() {
			_, err := lines.ReadSlice('\n')
			check(err)
		}
		if greeting != "" {
			say(greeting)
			hear()
		}
		return func() {
			say(job)
			check(stdin.Close())
			hear()
		}
	}
}

// document says all there is on stdin; the answer is there when the program has ended.
func document(job string) func(*exec.Cmd) func() {
	return func(command *exec.Cmd) func() {
		stdin, err := command.StdinPipe()
		check(err)
		stdout, err := command.StdoutPipe()
		check(err)
		check(command.Start())
		return func() {
			_, err := io.WriteString(stdin, job)
			check(err)
			check(stdin.Close())
			_, err = io.ReadAll(stdout)
			check(err)
			check(command.Wait())
		}
	}
}

// serve waits for a server as the shim does, and posts it a job.
func serve(command *exec.Cmd) func() {
	listener, err := net.Listen("tcp4", "127.0.0.1:0")
	check(err)
	port := strconv.Itoa(listener.Addr().(*net.TCPAddr).Port)
	listener.Close()
	command.Env = append(os.Environ(), "PORT="+port)
	check(command.Start())
	for {
		if answer, err := http.Get("http://127.0.0.1:" + port + "/health"); err == nil {
			answer.Body.Close()
			break
		}
		time.Sleep(time.Millisecond)
	}
	return func() {
		answer, err := http.Post("http://127.0.0.1:"+port+"/execute", "application/json", strings.NewReader(`{"args":[],"kwargs":{"n":1}}`))
		check(err)
		_, err = io.ReadAll(answer.Body)
		check(err)
		answer.Body.Close()
	}
}
