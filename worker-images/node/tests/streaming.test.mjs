import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { folder, runFiles, Worker } from './worker.mjs'

/** The parts that this worker sent, and its answer. */
async function streamed(t, source, data = 3) {
  const parts = []
  const files = { 'w.mjs': source }
  const serve = (method, params) => {
    assert.equal(method, 'ctx.stream')
    parts.push(params)
    return null
  }
  return { parts, ...(await runFiles(t, files, { data, serve })) }
}

const forms = {
  'an async generator': 'export default async function* (job) { for (let n = 0; n < job.data; n++) yield { n } }',
  'a generator': 'export default function* (job) { for (let n = 0; n < job.data; n++) yield { n } }',
  'a generator of promises':
    'export default function* (job) { for (let n = 0; n < job.data; n++) yield Promise.resolve({ n }) }',
  'a generator that a handler returns':
    'const all = function* (end) { for (let n = 0; n < end; n++) yield { n } }\nexport default async (job) => all(job.data)',
  'a stream of Node':
    "import { Readable } from 'node:stream'\nexport default (job) => Readable.from(Array.from({ length: job.data }, (_, n) => ({ n })))",
  'a web stream': `export default (job) => { let n = 0
    return new ReadableStream({ pull: (it) => n < job.data ? it.enqueue({ n: n++ }) : it.close() }) }`,
}
for (const [form, source] of Object.entries(forms)) {
  test(`${form} streams`, async (t) => {
    const { parts, result } = await streamed(t, source)
    assert.deepEqual(
      parts,
      [0, 1, 2].map((n) => ({ index: n, chunk: { n } })),
    )
    assert.deepEqual(result, [{ n: 0 }, { n: 1 }, { n: 2 }])
  })
}

test('what a generator returns is the result', async (t) => {
  const { parts, result } = await streamed(t, "export default function* () { yield 'a'; return { count: 1 } }")
  assert.deepEqual([parts, result], [[{ index: 0, chunk: 'a' }], { count: 1 }])
  assert.deepEqual((await streamed(t, 'export default function* () {}')).result, [])
})

test('parts by hand', async (t) => {
  const source = "export default async (_, ctx) => { ctx.stream('a'); await ctx.stream(); return 'b' }"
  const { parts, result } = await streamed(t, source)
  assert.deepEqual(parts, [
    { index: 0, chunk: 'a' },
    { index: 1, chunk: null },
  ])
  assert.equal(result, 'b')
})

test('a part is what it was when it was yielded', async (t) => {
  const source = 'export default function* () { const a = []; for (const n of [1, 2]) { a.push(n); yield a } }'
  assert.deepEqual((await streamed(t, source)).result, [[1], [1, 2]])
})

test('a part that JSON cannot carry is refused where it is yielded', async (t) => {
  const caught = `export default function* () {
  yield 1
  try { yield { at: new Map() } } catch (error) { yield error.message }
}`
  const { parts, result } = await streamed(t, caught)
  assert.match(result[1], /ctx\.stream\.chunk\.at is a Map/)
  assert.deepEqual(
    parts.map(({ index }) => index),
    [0, 1],
  )
  const { error } = await streamed(t, 'export default function* () { yield NaN }')
  assert.match(error.message, /chunk is NaN/)
})

test('a part that the operator refuses fails the job', async (t) => {
  const cwd = folder(t, { 'w.mjs': 'export default async function* () { yield 1 }' })
  const worker = new Worker(`${cwd}/w.mjs`)
  worker.execute()
  worker.send({ id: (await worker.next()).id, error: { code: -32001, message: 'chunk: too large' } })
  assert.equal((await worker.next()).error.message, 'chunk: too large')
  assert.equal((await worker.exit).code, 0)
})

test('an operator that does not keep up holds the handler up', async (t) => {
  const cwd = folder(t, { 'w.mjs': 'export default function* () { for (let n = 0; n < 100; n++) yield n }' })
  const worker = new Worker(`${cwd}/w.mjs`)
  worker.execute()
  const waiting = []
  while (waiting.length < 32) waiting.push(await worker.next())
  await sleep(200)
  assert.deepEqual(worker.messages, [])
  for (const { id } of waiting) worker.send({ id, result: null })
  const { result } = await worker.answer()
  assert.deepEqual(result, [...Array(100).keys()])
})

test('parts of more than a result may have', async (t) => {
  const body = "for (let n = 0; n < 20; n++) yield 'x'.repeat(1024 * 1024)"
  const { error } = await streamed(t, `export default function* () { ${body} }`)
  assert.equal(error.data.type, 'ResultTooLarge')
  const { parts, result } = await streamed(t, `export default function* () { ${body}; return 'done' }`)
  assert.deepEqual([parts.length, result], [20, 'done'])
})

test('a cancelled generator cleans up where it yields', async (t) => {
  for (const kind of ['function*', 'async function*']) {
    const source = `export default ${kind} () {
  try { for (;;) yield 1 } catch (error) { console.log(error.name, error.reason) } finally { console.log('cleaned up') }
}`
    const worker = new Worker(`${folder(t, { 'w.mjs': source })}/w.mjs`)
    t.after(() => worker.process.kill('SIGKILL'))
    worker.execute()
    for (let n = 0; n < 32; n++) await worker.next()
    worker.send({ method: 'cancel', params: { reason: 'AttemptTimeout', message: 'too long' } })
    worker.stdin.end()
    assert.deepEqual(await worker.exit, { code: 130, signal: null }, worker.stderrText)
    assert.match(worker.logs, /Cancelled AttemptTimeout\ncleaned up/)
  }
})
