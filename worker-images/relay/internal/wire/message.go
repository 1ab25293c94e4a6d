package wire

// Message is what the shim must know of a JSON-RPC message, of either direction. Whether it is a
// good one is for its receiver to judge.
type Message struct {
	// Raw is the message itself, on one line.
	Raw       []byte
	Version   string
	ID        []byte // raw; nil when there is none
	Method    string
	HasMethod bool
	Params    []byte
}

// ExpectsAnswer says that an answer with its id is due. An answer to any other id is one without.
func (m Message) ExpectsAnswer() bool { return m.HasMethod && m.hasUsableID() }

// IsResponse says that it answers the request with its id.
func (m Message) IsResponse() bool { return !m.HasMethod && m.hasUsableID() }

// hasUsableID: a string or a number can be told from others.
func (m Message) hasUsableID() bool {
	if len(m.ID) == 0 {
		return false
	}
	c := m.ID[0]
	return c == '"' || c == '-' || '0' <= c && c <= '9'
}

// ParseMessage reads any JSON object as a message.
func ParseMessage(raw []byte) (Message, error) {
	message := Message{Raw: raw}
	err := Members(raw, MaxNesting, func(key, value []byte) {
		switch string(key) {
		case "jsonrpc":
			message.Version = string(Unquote(value))
		case "id":
			message.ID = value
		case "method":
			message.Method, message.HasMethod = string(Unquote(value)), true
		case "params":
			message.Params = value
		}
	})
	return message, err
}
