package checkup

import (
	"fmt"
	"strings"
)

// http is what docs/workers/http.md asks for.
func (d doctor) http(f *findings) bool {
	if !f.judge("listens, and is healthy", d.unhealthy()) {
		return false
	}
	execute := "POST /execute"
	if d.subject.Stream {
		execute = "POST /execute_stream"
	}
	if !f.judge("answers "+execute, d.unansweredRequest(execute), d.tooLarge()) {
		return false
	}
	(*f)[len(*f)-1].Remark = d.outcome()
	f.judge("cleans up", d.uncleaned())
	f.judge("ends at SIGTERM", d.ended("/cleanup and SIGTERM", "do not ignore SIGTERM: stop serving and exit"))
	return true
}

const listenCure = "listen on 127.0.0.1, at the port that the variable PORT names (or where the command says '$(PORT)'), and answer GET /health with status 200"

func (d doctor) unhealthy() problem {
	switch {
	case d.failedWith("WorkerNotStarted"):
		return problem{"it ended before it answered GET /health: " + d.howItEnded(), "see its last lines"}
	case d.NotReady():
		text := d.Failure.Message
		if len(d.Listening) > 0 {
			text += "\nit listens on " + strings.Join(d.Listening, ", ")
			if place := d.port(); place != "" {
				text += "\n" + place
			}
		} else if strings.Contains(d.Failure.Message, "refused") {
			text += "\nit listens nowhere"
		}
		return problem{text, listenCure}
	case !d.Answered() && d.exitedBefore("GET"):
		return problem{"it ended before it answered GET /health: " + d.howItEnded(), "see its last lines"}
	}
	return problem{}
}

// port is the line of the program that names the port where it listens instead.
func (d doctor) port() string {
	for _, address := range d.Listening {
		number := address[strings.LastIndexByte(address, ':')+1:]
		if place := d.sources.find(number); place != "" {
			return place
		}
	}
	return ""
}

func (d doctor) exitedBefore(request string) bool {
	for _, l := range d.Exit.StderrTail {
		if strings.HasPrefix(l, "podwork: the server ") && strings.Contains(l, "before it answered "+request) {
			return true
		}
	}
	return false
}

func (d doctor) unansweredRequest(execute string) problem {
	f := d.Failure
	switch {
	case !d.Answered() && !d.Late():
		return problem{execute + " was not answered: " + d.howItEnded(), "catch what can go wrong, and answer with status 500 and {\"detail\": …}"}
	case !d.Answered():
		return problem{
			fmt.Sprintf("%s was not answered within %v", execute, d.subject.Patience),
			"answer when the job is done; if it takes longer than that, give --timeout SECONDS or other --data",
		}
	case f == nil:
		return problem{}
	case strings.HasPrefix(f.Message, "POST /initialize"):
		return problem{f.Message, "check what --config has"}
	case f.Type == "HTTP404" || f.Type == "HTTP405":
		return problem{f.Message, "serve " + execute + ": its body has args (a list) and kwargs (an object)"}
	case f.Type == "ConnectionLost":
		return problem{f.Message + d.where(), "catch what can go wrong, and answer with status 500 and {\"detail\": …}; Content-Length must be the length of the body in bytes"}
	case f.Type == "InvalidResponse" && strings.Contains(f.Message, "content type"):
		return problem{f.Message, "send the header Content-Type: application/json, and JSON"}
	case f.Type == "InvalidResponse" && d.subject.Stream:
		return problem{f.Message, "write one JSON value on each line of the answer, and nothing else"}
	case f.Type == "InvalidResponse":
		return problem{f.Message, cureOf([]byte(f.Message))}
	}
	return problem{}
}

// uncleaned is what the shim noted about /cleanup. A server without it is one that has nothing to clean up.
func (d doctor) uncleaned() problem {
	for _, l := range strings.Split(d.Stderr, "\n") {
		if strings.HasPrefix(l, "podwork: POST /cleanup") {
			return problem{strings.TrimPrefix(l, "podwork: "), "answer POST /cleanup with status 200 within 5 s, or with 404 where there is nothing to clean up"}
		}
	}
	return problem{}
}
