import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { RpcError } from '../src/index.mjs'
import { runWorkerTest } from '../src/testing/index.mjs'
import { folder } from './worker.mjs'

async function add(job, ctx) {
  ctx.logger.info('adding', { n: job.data.length })
  const total = job.data.reduce((a, b) => a + b, (await ctx.state.get('total')) ?? 0)
  await ctx.state.set('total', total, { ttl: 60_000 })
  ctx.progress(100, 'added')
  ctx.emit('sum.known', { total })
  ctx.emit({ type: 'emit', data: { name: 'again', total } })
  ctx.flow.emit('done')
  ctx.stream({ total })
  return { total, at: ctx.stepId }
}

test('everything that a handler did', async () => {
  const outcome = await runWorkerTest(add, { data: [1, 2], state: { total: 4 }, context: { flowId: 'f' } })
  assert.deepEqual(outcome.result, { total: 7, at: 'f__test__attempt-1' })
  assert.deepEqual(outcome.logs, [{ level: 'info', message: 'adding', metadata: { n: 2 } }])
  assert.deepEqual(outcome.progress, [{ percent: 100, message: 'added' }])
  assert.deepEqual(outcome.emits, [
    { name: 'sum.known', payload: { total: 7 } },
    { name: 'again', payload: { total: 7 } },
    { name: 'done', payload: {} },
  ])
  assert.deepEqual([outcome.parts, outcome.state], [[{ total: 7 }], { total: 7 }])
  const set = { method: 'ctx.state.set', params: { key: 'total', value: 7, opts: { ttl: 60_000 } } }
  assert.deepEqual(outcome.calls[2], set)
  assert.deepEqual([outcome.error, outcome.cancelled], [undefined, false])
})

test('job and context', async () => {
  const handler = (job, ctx) => [job.id, job.data, ctx.attempt, ctx.stepId]
  const { result } = await runWorkerTest(handler, { data: 5, job: { id: 'j', attempt: 2 } })
  assert.deepEqual(result, ['j', 5, 2, 'j__test__attempt-2'])
})

test('a generator', async () => {
  const { parts, result } = await runWorkerTest(
    async function* (job) {
      yield* job.data
      return job.data.length
    },
    { data: ['a', 'b'] },
  )
  assert.deepEqual([parts, result], [['a', 'b'], 2])
})

test("a worker's file, TypeScript and without an import", async (t) => {
  const cwd = folder(t, { 'double.ts': 'export default defineQueueWorker<number>((job) => job.data * 2)' })
  assert.equal((await runWorkerTest(`${cwd}/double.ts`, { data: 21 })).result, 42)
  assert.equal((await runWorkerTest(new URL(`file://${cwd}/double.ts`), { data: 2 })).result, 4)
})

test('what is given and what comes back are copies', async () => {
  const [data, state] = [{ list: [] }, { kept: [] }]
  const outcome = await runWorkerTest(
    async (job, ctx) => {
      job.data.list.push(1)
      ;(await ctx.state.get('kept')).push(1)
      const value = [1]
      await ctx.state.set('new', value)
      value.push(2)
    },
    { data, state },
  )
  assert.deepEqual([data, state, outcome.state], [{ list: [] }, { kept: [] }, { kept: [], new: [1] }])
})

test('errors', async () => {
  class OutOfStock extends Error {
    retriable = false
    code = 'E42'
  }
  const outcome = await runWorkerTest(() => {
    throw new OutOfStock('none left')
  })
  const { stack, ...others } = outcome.error
  assert.deepEqual(others, { type: 'OutOfStock', message: 'none left', retriable: false, code: 'E42' })
  assert.match(stack, /testing\.test\.mjs/)
  assert.throws(() => outcome.result, /the handler has no result, but failed:[\s\S]*none left/)
})

test('results that the operator would not take', async () => {
  assert.equal((await runWorkerTest(() => new Map())).error.type, 'ResultNotSerializable')
  assert.equal((await runWorkerTest(() => 'x'.repeat(300_000))).error.type, 'ResultTooLarge')
})

