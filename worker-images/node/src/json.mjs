/** A value that JSON cannot carry; the message says where it is and what to do. */
export class NotSerializable extends Error {
  name = 'NotSerializable'
}

const cures = {
  Map: 'return Object.fromEntries(map)',
  Set: 'return [...set]',
  Promise: 'await it',
  WeakMap: 'leave it out',
  WeakSet: 'leave it out',
  RegExp: 'return its source',
  Error: 'return its message',
  ArrayBuffer: 'return a Buffer or text',
}

function objection(value) {
  switch (typeof value) {
    case 'bigint':
      return 'a BigInt: convert it with Number() or String()'
    case 'function':
      return 'a function'
    case 'symbol':
      return 'a symbol'
    case 'number':
      return Number.isFinite(value) ? undefined : `${value}: JSON has no such number`
    case 'object': {
      // JSON.stringify would make {} of these, and say nothing
      const tag = Object.prototype.toString.call(value).slice(8, -1)
      return tag in cures && Object.hasOwn(cures, tag) ? `a ${tag}: ${cures[tag]}` : undefined
    }
  }
}

const step = (key, holder) =>
  Array.isArray(holder) ? `[${key}]` : /^[A-Za-z_$][\w$]*$/.test(key) ? `.${key}` : `[${JSON.stringify(key)}]`

/**
 * JSON of a value, as JSON.stringify writes it (`toJSON` is honoured, members that are `undefined` are left out), but
 * where JSON.stringify would drop or change something it throws, naming the path from `root`.
 */
export function encode(value, root) {
  const holders = []
  const path = [root]
  const here = () => path.join('')
  function check(key, item) {
    while (holders.length && holders.at(-1) !== this) {
      holders.pop()
      path.pop()
    }
    const name = holders.length ? step(key, this) : ''
    const reason = objection(item)
    if (reason) throw new NotSerializable(`${here()}${name} is ${reason}`)
    if (typeof item === 'object' && item !== null) {
      if (holders.includes(item)) throw new NotSerializable(`${here()}${name} contains itself`)
      holders.push(item)
      path.push(name)
    }
    return item
  }
  try {
    return JSON.stringify(value === undefined ? null : value, check)
  } catch (error) {
    if (error instanceof NotSerializable) throw error
    if (error instanceof RangeError) throw new NotSerializable(`${root} is too large, or nested too deeply`)
    throw new NotSerializable(`${here()}: ${error.message}`, { cause: error })
  }
}
