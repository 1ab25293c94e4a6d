package messages

import (
	"encoding/json"
	"testing"

	"podwork.dev/relay/internal/adapter"
)

func TestAJobsWishForPartsIsAParameter(t *testing.T) {
	for _, c := range []struct{ context, data, request string }{
		{`{"stream":true}`, `{"a":1}`, `{"type":"execute","job_id":"j","plugin_name":"p","a":1,"stream":true}`},
		{`{"stream":false}`, ``, `{"type":"execute","job_id":"j","plugin_name":"p","stream":false}`},
		{`{"stream":true}`, `{"stream":false}`, `{"type":"execute","job_id":"j","plugin_name":"p","stream":false}`},
		{`{}`, ``, `{"type":"execute","job_id":"j","plugin_name":"p"}`},
		{`{"stream":"yes"}`, ``, `{"type":"execute","job_id":"j","plugin_name":"p"}`},
		{``, ``, `{"type":"execute","job_id":"j","plugin_name":"p"}`},
	} {
		job := &adapter.Job{ID: json.RawMessage(`"j"`)}
		if c.data != "" {
			job.Data = json.RawMessage(c.data)
		}
		if c.context != "" {
			job.Context = json.RawMessage(c.context)
		}
		request, failure := executeOf(job, adapter.Settings{Plugin: "p"})
		if failure != nil || string(request) != c.request {
			t.Errorf("%s, %s: %s, %+v", c.context, c.data, request, failure)
		}
	}
}
