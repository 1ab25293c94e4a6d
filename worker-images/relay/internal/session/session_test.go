package session

import (
	"fmt"
	"syscall"
	"testing"
	"time"
)

func TestWhatIsNotAcknowledgedIsSentAgain(t *testing.T) {
	s := newScript(t)
	for i := 1; i <= 3; i++ {
		s.send(call(fmt.Sprint(i)))
	}
	s.attach(fresh, `{"session":"a","received":0}`)
	for i := 1; i <= 3; i++ {
		s.hear(numbered(i, call(fmt.Sprint(i))))
	}
	s.say(`{"ack":1}`)
	s.conn.Close()
	s.attach(`{"session":"a","received":0}`, `{"session":"a","received":2}`)
	s.hear(numbered(3, call("3")))
	s.say(`{"ack":3}`)
	s.send(call("4"))
	s.hear(numbered(4, call("4")))
	s.conn.Close()
	// Another server does not know what an earlier one acknowledged.
	s.attach(`{"session":"a","received":0}`, `{"session":"b","received":0}`)
	s.hear(numbered(4, call("4")))
	s.say(`{"ack":4}`)
	s.say(numbered(1, result("4")))
	s.delivered(result("4"))
	s.hear(`{"ack":1}`)
	s.conn.Close()
	// Nor does the next, when nothing is kept.
	s.attach(`{"session":"b","received":1}`, `{"session":"c","received":0}`)
	s.say(numbered(1, result("4")))
	s.hear(`{"ack":1}`)
	s.send(call("5"))
	s.hear(numbered(5, call("5")))
}

func TestAnIdleConnectionCostsNothing(t *testing.T) {
	s := newScript(t)
	s.send(call("1"))
	s.attach(fresh, `{"session":"a","received":0}`)
	s.hear(numbered(1, call("1")))
	s.say(`{"ack":1}`)
	s.conn.Close()
	s.attach(`{"session":"a","received":0}`, `{"session":"b","received":0}`)
	var before, after syscall.Rusage
	_ = syscall.Getrusage(syscall.RUSAGE_SELF, &before)
	time.Sleep(200 * time.Millisecond)
	_ = syscall.Getrusage(syscall.RUSAGE_SELF, &after)
	if used := time.Duration(after.Utime.Nano() - before.Utime.Nano()); used > 20*time.Millisecond {
		t.Errorf("%v of CPU in 200 ms", used)
	}
}

func TestWhatIsReceivedTwiceIsDeliveredOnce(t *testing.T) {
	s := newScript(t)
	s.attach(fresh, `{"session":"a","received":0}`)
	s.say(numbered(1, call("1")))
	s.delivered(call("1"))
	s.hear(`{"ack":1}`)
	s.say(numbered(1, call("1")))
	s.say(numbered(2, call("2")))
	s.delivered(call("2"))
	s.hear(`{"ack":2}`)
	s.conn.Close()
	s.attach(`{"session":"a","received":2}`, `{"session":"a","received":0}`)
	s.hear(`{"ack":2}`)
	s.say(numbered(2, call("2")))
	s.say(numbered(3, call("3")))
	s.delivered(call("3"))
}

func TestAGapEndsTheConnectionAndNothingIsLost(t *testing.T) {
	s := newScript(t)
	s.attach(fresh, `{"session":"a","received":0}`)
	s.say(numbered(2, call("2")))
	s.hangsUp()
	s.attach(`{"session":"a","received":0}`, `{"session":"a","received":0}`)
	s.say(numbered(1, call("1")))
	s.delivered(call("1"))
}

func TestMistakesEndTheConnection(t *testing.T) {
	for name, line := range map[string]string{
		"no JSON":                   `{"seq":1,`,
		"no object":                 `[]`,
		"a fraction":                `{"seq":1.5,"msg":{}}`,
		"negative":                  `{"ack":-1}`,
		"no number":                 `{"msg":{}}`,
		"acknowledged but not sent": `{"ack":1}`,
		"a wrong grace":             `{"seq":1,"stop":{"graceMs":"soon"}}`,
	} {
		line := line
		t.Run(name, func(t *testing.T) {
			s := newScript(t)
			s.attach(fresh, `{"session":"a","received":0}`)
			s.say(line)
			s.hangsUp()
			s.attach(`{"session":"a","received":0}`, `{"session":"a","received":0}`)
		})
	}
}

func TestAnAttachedThatClaimsTooMuchIsRefused(t *testing.T) {
	s := newScript(t)
	s.attach(fresh, `{"session":"a","received":1}`)
	s.hangsUp()
}

func TestUnknownMembersAndKindsAreIgnored(t *testing.T) {
	s := newScript(t)
	s.attach(fresh, `{"session":"a","received":0,"more":true}`)
	s.say(`{"seq":1,"later":{}}`)
	s.hear(`{"ack":1}`)
	s.say(`{"seq":2,"msg":` + call("1") + `,"more":1}`)
	s.delivered(call("1"))
}
