import { inspect } from 'node:util'
import { describe } from './describe.mjs'
import { encode } from './json.mjs'

const levels = ['debug', 'info', 'warn', 'error']
const isRecord = (value) => typeof value === 'object' && value !== null && !Array.isArray(value)

// A log line is worth more than its form: what JSON cannot carry is written as text.
function metadataOf(value) {
  if (value === undefined || value === null) return {}
  if (value instanceof Error) return { error: describe(value) }
  try {
    encode(value, 'metadata')
    return isRecord(value) ? value : { value }
  } catch {
    return { value: inspect(value, { depth: 4 }) }
  }
}

class Logger {
  #peer

  constructor(peer) {
    this.#peer = peer
  }

  log(level, message, metadata) {
    const known = levels.includes(level)
    const params = {
      level: known ? level : 'info',
      message: typeof message === 'string' ? message : inspect(message),
      metadata: known ? metadataOf(metadata) : { ...metadataOf(metadata), level: String(level) },
    }
    this.#peer.fire('ctx.logger.log', params, (error) => {
      process.stderr.write(`podwork: ctx.logger.log: ${error.message}: ${params.level} ${params.message}\n`)
    })
  }

  debug(message, metadata) {
    this.log('debug', message, metadata)
  }

  info(message, metadata) {
    this.log('info', message, metadata)
  }

  warn(message, metadata) {
    this.log('warn', message, metadata)
  }

  error(message, metadata) {
    this.log('error', message, metadata)
  }
}

const fields = ['jobId', 'queue', 'flowId', 'flowName', 'stepName', 'stepId', 'attempt']

/** What a handler gets beside its job: where it is in the flow, and the operator's services. */
export function createContext(context, peer, stream) {
  const flow = { emit: (trigger, payload) => peer.call('ctx.flow.emit', { trigger, payload }) }
  return {
    ...Object.fromEntries(fields.map((field) => [field, context[field] ?? null])),
    state: {
      get: (key) => peer.call('ctx.state.get', { key }),
      set: (key, value = null, opts = undefined) => peer.call('ctx.state.set', { key, value, opts }),
      delete: (key) => peer.call('ctx.state.delete', { key }),
    },
    logger: new Logger(peer),
    flow,
    emit: (event, payload) =>
      typeof event === 'string' ? flow.emit(event, payload) : peer.call('ctx.emit', { event }),
    progress: (progress, message) => peer.call('ctx.progress', { progress, message }),
    stream: (chunk) => stream.send(chunk).call,
    signal: peer.signal,
  }
}
