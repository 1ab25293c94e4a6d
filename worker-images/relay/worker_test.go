package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// The test binary is also the program under test, and the workers that it runs.
func TestMain(m *testing.M) {
	if len(os.Args) > 1 {
		switch os.Args[1] {
		case "relay", "shim", "install", "version":
			main()
		case "worker":
			workers[os.Args[2]](os.Args[3:])
			os.Exit(0)
		}
	}
	os.Exit(m.Run())
}

var stdin = bufio.NewReaderSize(os.Stdin, 64<<10)

func tell(format string, args ...interface{}) { fmt.Printf(format+"\n", args...) }

// hear returns the next message, and ends the worker at the end of stdin.
func hear() (message struct {
	ID     json.RawMessage
	Method string
	Result json.RawMessage
	Error  json.RawMessage
}) {
	line, err := stdin.ReadBytes('\n')
	if err == io.EOF {
		os.Exit(0)
	}
	if err := json.Unmarshal(line, &message); err != nil {
		fmt.Fprintf(os.Stderr, "worker got %q: %v\n", line, err)
		os.Exit(99)
	}
	return message
}

func number(args []string, i int) int {
	n, err := strconv.Atoi(args[i])
	if err != nil {
		panic(err)
	}
	return n
}

func fill(n int) {
	chunk := bytes.Repeat([]byte("x"), 1<<20)
	for ; n > 0; n -= len(chunk) {
		if n < len(chunk) {
			chunk = chunk[:n]
		}
		os.Stdout.Write(chunk)
	}
}

const executed = `{"jsonrpc":"2.0","id":1,"result":%s}`

var workers = map[string]func(args []string){
	// Calls n times, one after the other, and answers execute with the results' number.
	"calls": func(args []string) {
		hear()
		right := 0
		for i := 0; i < number(args, 0); i++ {
			tell(`{"jsonrpc":"2.0","id":%d,"method":"ctx.state.get","params":{"key":"k"}}`, i)
			if answer := hear(); string(answer.ID) == strconv.Itoa(i) && string(answer.Result) == strconv.Itoa(i) {
				right++
			}
			if len(args) > 1 {
				time.Sleep(time.Duration(number(args, 1)) * time.Millisecond)
			}
		}
		tell(executed, strconv.Itoa(right))
	},
	// Says everything that it hears on stderr, until its stdin ends.
	"echo": func([]string) {
		for {
			line, err := stdin.ReadString('\n')
			fmt.Fprint(os.Stderr, line)
			if err != nil {
				return
			}
		}
	},
	// Says n notifications of so many bytes without listening.
	"flood": func(args []string) {
		text := strings.Repeat("x", number(args, 1))
		out := bufio.NewWriter(os.Stdout)
		for i := 0; i < number(args, 0); i++ {
			fmt.Fprintf(out, `{"jsonrpc":"2.0","method":"n","params":{"i":%d,"text":"%s"}}`+"\n", i, text)
		}
		out.Flush()
	},
	"lines": func(args []string) {
		for _, arg := range args {
			tell("%s", strings.ReplaceAll(arg, `\0`, "\x00"))
		}
	},
	"text": func(args []string) { fmt.Print(args[0]) },
	"oversize": func(args []string) {
		fmt.Print(args[0])
		fill(number(args, 1))
		tell("")
		tell(executed, `"after"`)
	},
	"exit": func(args []string) {
		for i := 0; i < 30; i++ {
			fmt.Fprintf(os.Stderr, "line %d\n", i)
		}
		os.Exit(number(args, 0))
	},
	"kill-self": func([]string) {
		_ = syscall.Kill(os.Getpid(), syscall.SIGKILL)
		time.Sleep(time.Minute)
	},
	"close-stdout": func([]string) {
		os.Stdout.Close()
		time.Sleep(300 * time.Millisecond)
		os.Exit(3)
	},
	// Leaves a child behind that holds the pipes: in its group, or in one of its own.
	"grandchild": func(args []string) {
		child := exec.Command("/bin/sh", "-c", "echo from the grandchild; sleep 60; echo late")
		child.Stdout, child.Stderr = os.Stdout, os.Stderr
		child.SysProcAttr = &syscall.SysProcAttr{Setpgid: args[0] == "escaped"}
		if err := child.Start(); err != nil {
			panic(err)
		}
		tell(executed, strconv.Itoa(child.Process.Pid))
	},
	"deaf": func([]string) { time.Sleep(time.Minute) },
	"stubborn": func([]string) {
		signal.Ignore(syscall.SIGTERM)
		tell("ignoring SIGTERM")
		time.Sleep(time.Minute)
	},
	"polite": func([]string) {
		asked := make(chan os.Signal, 1)
		signal.Notify(asked, syscall.SIGTERM)
		tell("waiting for SIGTERM")
		<-asked
		tell(`{"jsonrpc":"2.0","id":1,"error":{"code":-32000,"message":"stopped"}}`)
		os.Exit(9)
	},
	// Ends by itself, after its stdin has.
	"tidy": func([]string) {
		_, _ = io.Copy(io.Discard, stdin)
		tell("tidying up")
		time.Sleep(400 * time.Millisecond)
		os.Exit(4)
	},
	"play": playExchange,
	"environment": func([]string) {
		for _, variable := range os.Environ() {
			tell("%s", variable)
		}
	},
}
