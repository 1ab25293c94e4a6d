import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import { folder, runFiles, runJob } from './worker.mjs'

test('each form of export, from utils folders up to the working directory, and what they use themselves', async (t) => {
  const cwd = folder(t, {
    'server/queues/sum.ts': 'export default (job) => [one(), two, new Three().value, four(), fiveTimes(1), six]',
    'server/queues/utils/one.ts': 'export function one(): number { return oneOf(1) }',
    'server/utils/one-of.ts': 'export async function* other() {}\nexport const oneOf = (n: number) => n',
    'server/utils/two.mjs': 'const hidden = 2\nexport { hidden as two }',
    'utils/three.ts': 'export class Three { value = 3 }',
    'utils/four.js': 'export default () => 4',
    'utils/five-times.ts': 'export default function (n: number) { return n * 5 }',
    'utils/six.cjs': 'exports.six = 6',
    'utils/types.d.ts': 'export const one: never',
    'utils/readme.md': 'one two',
  })
  const { error } = await runJob(join(cwd, 'server/queues/sum.ts'), { cwd })
  assert.equal(error.message, 'six is not defined', 'what CommonJS exports is not found')

  const { error: outside } = await runJob(join(cwd, 'server/queues/sum.ts'), { cwd: join(cwd, 'utils') })
  assert.match(
    outside.message,
    /oneOf is not defined/,
    'not above the worker, when that is not below the working directory',
  )
})

test('by name from #imports', async (t) => {
  const files = {
    'w.ts': `import { defineQueueWorker, twice, half } from '#imports'
export default defineQueueWorker<number>((job) => half(twice(job.data)))`,
    'utils/numbers.ts': 'export const twice = (n: number) => n * 2',
    'utils/half.ts': 'export default (n: number) => n / 2',
  }
  assert.equal((await runFiles(t, files, { data: 21 })).result, 21)
})

test('a file that is used and does not load fails the job, naming it', async (t) => {
  const { error, exit } = await runFiles(t, {
    'w.mjs': 'export default () => used()',
    'utils/a.mjs': 'export const used = 1 +',
  })
  assert.match(error.message, /utils\/a\.mjs:1/)
  assert.equal(exit.code, 1)
})

test('a built-in of the same name is not replaced', async (t) => {
  const files = { 'w.mjs': 'export default () => typeof fetch', 'utils/a.mjs': 'export const fetch = 1' }
  assert.equal((await runFiles(t, files)).result, 'function')
})
