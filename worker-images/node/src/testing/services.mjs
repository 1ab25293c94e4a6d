import errors from '../errors.cjs'

const { RpcError } = errors
const INVALID_PARAMS = -32602
const METHOD_NOT_FOUND = -32601
const LIMIT_EXCEEDED = -32001
const NAME_LENGTH = 253
const VALUE_BYTES = 256 * 1024
const EMITS_BYTES = 256 * 1024

const size = (value) => Buffer.byteLength(JSON.stringify(value))
const isObject = (value) => typeof value === 'object' && value !== null && !Array.isArray(value)

function must(name, be) {
  throw new RpcError(INVALID_PARAMS, `${name} must be ${be}`)
}

function limit(message) {
  throw new RpcError(LIMIT_EXCEEDED, message)
}

function name(value, called) {
  const fits = typeof value === 'string' && value !== '' && [...value].length <= NAME_LENGTH
  return fits ? value : must(called, `a string of 1 to ${NAME_LENGTH} characters`)
}

const text = (value, called) => (typeof value === 'string' ? value : must(called, 'a string'))
const object = (value, called) => (isObject(value) ? value : must(called, 'an object'))

/** The operator's services in memory, with its checks and its limits. What they are asked for is noted in `outcome`. */
export class Services {
  #outcome
  #refuse
  #ends = new Map()
  #emitted = 0

  constructor(outcome, refuse) {
    this.#outcome = outcome
    this.#refuse = refuse
  }

  serve(method, params) {
    this.#outcome.calls.push({ method, params })
    if (!Object.hasOwn(methods, method)) throw new RpcError(METHOD_NOT_FOUND, `no such method: ${method}`)
    if (this.#refuse[method]) throw this.#refuse[method]
    return methods[method](this, params) ?? null
  }

  get({ key }) {
    name(key, 'key')
    this.forgetWhatIsOver()
    return this.#outcome.state.get(key)
  }

  set({ key, value, opts }) {
    name(key, 'key')
    if (value === undefined) must('value', 'there (null is a value)')
    if (size(value) > VALUE_BYTES) limit(`value: ${size(value)} bytes of JSON; a value may have ${VALUE_BYTES}`)
    const ttl = object(opts ?? {}, 'opts').ttl ?? undefined
    if (ttl !== undefined && !(Number.isInteger(ttl) && ttl >= 1)) must('opts.ttl', 'a whole number from 1')
    this.#outcome.state.set(key, value)
    this.#ends.set(key, ttl === undefined ? Infinity : performance.now() + ttl)
  }

  delete({ key }) {
    this.#outcome.state.delete(name(key, 'key'))
  }

  forgetWhatIsOver() {
    for (const [key, end] of this.#ends) if (end <= performance.now()) this.#outcome.state.delete(key)
  }

  log({ level, message, metadata }) {
    if (!['debug', 'info', 'warn', 'error'].includes(level)) must('level', 'debug, info, warn or error')
    this.#outcome.logs.push({ level, message: text(message, 'message'), metadata: object(metadata ?? {}, 'metadata') })
  }

  progress({ progress, message }) {
    if (!(typeof progress === 'number' && progress >= 0 && progress <= 100)) must('progress', 'a number from 0 to 100')
    const told = message ?? undefined
    this.#outcome.progress.push({ percent: progress, ...(told !== undefined && { message: text(told, 'message') }) })
  }

  emitEvent({ event }) {
    const { type, data } = object(event, 'event')
    if (type !== 'emit') must('event.type', '"emit"')
    const { name: named, ...payload } = object(data, 'event.data')
    return this.emit(name(named, 'event.data.name'), payload)
  }

  emit(named, payload = {}) {
    this.#emitted += size(named) + size(payload)
    if (this.#emitted > EMITS_BYTES) limit(`the emits of an attempt may be ${EMITS_BYTES} bytes in all`)
    this.#outcome.emits.push({ name: named, payload })
    return []
  }

  stream({ chunk }) {
    this.#outcome.parts.push(chunk === undefined ? must('chunk', 'there (null is a value)') : chunk)
  }
}

const methods = {
  'ctx.state.get': (services, params) => services.get(params),
  'ctx.state.set': (services, params) => services.set(params),
  'ctx.state.delete': (services, params) => services.delete(params),
  'ctx.logger.log': (services, params) => services.log(params),
  'ctx.progress': (services, params) => services.progress(params),
  'ctx.emit': (services, params) => services.emitEvent(params),
  'ctx.flow.emit': (services, { trigger, payload }) => services.emit(name(trigger, 'trigger'), payload),
  'ctx.stream': (services, params) => services.stream(params),
}
