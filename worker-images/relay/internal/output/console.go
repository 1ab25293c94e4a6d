package output

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"sync"

	"podwork.dev/relay/internal/wire"
)

// Console is the container's own stdout or stderr, shared by the worker and the shim.
type Console struct {
	mu      sync.Mutex
	to      io.Writer
	midLine bool
}

// NewConsole writes to a stream of the container.
func NewConsole(to io.Writer) *Console { return &Console{to: to} }

// Write passes the worker's bytes on as they are. Nobody reading them is no reason to stop.
func (c *Console) Write(data []byte) (int, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.write(data)
	return len(data), nil
}

// Line writes a line of the shim's own. It does not land in the middle of one of the worker's.
func (c *Console) Line(text string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.midLine {
		text = "\n" + text
	}
	c.write([]byte(text + "\n"))
}

// Note says something as the shim.
func (c *Console) Note(format string, args ...interface{}) {
	c.Line("podwork: " + fmt.Sprintf(format, args...))
}

func (c *Console) write(data []byte) {
	if len(data) == 0 {
		return
	}
	c.midLine = data[len(data)-1] != '\n'
	_, _ = c.to.Write(data)
}

// LogLine is how a call of ctx.logger.log reads on the console; "" where there is nothing to
// read, because its parameters are wrong: the context server says so to the worker.
func LogLine(params []byte) string {
	var level, message string
	var metadata []byte
	err := wire.Members(params, wire.MaxNesting, func(key, value []byte) {
		switch string(key) {
		case "level":
			level = string(wire.Unquote(value))
		case "message":
			message = string(wire.Unquote(value))
		case "metadata":
			metadata = value
		}
	})
	if err != nil || level == "" || len(level) > 16 {
		return ""
	}
	line := strings.ToUpper(level) + " " + message
	var compact bytes.Buffer
	if json.Compact(&compact, metadata) == nil && compact.Len() > len("{}") && compact.String() != "null" {
		line += " " + compact.String()
	}
	return line
}
