/** What a handler did in a test. */
export class Outcome {
  error
  cancelled = false
  logs = []
  progress = []
  emits = []
  parts = []
  calls = []
  #state
  #result

  constructor(state) {
    this.#state = state
  }

  get state() {
    return Object.fromEntries(this.#state)
  }

  get result() {
    if (this.error) throw new Error(`the handler has no result, but failed:\n${this.error.stack || this.error.message}`)
    if (this.cancelled) throw new Error('the handler has no result: it was cancelled')
    return this.#result
  }

  succeeded(result) {
    this.#result = result
  }
}
