package session

import "podwork.dev/relay/internal/wire"

const (
	// window is how much may be unacknowledged in either direction.
	window = 4 << 20
	// frameCost keeps a flood of tiny messages within the window too.
	frameCost = 128
)

type frame struct {
	seq      uint64
	kind     wire.Kind
	payload  []byte
	response bool // to execute
}

func (f frame) cost() int { return cap(f.payload) + frameCost }

// outbox keeps what the worker said until the server has it.
type outbox struct {
	frames []frame // those from head on are kept
	head   int
	last   uint64 // the highest number given
	size   int
}

func (o *outbox) kept() []frame { return o.frames[o.head:] }

func (o *outbox) full() bool { return o.size >= window }

func (o *outbox) add(f frame) {
	o.last++
	f.seq = o.last
	o.size += f.cost()
	o.frames = append(o.frames, f)
}

// acknowledge forgets everything up to seq.
func (o *outbox) acknowledge(seq uint64) {
	for o.head < len(o.frames) && o.frames[o.head].seq <= seq {
		o.size -= o.frames[o.head].cost()
		o.frames[o.head] = frame{}
		o.head++
	}
	if o.head > len(o.frames)/2 {
		kept := copy(o.frames, o.kept())
		for i := kept; i < len(o.frames); i++ {
			o.frames[i] = frame{}
		}
		o.frames, o.head = o.frames[:kept], 0
	}
}

// after fills batch, up to its capacity, with frames above seq.
func (o *outbox) after(seq uint64, batch []frame) []frame {
	kept := o.kept()
	if len(kept) == 0 {
		return batch[:0]
	}
	if first := kept[0].seq; seq >= first {
		kept = kept[seq-first+1:]
	}
	return batch[:copy(batch[:cap(batch)], kept)]
}

// response is the worker's answer to execute, where the server does not have it yet.
func (o *outbox) response() []byte {
	for _, f := range o.kept() {
		if f.response {
			return f.payload
		}
	}
	return nil
}
