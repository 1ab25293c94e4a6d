package adapter

// Settings of a worker's protocol.
type Settings struct{}
