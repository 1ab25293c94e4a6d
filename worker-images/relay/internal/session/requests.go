package session

import (
	"hash/maphash"
	"strconv"

	"podwork.dev/relay/internal/wire"
)

// maxRequests bounds the requests that wait for an answer. A worker with more of them waits.
const maxRequests = 1 << 16

// requests remembers which of the worker's requests are open, by a hash of their ids, so that an
// id of any size costs the same. Equal ids are counted.
type requests struct {
	seed  maphash.Seed
	open  map[uint64]int
	count int
}

func newRequests() requests {
	return requests{seed: maphash.MakeSeed(), open: map[uint64]int{}}
}

func (r *requests) add(id []byte) {
	r.open[r.key(id)]++
	r.count++
}

// answer says whether such a request was open; it no longer is.
func (r *requests) answer(id []byte) bool {
	key := r.key(id)
	n := r.open[key]
	switch n {
	case 0:
		return false
	case 1:
		delete(r.open, key)
	default:
		r.open[key] = n - 1
	}
	r.count--
	return true
}

// key is the same for every way to write an id: an answer may come back from another JSON library.
func (r *requests) key(id []byte) uint64 {
	if text := wire.Unquote(id); text != nil {
		return maphash.Bytes(r.seed, append([]byte{'"'}, text...))
	}
	// Beyond a double's range it is an infinity, which serves as well.
	number, _ := strconv.ParseFloat(string(id), 64)
	return maphash.String(r.seed, strconv.FormatFloat(number, 'g', -1, 64))
}
