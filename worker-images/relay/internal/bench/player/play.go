package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"time"

	"podwork.dev/relay/internal/relay"
	"podwork.dev/relay/internal/session"
	"podwork.dev/relay/internal/wire"
)

var exit = []byte(`{"code":0,"signal":"","oomKilled":false,"error":"","stderrTail":[]}`)

type player struct {
	server relay.Settings
	tokens issuer
}

// play returns when the server has acknowledged the worker's exit.
func (p player) play(ctx context.Context, of pod) error {
	token, err := p.tokens.token(of, time.Now())
	if err != nil {
		return err
	}
	failed := make(chan error, 1)
	fail := func(err error) {
		select {
		case failed <- err:
		default:
		}
	}
	lastDial := make(chan error, 1) // why it is not connected, for whoever lost patience
	s := session.New(session.Options{
		Dial: func() (net.Conn, error) {
			conn, err := p.server.Connect(ctx, token)
			var refusal *relay.Refusal
			if errors.As(err, &refusal) && refusal.Code != "Overloaded" {
				fail(err)
			}
			select {
			case <-lastDial:
			default:
			}
			lastDial <- err
			return conn, err
		},
		End:  func(time.Duration, time.Duration) {},
		Stop: func(time.Duration) { fail(errors.New("the server stopped the worker")) },
		Note: func(format string, args ...interface{}) { fail(fmt.Errorf(format, args...)) },
	})
	go s.Run()
	defer s.Close()
	defer s.WorkerGone()
	go func() {
		if err := work(s); err != nil {
			fail(err)
		}
	}()
	select {
	case <-s.Done():
		return nil
	case err := <-failed:
		return err
	case <-ctx.Done():
		select {
		case err := <-lastDial:
			if err != nil {
				return fmt.Errorf("not over in time: %w", err)
			}
		default:
		}
		return fmt.Errorf("not over in time: %w", ctx.Err())
	}
}

// work is a worker whose result is its job's data, and which leaves when its stdin is closed.
func work(s *session.Session) error {
	var taken []session.Delivery
	for {
		if taken = s.Take(taken); len(taken) == 0 {
			return nil
		}
		closed := false
		for _, delivery := range taken {
			closed = delivery.Line == nil
			if !closed {
				if err := answer(s, delivery.Line); err != nil {
					return err
				}
			}
		}
		s.Delivered(taken)
		if closed {
			s.WorkerGone()
			s.Finish(exit)
			return nil
		}
	}
}

func answer(s *session.Session, line []byte) error {
	var call struct {
		ID     json.RawMessage `json:"id"`
		Method string          `json:"method"`
		Params struct {
			Job struct {
				Data json.RawMessage `json:"data"`
			} `json:"job"`
		} `json:"params"`
	}
	if err := json.Unmarshal(line, &call); err != nil {
		return err
	}
	if call.Method != "execute" {
		return nil
	}
	result := call.Params.Job.Data
	if result == nil {
		result = json.RawMessage("null")
	}
	message, err := wire.ParseMessage([]byte(fmt.Sprintf(`{"jsonrpc":"2.0","id":%s,"result":%s}`, call.ID, result)))
	if err != nil {
		return err
	}
	s.Send(message)
	return nil
}
