import { encode } from './json.mjs'
import { LONGEST_LINE } from './peer.mjs'

// Parts on their way at once: an operator that does not keep up holds the handler up.
const WINDOW = 32

/** Sends parts of the result, numbered in the order in which they leave. */
export class Stream {
  #peer
  #count = 0

  constructor(peer) {
    this.#peer = peer
  }

  /** The call that is on its way, and the part's JSON. */
  send(chunk = null) {
    const call = this.#peer.call('ctx.stream', { index: this.#count, chunk })
    const json = jsonOf(chunk)
    if (json !== undefined) this.#count++
    return { call, json }
  }
}

function jsonOf(value) {
  try {
    return encode(value, 'chunk')
  } catch {
    return undefined // the call says what is wrong
  }
}

/** What a handler has yielded: the result of one that returns nothing else. */
export class Parts {
  #kept = []
  #bytes = 0

  add(json) {
    this.#bytes += Buffer.byteLength(json) + 1
    if (this.#bytes <= LONGEST_LINE) this.#kept.push(json)
    else this.#kept = []
  }

  /** Their list, or undefined where that is more than a result may have. */
  get json() {
    return this.#bytes <= LONGEST_LINE ? `[${this.#kept.join(',')}]` : undefined
  }

  get bytes() {
    return this.#bytes
  }
}

/** Whether the values of what a handler returned are parts: generators, and all that `for await` is for. */
export const yields = (value) =>
  typeof value?.[Symbol.asyncIterator] === 'function' || Object.prototype.toString.call(value) === '[object Generator]'

/** Sends what is yielded. Returns what is returned in the end, or the parts where that is nothing. */
export async function drive(iterable, stream, signal) {
  const iterator = iterable[Symbol.asyncIterator]?.() ?? iterable
  const parts = new Parts()
  const onTheirWay = []
  let refusal
  const sent = async ({ call, json }) => {
    const answered = call.catch((error) => (refusal ??= error))
    if (json === undefined) return answered
    parts.add(json)
    onTheirWay.push(answered)
    if (onTheirWay.length >= WINDOW) await onTheirWay.shift()
  }
  try {
    let step = iterator.next()
    for (;;) {
      const { done, value } = await step
      await (done ? Promise.all(onTheirWay) : sent(stream.send(await value)))
      if (signal.aborted || refusal) {
        const error = signal.aborted ? signal.reason : refusal
        refusal = undefined
        if (done || !iterator.throw) throw error
        step = iterator.throw(error) // where it yields, so that its cleanup runs
      } else if (done) return value ?? parts
      else step = iterator.next()
    }
  } finally {
    await iterator.return?.()
  }
}
