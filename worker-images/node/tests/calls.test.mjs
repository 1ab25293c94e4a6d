import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { folder, runFiles, Worker } from './worker.mjs'

const handler = (body) => ({ 'w.mjs': `export default async (job, ctx) => {\n${body}\n}` })

/** What the worker of this body asked for, and its answer. */
async function calls(t, body, serve = () => null) {
  const made = []
  const run = await runFiles(t, handler(body), {
    serve: (method, params) => {
      made.push([method, params])
      return serve(method, params)
    },
  })
  return { made, ...run }
}

test('both forms of emit', async (t) => {
  const { made } = await calls(
    t,
    `ctx.emit('a.done', { name: 'kept' }); ctx.emit('bare')
  ctx.emit({ type: 'emit', data: { name: 'b.done' } }); ctx.flow.emit('c.done', [1])`,
  )
  assert.deepEqual(made, [
    ['ctx.flow.emit', { trigger: 'a.done', payload: { name: 'kept' } }],
    ['ctx.flow.emit', { trigger: 'bare' }],
    ['ctx.emit', { event: { type: 'emit', data: { name: 'b.done' } } }],
    ['ctx.flow.emit', { trigger: 'c.done', payload: [1] }],
  ])
})

test('undefined is stored as null, falsy values as they are', async (t) => {
  const body = "for (const value of [undefined, null, false, 0, '']) await ctx.state.set('k', value)"
  const { made } = await calls(t, body)
  assert.deepEqual(
    made.map(([, { value }]) => value),
    [null, null, false, 0, ''],
  )
})

test('a log line is never lost for its form', async (t) => {
  const { made, error, worker } = await calls(
    t,
    `const loop = {}; loop.self = loop
  ctx.logger.info({ text: 1 }); ctx.logger.error('failed', new TypeError('bad')); ctx.logger.warn('n', 5)
  ctx.logger.info('loop', loop); ctx.logger.info('big', { n: 1n }); ctx.logger.log('fatal', 'end'); ctx.logger.info()`,
  )
  assert.equal(error, undefined, worker.stderrText)
  const [object, failed, number, cycle, big, fatal, nothing] = made.map(([, params]) => params)
  assert.equal(object.message, '{ text: 1 }')
  assert.equal(failed.metadata.error.data.type, 'TypeError')
  assert.deepEqual(number.metadata, { value: 5 })
  assert.match(cycle.metadata.value, /Circular/)
  assert.match(big.metadata.value, /n: 1n/)
  assert.deepEqual([fatal.level, fatal.metadata], ['info', { level: 'fatal' }])
  assert.equal(nothing.message, 'undefined')
})

test('what cannot be sent is refused here, naming the place; unawaited it harms nothing', async (t) => {
  const { made, result, worker } = await calls(
    t,
    `ctx.emit('x', { n: NaN }); ctx.progress(1n)
  try { await ctx.state.set('k', { at: new Map() }) } catch (e) { return [e.name, e.code, e.message, /w\\.mjs:3/.test(e.stack)] }`,
  )
  assert.deepEqual(made, [])
  assert.deepEqual(result.slice(0, 2), ['RpcError', -32602])
  assert.match(result[2], /ctx\.state\.set\.value\.at is a Map/)
  assert.ok(result[3], 'the stack names the call')
  assert.match(worker.stderrText, /nothing awaited it: ctx\.flow\.emit\.payload\.n is NaN/)
  assert.match(worker.stderrText, /ctx\.progress\.progress is a BigInt/)
})

test('a message over the limit of a line is refused here', async (t) => {
  const { result } = await calls(t, "return ctx.state.set('k', 'x'.repeat(17e6)).catch((e) => [e.code, e.message])")
  assert.equal(result[0], -32001)
  assert.match(result[1], /ctx\.state\.set: 170000\d\d bytes/)
})

test('a refusal that nobody awaits, behind other functions, harms nothing', async (t) => {
  const cwd = folder(t, handler('void (async () => { await ctx.state.get("a"); await ctx.emit("b") })()\nreturn 1'))
  const worker = new Worker(`${cwd}/w.mjs`)
  worker.execute()
  worker.send({ id: (await worker.next()).id, result: null })
  const emit = await worker.next() // made after the handler had returned, since what it waited for came then
  worker.send({ id: emit.id, error: { code: -32602, message: 'trigger: not today' } })
  assert.equal((await worker.next()).result, 1)
  assert.equal((await worker.exit).code, 0)
  assert.match(worker.stderrText, /ctx\.flow\.emit failed, and nothing awaited it: trigger: not today/)
})

test('a refusal that fails the job carries code and retriable', async (t) => {
  const cwd = folder(t, handler('await ctx.state.get("a")'))
  const worker = new Worker(`${cwd}/w.mjs`)
  worker.execute()
  worker.send({ id: (await worker.next()).id, error: { code: -32000, message: 'away', data: { retriable: true } } })
  const { error } = await worker.next()
  assert.deepEqual([error.data.type, error.data.code, error.data.retriable], ['RpcError', -32000, true])
  assert.match(error.data.stack, /RpcError: away\n +at .*w\.mjs:2/)
})

test('calls made in a loop that never pauses reach a peer that answers each, and memory stays bounded', async (t) => {
  const count = 100000
  const cwd = folder(
    t,
    handler(`for (let i = 0; i < ${count}; i++) ctx.logger.info('line ' + i)
  return process.resourceUsage().maxRSS`),
  )
  const worker = new Worker(`${cwd}/w.mjs`)
  worker.execute()
  let answered = 0
  const answer = await worker.answer(() => {
    answered++
    return 'x'.repeat(100) // 13 MB of answers, that must be read while the worker still writes
  })
  assert.equal(answered, count)
  assert.ok(answer.result < 200 * 1024, `${answer.result} KiB`)
})

test('a worker waits for a peer that stops reading, and goes on with it', async (t) => {
  const cwd = folder(t, handler("for (let i = 0; i < 50; i++) ctx.logger.info('x'.repeat(100000))\nreturn 1"))
  const worker = new Worker(`${cwd}/w.mjs`)
  worker.stdout.pause()
  worker.execute()
  await sleep(500)
  assert.equal(worker.process.exitCode, null)
  worker.stdout.resume()
  assert.equal((await worker.answer()).result, 1)
})
