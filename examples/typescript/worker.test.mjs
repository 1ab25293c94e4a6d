// node --test: the worker's file is compiled and run in this process, with services in memory.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { runWorkerTest } from 'podwork/testing'

const worker = new URL('worker.ts', import.meta.url)
const run = (...lines) => runWorkerTest(worker, { data: { markdown: lines.join('\n') } })

test('headings are streamed, those in code are not', async () => {
  const { parts, result, progress } = await run('# One', '```', '# no heading', '```', '## One, again')
  assert.deepEqual(parts, [
    { level: 1, title: 'One', anchor: 'one' },
    { level: 2, title: 'One, again', anchor: 'one-again' },
  ])
  assert.deepEqual(result, { headings: 2, anchors: ['one', 'one-again'] })
  assert.equal(progress.at(-1).percent, 100)
})

test('anchors are told apart', async () => {
  const { parts } = await run('# A', '# A')
  assert.deepEqual(
    parts.map(({ anchor }) => anchor),
    ['a', 'a-1'],
  )
})

test('a code block that is not closed is logged', async () => {
  assert.deepEqual((await run('```')).logs, [
    { level: 'warn', message: 'a code block is not closed', metadata: { lines: 1 } },
  ])
})
