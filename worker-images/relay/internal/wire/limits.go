// Package wire is the vocabulary that shim, relay and context server share: how lines are
// framed, and what stands in them. docs/relay-protocol.md is its specification.
package wire

const (
	// MaxMessage bounds one JSON-RPC message, in bytes.
	MaxMessage = 16 << 20
	// MaxEnvelope bounds what the session wraps around a message.
	MaxEnvelope = 64 << 10
	// MaxLine bounds one line of the session.
	MaxLine = MaxMessage + MaxEnvelope
	// MaxNesting bounds how deep a message may be nested; the message itself is level 1. The
	// parsers behind us give up at 1000.
	MaxNesting = 512
)
