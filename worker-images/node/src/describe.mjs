import { inspect } from 'node:util'

const LONGEST = 32768

const shorten = (text) => (text.length > LONGEST ? `${text.slice(0, LONGEST)}... (${text.length} characters)` : text)

function typeOf(error) {
  if (typeof error.name === 'string' && error.name !== 'Error' && error.name) return error.name
  const type = error.constructor?.name || 'Error'
  // What Node itself throws is told apart by its code alone.
  const builtIn = type === 'Error' || type === 'NodeError'
  return builtIn && /^(ERR_|MODULE_NOT_FOUND)/.test(error.code) ? error.code : builtIn ? 'Error' : type
}

function stackOf(error) {
  const parts = []
  for (let e = error; e instanceof Error && parts.length < 5; e = e.cause) {
    parts.push(String(e.stack ?? e))
    for (const inner of (e.errors ?? []).slice?.(0, 5) ?? []) parts.push(`One of: ${inner?.stack ?? inspect(inner)}`)
  }
  return parts.join('\nCaused by: ')
}

/** The error as the operator records it: `{message, data: {type, stack, retriable?, code?}}`. */
export function describe(thrown) {
  const isError = thrown instanceof Error || Object.prototype.toString.call(thrown) === '[object Error]'
  const details = isError || (typeof thrown === 'object' && thrown !== null) ? thrown : {}
  const text = typeof thrown === 'string' ? thrown : inspect(thrown)
  const message = typeof details.message === 'string' ? details.message : text
  const data = {
    type: isError ? typeOf(thrown) : 'NonError',
    stack: shorten(isError ? stackOf(thrown) : `thrown, and not an Error: ${text}`),
  }
  if (typeof details.retriable === 'boolean') data.retriable = details.retriable
  if (['string', 'number'].includes(typeof details.code)) data.code = details.code
  return { message: shorten(message), data }
}
