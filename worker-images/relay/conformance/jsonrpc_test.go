package main

import "testing"

// loop serves one request with what a test puts in its place.
func loop(answer string) string {
	return `import json, sys
def say(**message):
    print(json.dumps(dict(jsonrpc="2.0", **message)), flush=True)
for line in sys.stdin:
    message = json.loads(line)
    if message.get("method") == "execute":
        number = message["id"]
        ` + answer + "\n"
}

func TestMistakesOfLoopsInJSONRPC(t *testing.T) {
	tellsOf(t, "jsonrpc", "python3", "worker.py", []mistake{
		{"an id by heart", loop(`say(id=1, result=4)`), "answers execute", []string{"line 1 of its stdout", "worker.py:8: say(id=1, result=4)", "it answers the id 1, but the id of execute is 4711"}, briefly},
		{"no id", loop(`say(result=4)`), "answers execute", []string{"line 1 of its stdout", "it has no id", "answer with the id of the request"}, briefly},
		{"no version", loop(`print(json.dumps({"id": number, "result": 4}), flush=True)`), "writes messages that can be read", []string{`it has no member "jsonrpc"`, `add "jsonrpc": "2.0"`}, briefly},
		{"the version as a number", loop(`print(json.dumps({"jsonrpc": 2.0, "id": number, "result": 4}), flush=True)`), "writes messages that can be read", []string{`must be the string "2.0"`}, briefly},
		{"NaN", loop(`say(id=number, result=float("nan"))`), "writes messages that can be read", []string{"looks like a message and is none", "neither NaN nor Infinity"}, briefly},
		{"a message on many lines", loop(`print(json.dumps({"jsonrpc": "2.0", "id": number, "result": 4}, indent=2), flush=True)`), "writes messages that can be read", []string{"a message on several lines", "on one line (no indentation)"}, briefly},
		{"no line end", loop(`sys.stdout.write(json.dumps({"jsonrpc": "2.0", "id": number, "result": 4})); sys.stdout.flush()`), "writes messages that can be read", []string{"line 1 of its stdout", "it has no line end"}, briefly},
		{"it reads all of stdin", `import json, sys
request = json.load(sys.stdin)
print(json.dumps({"jsonrpc": "2.0", "id": request["id"], "result": 1}))`, "answers execute", []string{"no answer to execute within 5s; when its stdin had ended, there came line 1", "read a line at a time"}, briefly},
		{"it says nothing", loop(`pass`), "answers execute", []string{"no answer to execute within 5s"}, briefly},
		{"an exception", loop(`say(id=number, result=message["params"]["job"]["data"]["text"])`), "answers execute", []string{"it exited with code 1", `worker.py:8: say(id=number, result=message`, "KeyError: 'text'", "catch what can go wrong"}, nil},
		{"it exits instead", loop(`sys.exit(0)`), "answers execute", []string{"no answer to execute: it exited with code 0"}, nil},
		{"neither result nor error", loop(`say(id=number)`), "answers execute", []string{"neither result nor error"}, nil},
		{"an error that is a text", loop(`say(id=number, error="no luck")`), "answers execute", []string{`its error must be an object, not "no luck"`}, nil},
		{"both", loop(`say(id=number, result=1, error={"message": "m"})`), "answers execute", []string{"both result and error"}, nil},
		{"two answers", loop(`say(id=number, result=1); say(id=number, result=2)`), "answers once", []string{"line 2 of its stdout", "a second answer"}, nil},
		{"a call that is not there", loop(`say(id="a", method="ctx.dance"); sys.stdin.readline(); say(id=number, result=1)`), "calls what there is, as it must be called", []string{"no such method: ctx.dance", "docs/workers/jsonrpc.md"}, nil},
		{"a call with wrong parameters", loop(`say(method="ctx.progress", params={"progress": "half"}); say(id=number, result=1)`), "calls what there is, as it must be called", []string{"line 1 of its stdout", "progress must be a number from 0 to 100"}, nil},
		{"an id used twice", loop(`
        for _ in range(2): say(id=7, method="ctx.state.get", params={"key": "k"}); sys.stdin.readline()
        say(id=number, result=1)`), "calls what there is, as it must be called", []string{"the id 7 was used for an earlier request", "count up"}, nil},
		{"an exit code that contradicts the answer", loop(`say(id=number, result=1); sys.exit(3)`), "ends when it has answered", []string{"code 3 although it answered with a result"}, nil},
		{"it does not end", loop(`say(id=number, result=1); import time; time.sleep(60)`), "ends when it has answered", []string{"did not end within 2s", "leave the loop at the end of stdin"}, endsBriefly},
	})
}

func TestAMissingFlush(t *testing.T) {
	tellsOf(t, "jsonrpc", "perl", "worker.pl", []mistake{{
		"in Perl", `while (<STDIN>) { print qq({"jsonrpc":"2.0","id":4711,"result":1}\n) if /execute/ }`,
		"answers execute", []string{"when its stdin had ended, there came line 1 of its stdout", "$| = 1"}, briefly,
	}})
}

func TestACommandThatIsNotThere(t *testing.T) {
	tellsOf(t, "jsonrpc", "no-such-interpreter", "worker.py", []mistake{{"not there", "", "starts", []string{"command not found", "check the command"}, nil}})
}

func TestLoopsInJSONRPCWithoutFault(t *testing.T) {
	findsNoFault(t, "jsonrpc", "python3", "worker.py", loop(`
        print("a print is for the log")
        say(id="s", method="ctx.state.set", params={"key": "k", "value": 1}); sys.stdin.readline()
        say(id="g", method="ctx.state.get", params={"key": "k"})
        assert json.loads(sys.stdin.readline())["result"] == 1
        say(method="ctx.logger.log", params={"level": "info", "message": "done"})
        say(id=number, result={"length": 4})`))
}
