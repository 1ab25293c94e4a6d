package trial

import (
	"encoding/json"
	"testing"

	"podwork.dev/relay/internal/conformance"
	"podwork.dev/relay/internal/wire"
)

// The operator that is played answers calls as the real one does, which the vectors say of both.
func TestCallsAreAnsweredAsByTheOperator(t *testing.T) {
	read, err := conformance.Read("../../../conformance/exchanges/jsonrpc.json")
	if err != nil {
		t.Fatal(err)
	}
	served := 0
	for _, e := range read.Exchanges {
		calls, over := NewCalls(), false
		for _, heard := range e.Messages {
			m, err := wire.ParseMessage(heard.Message)
			if err != nil || !m.HasMethod {
				over = over || err == nil && string(m.ID) == "1"
				continue
			}
			answer := calls.Serve(m, over)
			if heard.Answer == nil {
				if answer != "" {
					t.Errorf("%s: a notification was answered: %s", e.Name, answer)
				}
				continue
			}
			served++
			if err := conformance.Mismatch(wire.JSON(heard.Answer), json.RawMessage(answer)); err != nil {
				t.Errorf("%s: %s: %v", e.Name, m.Raw, err)
			}
		}
	}
	if served < 8 {
		t.Errorf("only %d calls", served)
	}
}
