import errors from './errors.cjs'
import { encode } from './json.mjs'

const { RpcError, Cancelled } = errors

export const LONGEST_LINE = 16 * 1024 * 1024

const here = new URL('.', import.meta.url).href

// The stack is that of the call, without our own part.
function refusalOf(method, { code = -32000, message = 'no reason given', data }, stack) {
  const error = Object.defineProperty(new RpcError(code, message, data), 'method', { value: method })
  const frames = stack.split('\n').slice(1)
  error.stack = [`RpcError: ${message}`, ...frames.filter((frame) => !frame.includes(here))].join('\n')
  return error
}

const text = (value) => (value === undefined ? undefined : String(value))

/** The JSON-RPC conversation: calls out, `execute` in, and its one answer. */
export class Peer {
  #wire
  #lastId = 0
  #waiting = new Map()
  #becameIdle = () => {}
  #over
  #cancelling = new AbortController()
  #started = false
  #start

  /** What `execute` brought: `{id, job, context}`; `undefined` when stdin ended without one. */
  execute = new Promise((resolve) => {
    this.#start = resolve
  })

  constructor(wire) {
    this.#wire = wire
    wire.listen(
      (line) => this.#receive(line),
      () => this.#end('the operator closed stdin'),
    )
  }

  /** Aborts, with a `Cancelled` as its reason, when the operator says that the attempt is over. */
  get signal() {
    return this.#cancelling.signal
  }

  /** Sends at once, whether or not anybody awaits the promise. */
  call(method, params) {
    const caller = {}
    Error.captureStackTrace(caller, this.call) // later, when the answer comes, no stack names the caller
    return new Promise((resolve, reject) => {
      this.#request(method, params, (reason, result) => {
        if (reason) reject(refusalOf(method, reason, caller.stack))
        else resolve(result)
      })
    })
  }

  /** Sends without a promise; the reason of a refusal goes to `refused`. */
  fire(method, params, refused) {
    // Nobody answers any more then, but the shim still shows the last words.
    if (this.signal.aborted) this.#wire.send(JSON.stringify({ jsonrpc: '2.0', method, params }))
    else this.#request(method, params, (reason) => reason && !this.signal.aborted && refused(reason))
  }

  #request(method, params, settle) {
    const id = ++this.#lastId
    let line
    try {
      line = `{"jsonrpc":"2.0","id":${id},"method":"${method}","params":${encode(params, method)}}`
    } catch (error) {
      return settle({ code: -32602, message: error.message })
    }
    const bytes = Buffer.byteLength(line)
    if (bytes > LONGEST_LINE) {
      return settle({ code: -32001, message: `${method}: ${bytes} bytes, and a message may have ${LONGEST_LINE}` })
    }
    if (this.#over) return settle({ code: -32002, message: this.#over })
    this.#waiting.set(id, settle)
    this.#wire.send(line)
  }

  /** Waits until every call that was made is answered, and what awaited the last answer has had its turn. */
  async drained() {
    do {
      while (this.#waiting.size) {
        await new Promise((resolve) => {
          this.#becameIdle = resolve
        })
      }
      await new Promise(setImmediate)
    } while (this.#waiting.size)
  }

  /** `json` is the result, already encoded. */
  answer(id, json) {
    this.#wire.send(`{"jsonrpc":"2.0","id":${JSON.stringify(id)},"result":${json}}`)
  }

  refuse(id, { code = -32000, message, data }) {
    this.#wire.send(JSON.stringify({ jsonrpc: '2.0', id, error: { code, message, data } }))
  }

  #receive(line) {
    let message
    try {
      message = JSON.parse(line)
    } catch {
      message = undefined
    }
    if (message?.jsonrpc !== '2.0') {
      if (line.trim()) process.stderr.write(`podwork: not a message on stdin: ${line.slice(0, 200)}\n`)
    } else if (typeof message.method === 'string') this.#serve(message)
    else this.#settle(message)
  }

  #serve({ id, method, params }) {
    if (method === 'cancel') {
      // Handlers of the abort may call us, and the line may have come in the middle of a send.
      queueMicrotask(() => this.#cancel(params ?? {}))
    } else if (method !== 'execute') {
      this.#refuseLater(id, { code: -32601, message: `no such method: ${method}` })
    } else if (typeof params?.job !== 'object' || params.job === null) {
      this.#refuseLater(id, { code: -32602, message: 'execute: params.job must be an object' })
    } else if (!this.#started) {
      this.#started = true
      this.#start({ id: id ?? null, job: params.job, context: params.context ?? {} })
    }
  }

  #refuseLater(id, error) {
    if (id !== undefined) queueMicrotask(() => this.refuse(id, error)) // the line may have come in the middle of a send
  }

  #settle({ id, result, error }) {
    const settle = this.#waiting.get(id)
    if (!settle) return
    this.#waiting.delete(id)
    settle(error ?? undefined, result ?? null)
    if (!this.#waiting.size) this.#becameIdle()
  }

  #cancel(params) {
    if (this.signal.aborted) return
    const cancelled = new Cancelled(text(params.reason), text(params.message))
    // The handler hears of it first, and then of what follows from it.
    this.#cancelling.abort(cancelled)
    this.#end(`this attempt is over: ${cancelled.message}`)
  }

  #end(why) {
    this.#over ??= why
    this.#start(undefined)
    for (const id of [...this.#waiting.keys()]) this.#settle({ id, error: { code: -32002, message: why } })
  }
}
