import assert from 'node:assert/strict'
import { test } from 'node:test'
import { folder, Worker } from './worker.mjs'

const PROMPTLY = 3000 // with two cores that others use too; it takes milliseconds

/** Runs a worker of this body until it logs, and cancels it as the operator does: its stdin ends too. */
async function cancelled(t, body, params = { reason: 'AttemptTimeout', message: 'Worker timeout after 1000ms' }) {
  const imports = "import { setTimeout as sleep } from 'node:timers/promises'\n"
  const cwd = folder(t, { 'w.mjs': `${imports}export default async (job, ctx) => {\n${body}\n}` })
  const worker = new Worker(`${cwd}/w.mjs`)
  t.after(() => worker.process.kill('SIGKILL'))
  worker.execute()
  assert.equal((await worker.next()).params.message, 'started')
  worker.began = performance.now()
  worker.send({ method: 'cancel', params })
  worker.stdin.end()
  return worker
}

async function gone(worker, code = 130) {
  assert.deepEqual(await worker.exit, { code, signal: null }, worker.stderrText)
  assert.ok(performance.now() - worker.began < PROMPTLY, `after ${performance.now() - worker.began} ms`)
}

test('the signal aborts with the reason, and the process ends with the handler', async (t) => {
  const worker = await cancelled(
    t,
    `ctx.logger.info('started')
  try { await sleep(60000, null, { signal: ctx.signal }) } finally {
    const { name, reason, message } = ctx.signal.reason
    console.log([name, reason, message].join('|'))
    ctx.logger.info('last words')
  }`,
  )
  const { method, id, params } = await worker.next()
  assert.deepEqual([method, id, params.message], ['ctx.logger.log', undefined, 'last words'])
  await gone(worker)
  assert.match(worker.logs, /Cancelled\|AttemptTimeout\|Worker timeout after 1000ms/)
  assert.doesNotMatch(worker.logs, /AbortError|podwork:/)
})

test('an event listener hears of it', async (t) => {
  const worker = await cancelled(
    t,
    `ctx.logger.info('started')
  await new Promise((resolve) => ctx.signal.addEventListener('abort', resolve))
  console.log('heard'); return 1`,
  )
  await gone(worker)
  assert.match(worker.logs, /heard/)
  assert.deepEqual(worker.messages, [], 'the result is not told')
})

test('calls that wait are refused, and those that follow', async (t) => {
  const worker = await cancelled(
    t,
    `ctx.logger.info('started'); ctx.progress(5)
  const refusals = []
  for (const key of ['a', 'b']) await ctx.state.get(key).catch((e) => refusals.push(e.name, e.code))
  console.log(refusals.join(), ctx.signal.aborted)`,
  )
  await gone(worker)
  assert.match(worker.logs, /RpcError,-32002,RpcError,-32002 true/)
  assert.doesNotMatch(worker.logs, /nothing awaited it/)
})

test('what nobody awaits does not cut the cleanup short', async (t) => {
  const worker = await cancelled(
    t,
    `ctx.logger.info('started')
  sleep(60000, null, { signal: ctx.signal }); ctx.signal.addEventListener('abort', () => Promise.reject(ctx.signal.reason))
  try { await sleep(60000, null, { signal: ctx.signal }) } finally { await sleep(100); console.log('cleaned up') }`,
  )
  await gone(worker)
  assert.match(worker.logs, /cleaned up/)
})

test('a failing cleanup is told in the log', async (t) => {
  const worker = await cancelled(
    t,
    `ctx.logger.info('started')
  try { await sleep(60000, null, { signal: ctx.signal }) } finally { throw new TypeError('while cleaning up') }`,
  )
  await gone(worker)
  assert.match(worker.logs, /TypeError: while cleaning up/)
})

test('before the handler runs', async (t) => {
  const cwd = folder(t, { 'w.mjs': "export default () => console.log('ran')" })
  const worker = new Worker(`${cwd}/w.mjs`)
  worker.began = performance.now()
  worker.execute()
  worker.send({ method: 'cancel', params: { reason: 'Cancelled' } })
  worker.stdin.end()
  await gone(worker)
  assert.doesNotMatch(worker.logs, /ran/)
})

test('one that does not listen goes on until SIGTERM', async (t) => {
  const worker = await cancelled(t, "ctx.logger.info('started'); await sleep(60000)")
  await new Promise((resolve) => setTimeout(resolve, 300))
  assert.equal(worker.process.exitCode, null)
  worker.process.kill('SIGTERM')
  assert.deepEqual(await worker.exit, { code: null, signal: 'SIGTERM' })
})

test('odd cancels', async (t) => {
  for (const params of [null, [], {}, { reason: 7, message: ['x'] }]) {
    const worker = await cancelled(
      t,
      "ctx.logger.info('started'); await sleep(60000, null, { signal: ctx.signal })",
      params,
    )
    await gone(worker)
  }
})
