import { basename } from 'node:path'

const matchers = {
  $any: (value) => value !== undefined,
  $absent: (value) => value === undefined,
  $nothing: (value) => value === undefined || value === null,
  $empty: (value) => value === undefined || value === null || JSON.stringify(value) === '{}',
  $string: (value) => typeof value === 'string' && value !== '',
  $id: (value) => ['string', 'number'].includes(typeof value),
  $contains: (value, parts) => typeof value === 'string' && parts.every((part) => value.includes(part)),
  $program: (value, _, program) => typeof value === 'string' && value.includes(basename(program)),
  $repeat: (value, [text, times]) => value === text.repeat(times),
}

/** Where `value` does not match `pattern`, in words; `undefined` when it does. */
export function mismatch(pattern, value, program, path = 'message') {
  const wrong = `${path}: expected ${JSON.stringify(pattern)}, got ${JSON.stringify(value)?.slice(0, 500)}`
  if (typeof pattern !== 'object' || pattern === null) return Object.is(pattern, value) ? undefined : wrong
  const [name, ...others] = Object.keys(pattern)
  if (name?.startsWith('$') && !others.length) {
    if (!matchers[name]) throw new Error(`no such matcher: ${name}`)
    return matchers[name](value, pattern[name], program) ? undefined : wrong
  }
  const isArray = Array.isArray(pattern)
  if (typeof value !== 'object' || value === null || Array.isArray(value) !== isArray) return wrong
  if (isArray && pattern.length !== value.length) return wrong
  for (const [key, member] of Object.entries(pattern)) {
    const found = mismatch(member, value[key], program, `${path}.${key}`)
    if (found) return found
  }
}

/** A copy of what a conversation says, with `change` made to each text and object in it. */
export function replace(value, change) {
  const changed = change(value)
  if (changed !== value || typeof value !== 'object' || value === null) return changed
  if (Array.isArray(value)) return value.map((item) => replace(item, change))
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, replace(item, change)]))
}
