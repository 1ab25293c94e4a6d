package wire

// Rope gathers a long text without the copies that a growing slice leaves behind.
type Rope struct {
	parts [][]byte
	size  int
}

// Add copies a part.
func (r *Rope) Add(part []byte) {
	r.parts = append(r.parts, append([]byte(nil), part...))
	r.size += len(part)
}

// Len is how much there is.
func (r *Rope) Len() int { return r.size }

// Head is the first n bytes, or fewer.
func (r *Rope) Head(n int) []byte {
	var head []byte
	for _, part := range r.parts {
		if len(head) >= n {
			break
		}
		head = append(head, part...)
	}
	if len(head) > n {
		head = head[:n]
	}
	return head
}

// Join empties the rope into one slice, with room for a newline.
func (r *Rope) Join() []byte {
	whole := make([]byte, 0, r.size+1)
	for _, part := range r.parts {
		whole = append(whole, part...)
	}
	*r = Rope{}
	return whole
}
