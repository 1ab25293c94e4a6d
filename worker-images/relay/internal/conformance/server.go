package conformance

import (
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/signal"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// Response is what a server answers, and perhaps ends with.
type Response struct {
	// Request is what the body must match.
	Request json.RawMessage
	Status  int
	// Type is the content type: application/json where there is none, and no header where it is "none".
	Type string
	// JSON, Text or Pieces is the body; Pieces are sent one by one, with Pause milliseconds between them.
	JSON, Text json.RawMessage
	Pieces     []string
	Pause      int
	// Length is what Content-Length says, where that is not the truth.
	Length int
	// Padding is how long a header is that nobody needs.
	Padding int
	// Raw is written to the connection instead of an answer in HTTP.
	Raw string
	// Hangs keeps the answer back for ever.
	Hangs bool
	// Then ends the process behind the answer.
	Then Ending
}

// Any worker has these, unless an exchange says otherwise.
var usual = map[string]Response{
	"GET /health":   {JSON: json.RawMessage(`{"status":"running"}`)},
	"POST /cleanup": {JSON: json.RawMessage(`{}`)},
}

// serve listens at the port that the environment names.
func serve(responses map[string]Response) error {
	listener, err := net.Listen("tcp4", "127.0.0.1:"+os.Getenv("PORT"))
	if err != nil {
		return err
	}
	return http.Serve(listener, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		key := r.Method + " " + r.URL.Path
		response, ok := responses[key]
		if !ok {
			response, ok = usual[key]
		}
		if !ok {
			response = Response{Status: http.StatusNotFound, JSON: json.RawMessage(`{"detail":"Not Found"}`)}
		}
		body, err := io.ReadAll(r.Body)
		check(err)
		if response.Request != nil {
			check(Mismatch(response.Request, body))
		}
		response.write(w)
	}))
}

func (r Response) write(w http.ResponseWriter) {
	if r.Then.Exit != nil {
		// Whoever reads the answer may tell the server to end, and must not be quicker than it is.
		signal.Ignore(syscall.SIGTERM)
	}
	switch {
	case r.Hangs:
		select {}
	case r.Raw != "":
		conn, _, err := w.(http.Hijacker).Hijack()
		check(err)
		_, _ = io.WriteString(conn, r.Raw)
		conn.Close()
	default:
		r.answer(w)
	}
	if r.Then != (Ending{}) {
		r.Then.end()
	}
}

func (r Response) answer(w http.ResponseWriter) {
	switch r.Type {
	case "":
		w.Header().Set("Content-Type", "application/json")
	case "none":
		w.Header()["Content-Type"] = nil
	default:
		w.Header().Set("Content-Type", r.Type)
	}
	if r.Length > 0 {
		w.Header().Set("Content-Length", strconv.Itoa(r.Length))
	}
	if r.Padding > 0 {
		w.Header().Set("X-Padding", strings.Repeat("x", r.Padding))
	}
	if r.Status > 0 {
		w.WriteHeader(r.Status)
	}
	pieces := r.Pieces
	switch {
	case r.JSON != nil:
		body, err := Expand(r.JSON)
		check(err)
		pieces = []string{string(body)}
	case r.Text != nil:
		pieces = []string{text(r.Text)}
	}
	for i, piece := range pieces {
		if i > 0 {
			time.Sleep(time.Duration(r.Pause) * time.Millisecond)
		}
		fmt.Fprint(w, piece)
		w.(http.Flusher).Flush()
	}
	if len(pieces) == 0 {
		w.(http.Flusher).Flush()
	}
}
