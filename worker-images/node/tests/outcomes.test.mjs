import assert from 'node:assert/strict'
import { test } from 'node:test'
import { folder, runFiles, runJob, Worker } from './worker.mjs'

const handler = (body) => ({ 'w.mjs': `export default async (job, ctx) => {\n${body}\n}` })

const unserializable = {
  'return 10n': 'result is a BigInt',
  'return { a: [1, { "b c": 10n }] }': 'result.a[1]["b c"] is a BigInt',
  'return () => 1': 'result is a function',
  'return { on() {} }': 'result.on is a function',
  'return [Symbol("x")]': 'result[0] is a symbol',
  'return { mean: 0 / 0 }': 'result.mean is NaN',
  'return [1, -1 / 0]': 'result[1] is -Infinity',
  'return { users: new Map([[1, 2]]) }': 'result.users is a Map: return Object.fromEntries(map)',
  'return { all: [Promise.resolve(1)] }': 'result.all[0] is a Promise: await it',
  'return { error: new Error("x") }': 'result.error is a Error',
  'const a = { b: [{}] }; a.b[0].c = a; return a': 'result.b[0].c contains itself',
  'const a = []; a.push(a); return a': 'result[0] contains itself',
  'return { at: { toJSON() { throw new Error("no") } } }': 'no',
  'let a = {}; for (let i = 0; i < 1e5; i++) a = { a }; return a': 'too large, or nested too deeply',
}

test('a result that JSON cannot carry names its path', async (t) => {
  for (const [body, message] of Object.entries(unserializable)) {
    await t.test(body, async (t) => {
      const { error, exit } = await runFiles(t, handler(body))
      assert.equal(error.data.type, 'ResultNotSerializable')
      assert.ok(error.message.includes(message), error.message)
      assert.equal(exit.code, 0)
    })
  }
})

const serializable = {
  'return undefined': null,
  'return { a: undefined, b: [undefined] }': { b: [null] },
  'const a = { x: 1 }; return [a, a, { a }]': [{ x: 1 }, { x: 1 }, { a: { x: 1 } }],
  'return new Date(0)': '1970-01-01T00:00:00.000Z',
  'return { toJSON: () => [1] }': [1],
  'return "\\ud800 \\u2028"': '\ud800 \u2028',
  'return -0': 0,
}

test('a result is what JSON.stringify makes of it', async (t) => {
  for (const [body, expected] of Object.entries(serializable)) {
    await t.test(body, async (t) => {
      const { result, error } = await runFiles(t, handler(body))
      assert.deepEqual({ result, error }, { result: expected, error: undefined })
    })
  }
})

test('a result over the limit of a line is an error, not a lost line', async (t) => {
  const { error } = await runFiles(t, handler('return "x".repeat(17 * 1024 * 1024)'))
  assert.equal(error.data.type, 'ResultTooLarge')
  assert.match(error.message, /17825794 bytes.*16777216/)
})

const failures = {
  'throw "out of order"': { message: 'out of order', type: 'NonError' },
  'throw null': { message: 'null', type: 'NonError' },
  'throw { message: "m", code: 7, retriable: false }': { message: 'm', type: 'NonError', code: 7, retriable: false },
  'return Promise.reject(new TypeError("t"))': { message: 't', type: 'TypeError', stack: 'w.mjs:2' },
  'class Late extends Error {} throw new Late("l")': { message: 'l', type: 'Late', stack: 'w.mjs:2' },
  'throw Object.assign(new Error("n"), { name: "Named" })': { message: 'n', type: 'Named' },
  'await (await import("node:fs/promises")).readFile("/no/such")': { type: 'Error', code: 'ENOENT' },
  'throw new Error("outer", { cause: new Error("inner") })': { message: 'outer', stack: 'Caused by: Error: inner' },
  'throw new AggregateError([new Error("one")], "all")': { type: 'AggregateError', stack: 'One of: Error: one' },
  'throw new Error("x".repeat(20e6))': { type: 'Error' },
}

test('how a handler may fail', async (t) => {
  for (const [body, { message, stack = '', ...data }] of Object.entries(failures)) {
    await t.test(body, async (t) => {
      const { error, exit, worker } = await runFiles(t, handler(body))
      if (message) assert.equal(error.message, message)
      for (const [key, value] of Object.entries(data)) assert.equal(error.data[key], value, key)
      assert.ok(error.data.stack.includes(stack), error.data.stack)
      assert.ok(worker.stderrText.includes(error.data.stack), 'the log has it too')
      assert.equal(exit.code, 0)
    })
  }
})

test('the stack names the lines of the TypeScript source', async (t) => {
  const { error } = await runFiles(t, {
    'w.ts': `interface Options {
  first: string
  second: string
}

import { check } from './check'

export default async (job: { data: Options }) => check(job.data)`,
    'check.ts': `type Unknown = unknown

export function check(options: Unknown): never {
  throw new RangeError('no good')
}`,
  })
  assert.match(error.data.stack, /check\.ts:4:9/)
  assert.match(error.data.stack, /w\.ts:8:50/)
})

test('what nobody catches fails the job, and the process', async (t) => {
  for (const body of [
    'setTimeout(() => { throw new RangeError("late") }, 10); await new Promise(() => {})',
    'Promise.reject(new RangeError("late")); await new Promise(() => {})',
    'void (async () => { await null; throw new RangeError("late") })(); await new Promise(() => {})',
  ]) {
    await t.test(body, async (t) => {
      const { error, exit } = await runFiles(t, handler(body))
      assert.equal(error.data.type, 'RangeError')
      assert.match(error.data.stack, /w\.mjs:2/)
      assert.equal(exit.code, 1)
    })
  }
})

test('a program that catches such errors itself is left to it', async (t) => {
  const body =
    'process.on("unhandledRejection", () => {}); Promise.reject(new Error("x")); await new Promise((r) => setTimeout(r, 50)); return 1'
  assert.equal((await runFiles(t, handler(body))).result, 1)
})

test('open timers, servers and children do not keep the process', async (t) => {
  const body = `setInterval(() => {}, 1000)
  ;(await import('node:net')).createServer().listen(0)
  ;(await import('node:child_process')).spawn('sleep', ['5'])
  return 1`
  const started = Date.now()
  const { result, exit } = await runFiles(t, handler(body))
  assert.deepEqual([result, exit.code], [1, 0])
  assert.ok(Date.now() - started < 4000)
})

test('SIGTERM ends the process at once', async (t) => {
  for (const body of ['await new Promise(() => {})', 'for (;;);']) {
    await t.test(body, async (t) => {
      const cwd = folder(t, handler(`ctx.progress(1)\n${body}`))
      const worker = new Worker(`${cwd}/w.mjs`)
      worker.execute()
      await worker.next()
      worker.process.kill('SIGTERM')
      assert.deepEqual(await worker.exit, { code: null, signal: 'SIGTERM' })
    })
  }
})

test('the job and its place in a flow', async (t) => {
  const cwd = folder(t, {
    'w.ts': 'export default async (job, ctx) => ({ job, flow: ctx.flowId, args: process.argv.slice(2) })',
  })
  const job = { name: 's', type: 't', queue: 'q', attempt: 2 }
  const { result } = await runJob(`${cwd}/w.ts`, { data: [1], job, context: { flowId: 'f' } })
  assert.deepEqual(result, { job: { id: 'j', data: [1], ...job }, flow: 'f', args: [] })
})
