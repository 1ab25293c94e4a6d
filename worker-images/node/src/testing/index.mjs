import { describe } from '../describe.mjs'
import { execute } from '../execute.mjs'
import { load } from '../load.mjs'
import { Peer } from '../peer.mjs'
import { Outcome } from './outcome.mjs'
import { Services } from './services.mjs'

const PATIENCE = 5000
const RESULT_BYTES = 256 * 1024

/** Runs a handler, or that of a worker's file, for one job in this process. */
export async function runWorkerTest(handler, options = {}) {
  const { data = null, job, context, state = {}, refuse = {}, cancelWhen, cancelAfter } = options
  const entries = new Map(Object.entries(copy(state)))
  const outcome = new Outcome(entries)
  const services = new Services({ ...outcome, state: entries }, refuse)
  const operator = new Operator(outcome, services, cancelWhen)
  const peer = new TestPeer(operator)
  const request = requestFor(copy(data), job, context)
  const handle = typeof handler === 'function' ? handler : await loadedOnce(String(handler), handler)
  const timer = cancelAfter === undefined ? undefined : setTimeout(() => operator.cancel(), cancelAfter)
  try {
    const [error, json] = await Promise.race([execute(handle, request, peer), tooLate(peer.signal)])
    if (peer.signal.aborted) outcome.cancelled = true
    else if (error) outcome.error = errorOf(describe(error.reason))
    else if (Buffer.byteLength(json) > RESULT_BYTES) outcome.error = tooLarge(Buffer.byteLength(json))
    else outcome.succeeded(JSON.parse(json))
  } finally {
    clearTimeout(timer)
    services.forgetWhatIsOver()
  }
  return outcome
}

// Node keeps modules anyway, and each load adds hooks to the process.
const files = new Map()
function loadedOnce(key, file) {
  if (!files.has(key)) files.set(key, load(file))
  return files.get(key)
}

const copy = (value) => JSON.parse(JSON.stringify(value))
const errorOf = ({ message, data: { type, stack, ...others } }) => ({ type, message, stack, ...others })

function tooLarge(bytes) {
  const message = `the result is ${bytes} bytes of JSON; a job's status has room for ${RESULT_BYTES}`
  return { type: 'ResultTooLarge', message, stack: '', retriable: false }
}

// As long as the operator waits before it ends the process.
function tooLate(signal) {
  return new Promise((_, reject) => {
    const message = `the handler had not ended ${PATIENCE / 1000} s after it was cancelled: give ctx.signal to what it waits for`
    signal.addEventListener('abort', () => setTimeout(reject, PATIENCE, new Error(message)).unref())
  })
}

function requestFor(data, jobMembers, contextMembers) {
  const job = { id: 'test-1', name: 'test', type: 'test', data, queue: 'test', attempt: 1, ...jobMembers }
  const context = {
    jobId: job.id,
    queue: job.queue,
    flowId: null,
    flowName: null,
    stepName: job.name,
    attempt: job.attempt,
    ...contextMembers,
  }
  const stepId = `${context.flowId ?? job.id}__${context.stepName}__attempt-${context.attempt}`
  return { job, context: { stepId, ...context } }
}

/** The other end: answers what the worker writes, a little later. */
class Operator {
  #outcome
  #services
  #cancelWhen
  #cancelled = false
  #onLine

  constructor(outcome, services, cancelWhen) {
    this.#outcome = outcome
    this.#services = services
    this.#cancelWhen = cancelWhen
  }

  listen(onLine) {
    this.#onLine = onLine
  }

  send(line) {
    const { id, method, params } = JSON.parse(line)
    const answer = this.#answer(method, params)
    if (!this.#cancelled && this.#cancelWhen?.(this.#outcome)) this.cancel()
    else if (id !== undefined) setImmediate(() => this.#tell({ id, ...answer }))
  }

  cancel() {
    this.#cancelled = true
    this.#tell({ method: 'cancel', params: { reason: 'Cancelled', message: 'cancelled by the test' } })
  }

  #answer(method, params) {
    try {
      return { result: copy(this.#services.serve(method, params)) }
    } catch ({ code, message, data }) {
      return { error: { code, message, data } }
    }
  }

  #tell(message) {
    this.#onLine(JSON.stringify({ jsonrpc: '2.0', ...message }))
  }
}

/** Nobody need await a call: as in a pod, that it fails ends nothing. */
class TestPeer extends Peer {
  call(method, params) {
    const call = super.call(method, params)
    call.catch(() => {})
    return call
  }
}
