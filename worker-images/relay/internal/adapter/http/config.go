package http

import (
	"context"
	"encoding/json"
	"io"
	nethttp "net/http"
	"strings"
	"time"

	"podwork.dev/relay/internal/adapter"
	"podwork.dev/relay/internal/schema"
	"podwork.dev/relay/internal/wire"
)

const (
	// schemaWait keeps a server that publishes no schema in a strange way from holding up its job.
	schemaWait = 5 * time.Second
	maxSchema  = 1 << 20
)

// checkConfig compares the configuration with the schema that the server publishes, if it does. It says which
// field is wrong, which a server's own words may not.
func (a *Adapter) checkConfig() *adapter.Failure {
	published := a.publishedSchema()
	if published == nil {
		return nil
	}
	var config interface{}
	if json.Unmarshal(a.settings.Config, &config) != nil {
		return nil // it was checked where it came from
	}
	wrong := schema.Check(published, config)
	if wrong == nil {
		return nil
	}
	return &adapter.Failure{
		Type: "InvalidConfig",
		Message: "the worker's configuration is not what its GET /config_schema asks for: " + strings.Join(wrong, "; ") +
			". Correct spec.config of the WorkerDefinition",
		Retriable: adapter.No(),
	}
}

// publishedSchema is nil where there is none.
func (a *Adapter) publishedSchema() (published interface{}) {
	ctx, cancel := context.WithTimeout(a.life, schemaWait)
	defer cancel()
	request, err := nethttp.NewRequestWithContext(ctx, nethttp.MethodGet, a.url("/config_schema"), nil)
	if err != nil {
		return nil
	}
	answer, err := a.client.Do(request)
	if err != nil {
		return nil
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(io.LimitReader(answer.Body, maxSchema+1))
	good := err == nil && answer.StatusCode == nethttp.StatusOK && len(body) <= maxSchema &&
		wire.Value(body, wire.MaxNesting) == nil && json.Unmarshal(body, &published) == nil
	if !good {
		return nil
	}
	return published
}
