package adapter

import "testing"

func TestErrorsAsWorkersWriteThem(t *testing.T) {
	cases := []struct {
		error, kind, message, stack, code string
		retry                             string
	}{
		{`{"type":"KeyError","message":"no video_id","traceback":"Traceback …","retry_possible":false}`, "KeyError", "no video_id", "Traceback …", "", "no"},
		{`{"message":{"why":1},"code":"E7","retry_possible":true}`, "", `{"why":1}`, "", `"E7"`, "yes"},
		{`{"message":"m","code":{},"retry_possible":"maybe"}`, "", "m", "", "", ""},
		{`"just text"`, "", "just text", "", "", ""},
		{`[1, 2]`, "", "[1,2]", "", "", ""},
		{`null`, "", "", "", "", ""},
		{``, "", "", "", "", ""},
	}
	for _, c := range cases {
		f := FailureOf([]byte(c.error))
		retry := ""
		if f.Retriable != nil {
			retry = map[bool]string{true: "yes", false: "no"}[*f.Retriable]
		}
		if f.Type != c.kind || f.Message != c.message || f.Stack != c.stack || string(f.Code) != c.code || retry != c.retry {
			t.Errorf("%s: %+v, retry %q", c.error, f, retry)
		}
	}
}
