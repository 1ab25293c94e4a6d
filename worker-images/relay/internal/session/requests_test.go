package session

import (
	"fmt"
	"testing"
	"time"
)

func TestOnlyOpenRequestsAreAnswered(t *testing.T) {
	s := newScript(t)
	s.attach(fresh, `{"session":"a","received":0}`)
	ids := []string{"1", `"1"`, "1e2", `"\u0061"`, "-0.5", "12345678901234567890123", "7", "7"}
	for i, id := range ids {
		s.send(call(id))
		s.hear(numbered(i+1, call(id)))
	}
	none := `{"jsonrpc":"2.0","id":null,"error":{"code":-32700,"message":"m"}}`
	answers := []string{"1", `"1"`, "100", `"a"`, "-5E-1", "1.2345678901234567890123E22", "7", "7"}
	for i, id := range answers {
		s.say(numbered(i+1, result(id)))
	}
	s.say(numbered(9, result("7")))   // a third time
	s.say(numbered(10, result("99"))) // never asked
	s.say(numbered(11, none))
	var want []string
	for _, id := range answers {
		want = append(want, result(id))
	}
	s.delivered(append(want, none)...)
	for line := ""; line != "{\"ack\":11}\n"; {
		var err error
		if line, err = s.lines.ReadString('\n'); err != nil {
			t.Fatal(err)
		}
	}
}

func TestExecuteIsDeliveredOnce(t *testing.T) {
	execute := `{"jsonrpc":"2.0","id":1,"method":"execute"}`
	s := newScript(t)
	s.attach(fresh, `{"session":"a","received":0}`)
	s.say(numbered(1, execute))
	s.delivered(execute)
	s.hear(`{"ack":1}`)
	s.conn.Close()
	s.attach(`{"session":"a","received":1}`, `{"session":"b","received":0}`)
	s.say(numbered(1, execute))
	s.hear(`{"ack":1}`) // without a delivery
	s.say(numbered(2, call("5")))
	s.delivered(call("5"))
	s.hear(`{"ack":2}`)
	if s.session.Unacknowledged() != nil {
		t.Error("an answer that nobody gave")
	}
	s.send(result("1"))
	s.hear(numbered(1, result("1")))
	if string(s.session.Unacknowledged()) != result("1") {
		t.Error("the answer is not kept")
	}
	s.send(result("1")) // a second one is the server's to ignore
	s.hear(numbered(2, result("1")))
	s.say(`{"ack":1}`)
	s.session.Finish([]byte(`{"code":0}`))
	s.hear(`{"seq":3,"exit":{"code":0}}`)
	if s.session.Unacknowledged() != nil {
		t.Error("the answer is still kept")
	}
	select {
	case <-s.session.Done():
		t.Error("done before everything is acknowledged")
	default:
	}
	s.say(`{"ack":3}`)
	select {
	case <-s.session.Done():
	case <-time.After(10 * time.Second):
		t.Error("not done")
	}
}

func TestTooManyOpenRequestsBlockTheWorker(t *testing.T) {
	s := newScript(t)
	blocked := make(chan struct{})
	go func() {
		for i := 0; i <= maxRequests; i++ {
			s.send(call("1"))
		}
		close(blocked)
	}()
	s.attach(fresh, `{"session":"a","received":0}`)
	for i := 1; i <= maxRequests; i++ {
		s.hear(numbered(i, call("1")))
		if i%1000 == 0 {
			s.say(fmt.Sprintf(`{"ack":%d}`, i))
		}
	}
	select {
	case <-blocked:
		t.Error("there is no bound")
	case <-time.After(50 * time.Millisecond):
	}
	s.say(numbered(1, result("1")))
	s.hear(numbered(maxRequests+1, call("1")))
	<-blocked
}
