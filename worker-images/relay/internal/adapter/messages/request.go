package messages

import (
	"bytes"
	"encoding/json"
	"fmt"

	"podwork.dev/relay/internal/adapter"
	"podwork.dev/relay/internal/wire"
)

func initOf(config json.RawMessage) []byte {
	if config == nil {
		config = json.RawMessage("{}")
	}
	return object(member{"type", json.RawMessage(`"init"`)}, member{"plugin_configs", config})
}

type member struct {
	name  string
	value json.RawMessage
}

// object is a message on one line.
func object(members ...member) []byte {
	line := []byte{'{'}
	for i, m := range members {
		if i > 0 {
			line = append(line, ',')
		}
		line = append(append(line, wire.JSON(m.name)...), ':')
		line = append(line, m.value...)
	}
	line = append(line, '}')
	var compact bytes.Buffer
	if json.Compact(&compact, line) != nil {
		return line // it is valid, as its members are
	}
	return compact.Bytes()
}

const dataRule = "the data of a job for this worker must be an object, whose members are the plugin's parameters"

// executeOf is the request for a job: the protocol's own members, and beside them the job's data. These may
// not take the place of those.
func executeOf(job *adapter.Job, settings adapter.Settings) ([]byte, *adapter.Failure) {
	var plugin json.RawMessage
	var parameters []member
	var taken string
	wish := job.Stream()
	data := adapter.OrNull(job.Data)
	if string(data) == "null" {
		data = json.RawMessage("{}")
	}
	err := wire.Members(data, wire.MaxNesting, func(key, value []byte) {
		switch name := string(key); name {
		case "plugin_name":
			plugin = value
		case "type", "job_id":
			taken = name
		default:
			if name == "stream" {
				wish = nil // the data says it itself
			}
			parameters = append(parameters, member{name, value})
		}
	})
	switch {
	case err != nil:
		return nil, wrongData(dataRule + ", not " + adapter.Excerpt(data))
	case taken != "":
		return nil, wrongData(fmt.Sprintf("%q in the job's data is a member of the protocol's own messages: call it something else", taken))
	case plugin != nil && (wire.Unquote(plugin) == nil || len(wire.Unquote(plugin)) == 0):
		return nil, wrongData("plugin_name in the job's data must be a string that is not empty, not " + adapter.Excerpt(plugin))
	case plugin != nil && settings.Plugin != "" && string(wire.Unquote(plugin)) != settings.Plugin:
		return nil, wrongData(fmt.Sprintf("plugin_name in the job's data is %s, but this worker's plugin is %q: leave plugin_name out", adapter.Excerpt(plugin), settings.Plugin))
	case plugin == nil:
		plugin = pluginOf(job, settings)
	}
	if wish != nil {
		parameters = append(parameters, member{"stream", wire.JSON(*wish)})
	}
	return object(append([]member{
		{"type", json.RawMessage(`"execute"`)},
		{"job_id", adapter.OrNull(job.ID)},
		{"plugin_name", plugin},
	}, parameters...)...), nil
}

func wrongData(message string) *adapter.Failure {
	return &adapter.Failure{Type: "InvalidData", Message: message, Retriable: adapter.No()}
}

// pluginOf is the definition's plugin, or the only one that is configured, or else the one that the job's
// type names.
func pluginOf(job *adapter.Job, settings adapter.Settings) json.RawMessage {
	if settings.Plugin != "" {
		return wire.JSON(settings.Plugin)
	}
	var only json.RawMessage
	count := 0
	_ = wire.Members(settings.Config, wire.MaxNesting, func(key, _ []byte) {
		only, count = wire.JSON(string(key)), count+1
	})
	if count == 1 {
		return only
	}
	return adapter.OrNull(job.Type)
}

// ask passes a request of the server on: reload, unload and get_state are the worker's own.
func (a *Adapter) ask(m wire.Message) bool {
	switch m.Method {
	case "reload", "unload", "get_state":
	default:
		return false
	}
	members := []member{{"type", wire.JSON(m.Method)}}
	_ = wire.Members(m.Params, wire.MaxNesting, func(key, value []byte) {
		if string(key) != "type" {
			members = append(members, member{string(key), value})
		}
	})
	a.mu.Lock()
	defer a.mu.Unlock()
	a.pending[m.Method] = append(a.pending[m.Method], m.ID)
	a.stdin.say(object(members...))
	return true
}
