package wire

// Message is what the shim must know of a JSON-RPC message, of either direction.
type Message struct {
	// Raw is the message itself, on one line.
	Raw     []byte
	Version string
	ID      []byte // raw; nil when there is none
	Method  string
	Params  []byte
}

// IsRequest says that an answer is due.
func (m Message) IsRequest() bool { return m.Method != "" && m.ID != nil }

// IsResponse says that it answers a request: one that is named, or one that could not be read.
func (m Message) IsResponse() bool { return m.Method == "" }

// ParseMessage reads any JSON object as a message.
func ParseMessage(raw []byte) (Message, error) {
	message := Message{Raw: raw}
	err := Members(raw, func(key, value []byte) {
		switch string(key) {
		case "jsonrpc":
			message.Version = string(Unquote(value))
		case "id":
			message.ID = value
		case "method":
			message.Method = string(Unquote(value))
		case "params":
			message.Params = value
		}
	})
	return message, err
}
