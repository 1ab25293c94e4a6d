package main

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"time"

	"podwork.dev/relay/internal/fakeserver"
	"podwork.dev/relay/internal/wire"
)

const execute = `{"jsonrpc":"2.0","id":1,"method":"execute","params":{"job":{"id":"j","type":"t","data":{"n":1}},"context":{}}}`

// protocols are the ways to give a worker one job, from its start until its answer: told by hand over bare
// pipes or loopback, and by shim and relay.
var protocols = []struct {
	name string
	bare func(command *exec.Cmd)
}{
	{"jsonrpc", converse(execute + "\n")},
	{"task", converse(`{"id":"j","type":"t","params":{"n":1}}`)},
	{"messages", converse(`{"type":"init","plugin_configs":{}}`+"\n", `{"type":"execute","job_id":"j","plugin_name":"t","n":1}`+"\n")},
	{"http", request},
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

// converse says lines and hears one for each; stdin ends behind the last.
func converse(says ...string) func(*exec.Cmd) {
	return func(command *exec.Cmd) {
		stdin, err := command.StdinPipe()
		check(err)
		stdout, err := command.StdoutPipe()
		check(err)
		check(command.Start())
		lines := bufio.NewReader(stdout)
		for i, line := range says {
			_, err := io.WriteString(stdin, line)
			check(err)
			if i == len(says)-1 {
				check(stdin.Close())
			}
			_, err = lines.ReadSlice('\n')
			check(err)
		}
	}
}

// request waits for a server and asks it, as the shim would.
func request(command *exec.Cmd) {
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
	answer, err := http.Post("http://127.0.0.1:"+port+"/execute", "application/json", strings.NewReader(`{"args":[],"kwargs":{"n":1}}`))
	check(err)
	_, err = io.ReadAll(answer.Body)
	check(err)
	answer.Body.Close()
}

func jobs(binary string) {
	for _, protocol := range protocols {
		var bare, far []time.Duration
		for i := 0; i < starts; i++ {
			command := exec.Command(os.Args[0], protocol.name, "0")
			begin := time.Now()
			protocol.bare(command)
			bare = append(bare, time.Since(begin))
			_ = command.Process.Kill()
			_ = command.Wait()
			far = append(far, job(binary, protocol.name))
		}
		show("job, "+protocol.name+", bare", bare)
		show("job, "+protocol.name+", shim and relay", far)
	}
}

// job is how long a worker takes under the shim, beside a relay that is there already.
func job(binary, protocol string) time.Duration {
	greeted, answered := make(chan struct{}), make(chan struct{})
	p := newPod(binary, &fakeserver.Server{
		Hello: func(string) string { close(greeted); return "" },
		Handle: func(_ *fakeserver.Server, f wire.Frame) {
			if f.Kind == wire.Msg && bytes.Contains(f.Payload, []byte(`"result":{"n":1}`)) {
				close(answered)
			}
		},
	})
	p.server.Send(wire.Msg, execute)
	p.shim.Env = append(p.shim.Env, "PODWORK_PROTOCOL="+protocol)
	p.relay.Stderr = nil
	check(p.relay.Start())
	<-greeted
	p.shim.Args = append(p.shim.Args, protocol, "0")
	begin := time.Now()
	check(p.shim.Start())
	<-answered
	took := time.Since(begin)
	p.end()
	return took
}