const refused = {
  'progress must be a number from 0 to 100': (ctx) => ctx.progress(101),
  'key must be a string of 1 to 253 characters': (ctx) => ctx.state.get(''),
  'opts.ttl must be a whole number from 1': (ctx) => ctx.state.set('a', 1, { ttl: 0 }),
  'event.type must be "emit"': (ctx) => ctx.emit({ type: 'other', data: { name: 'n' } }),
  'event.data must be an object': (ctx) => ctx.emit({ type: 'emit' }),
  'event.data.name must be a string': (ctx) => ctx.emit({ type: 'emit', data: {} }),
  'trigger must be a string': (ctx) => ctx.flow.emit(''),
  'value: 262145 bytes': (ctx) => ctx.state.set('a', 'x'.repeat(256 * 1024 - 1)),
  'emits of an attempt': (ctx) => ctx.emit('n', 'x'.repeat(256 * 1024)),
}
test('calls that the operator would refuse', async () => {
  for (const [message, call] of Object.entries(refused)) {
    const { error } = await runWorkerTest(async (_, ctx) => call(ctx))
    assert.equal(error.type, 'RpcError')
    assert.ok(error.message.includes(message), error.message)
  }
})

test('services that fail; what nobody awaits harms nothing', async () => {
  const refuse = { 'ctx.state.get': new RpcError(-32000, 'away', { retriable: true }) }
  const { error } = await runWorkerTest((_, ctx) => ctx.state.get('a'), { refuse })
  assert.deepEqual([error.message, error.code, error.retriable], ['away', -32000, true])
  const handler = (_, ctx) => {
    ctx.state.get('a')
    return 1
  }
  assert.equal((await runWorkerTest(handler, { refuse })).result, 1)
})

test('state goes after its time', async () => {
  const { result, state } = await runWorkerTest(async (_, ctx) => {
    await ctx.state.set('short', 1, { ttl: 20 })
    const there = await ctx.state.get('short')
    await sleep(50)
    return [there, await ctx.state.get('short')]
  })
  assert.deepEqual([result, state], [[1, null], {}])
})

test('cancelled when it has come so far', async () => {
  const cancelWhen = (soFar) => soFar.progress.length === 3
  const plain = async (_, ctx) => {
    try {
      for (let percent = 0; ; percent++) await ctx.progress(percent)
    } finally {
      ctx.logger.info('cleaned up', { reason: ctx.signal.reason.reason })
    }
  }
  async function* generator(_, ctx) {
    try {
      for (let percent = 0; ; percent++) {
        await ctx.progress(percent)
        yield percent
      }
    } finally {
      ctx.logger.info('cleaned up', { reason: ctx.signal.reason.reason })
    }
  }
  for (const handler of [plain, generator]) {
    const outcome = await runWorkerTest(handler, { cancelWhen })
    assert.equal(outcome.cancelled, true)
    assert.deepEqual(
      outcome.progress.map(({ percent }) => percent),
      [0, 1, 2],
    )
    assert.deepEqual(outcome.logs, [{ level: 'info', message: 'cleaned up', metadata: { reason: 'Cancelled' } }])
    assert.throws(() => outcome.result, /it was cancelled/)
  }
})

test('cancelled after a time', async () => {
  const waits = (_, ctx) => sleep(60_000, null, { signal: ctx.signal })
  assert.equal((await runWorkerTest(waits, { cancelAfter: 20 })).cancelled, true)
  assert.equal((await runWorkerTest(() => 1, { cancelAfter: 60_000 })).result, 1)
})

test('one that does not listen to the signal is told of', async () => {
  const timer = new AbortController()
  const deaf = () => sleep(60_000, null, { signal: timer.signal }).catch(() => {})
  await assert.rejects(runWorkerTest(deaf, { cancelAfter: 1 }), /had not ended 5 s after .* give ctx\.signal/)
  timer.abort()
})
