// node --test: the handler in this process, with services in memory.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { runWorkerTest } from 'podwork/testing'
import remind from './worker.mjs'

const data = { to: ['ada@example.com', 'grace@example.com', 'joan@example.com'], perSecond: 1000 }

test('all are sent', async () => {
  const { result, progress, emits } = await runWorkerTest(remind, { data })
  assert.deepEqual(result, { sent: 3 })
  assert.deepEqual(progress.at(-1), { percent: 100, message: 'joan@example.com' })
  assert.deepEqual(emits, [{ name: 'reminders.sent', payload: { count: 3 } }])
})

test('another attempt goes on behind the last', async () => {
  const { progress, logs } = await runWorkerTest(remind, { data, state: { sent: 2 }, job: { attempt: 2 } })
  assert.deepEqual(
    progress.map(({ message }) => message),
    ['joan@example.com'],
  )
  assert.deepEqual(logs[0].metadata, { sent: 2, attempt: 2 })
})

test('a cancelled one stops at once, and remembers how far it was', async () => {
  const slow = { ...data, perSecond: 0.01 }
  const outcome = await runWorkerTest(remind, { data: slow, cancelWhen: ({ progress }) => progress.length === 1 })
  assert.deepEqual([outcome.cancelled, outcome.state], [true, { sent: 1 }])
})

test('what is no address fails for good', async () => {
  const { error } = await runWorkerTest(remind, { data: { to: ['Ada'], perSecond: 1 } })
  assert.deepEqual([error.type, error.message, error.retriable], ['BadAddress', 'Ada is no address', false])
})
