package shim

import (
	"podwork.dev/relay/internal/adapter"
	"podwork.dev/relay/internal/adapter/http"
	"podwork.dev/relay/internal/adapter/jsonrpc"
	"podwork.dev/relay/internal/adapter/messages"
	"podwork.dev/relay/internal/adapter/task"
)

// adapters are the worker protocols that PODWORK_PROTOCOL can name.
var adapters = map[string]func(*adapter.Host, adapter.Settings) adapter.Adapter{
	"jsonrpc": func(host *adapter.Host, _ adapter.Settings) adapter.Adapter { return jsonrpc.New(host) },
	"http":    func(host *adapter.Host, settings adapter.Settings) adapter.Adapter { return http.New(host, settings) },
	"messages": func(host *adapter.Host, settings adapter.Settings) adapter.Adapter {
		return messages.New(host, settings)
	},
	"task": func(host *adapter.Host, _ adapter.Settings) adapter.Adapter { return task.New(host) },
}

const protocols = "jsonrpc, task, http or messages"
