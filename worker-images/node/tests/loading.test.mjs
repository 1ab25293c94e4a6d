import assert from 'node:assert/strict'
import { test } from 'node:test'
import { runFiles } from './worker.mjs'

const good = {
  '.mjs, default export': { 'w.mjs': 'export default async (job) => job.data' },
  '.mjs, named export': { 'w.mjs': 'export async function handler(job) { return job.data }' },
  '.mjs, defineQueueWorker as a global': {
    'w.mjs':
      'export default defineQueueWorker((job) => job.data)\nexport const config = defineQueueConfig({ timeout: 1 })',
  },
  '.mjs, from podwork': {
    'deep/er/w.mjs': 'import { defineQueueWorker } from "podwork"\nexport default defineQueueWorker((job) => job.data)',
  },
  '.mjs, from #imports': {
    'w.mjs': 'import { defineQueueWorker } from "#imports"\nexport default defineQueueWorker((job) => job.data)',
  },
  '.js, a module without package.json': { 'w.js': 'export default async (job) => job.data' },
  '.js, a module by package.json': {
    'w.js': 'export const handler = (job) => job.data',
    'package.json': '{"type":"module"}',
  },
  '.js, CommonJS': { 'w.js': 'module.exports = async (job) => job.data' },
  '.cjs, exports.handler': { 'w.cjs': 'exports.handler = async (job) => job.data' },
  '.cjs, requires podwork and #imports': {
    'w.cjs': `const { defineQueueWorker } = require('podwork')
const { defineQueueConfig } = require('#imports')
exports.config = defineQueueConfig({})
exports.default = defineQueueWorker((job) => job.data)`,
  },
  '.cjs, compiled from TypeScript': {
    'w.cjs': 'exports.__esModule = true\nexports.default = (job) => job.data',
  },
  '.cjs, requires TypeScript': {
    'w.cjs': 'const { same } = require("./same")\nmodule.exports = (job) => same(job.data)',
    'same.cts': 'exports.same = (value: number): number => value',
    'same.ts': 'exports.same = (value: number): number => value',
  },
  '.cts': { 'w.cts': 'const handler = (job: { data: number }): number => job.data\nmodule.exports = handler' },
  '.mts': { 'w.mts': 'export default async (job: { data: number }): Promise<number> => job.data' },
  '.ts, though package.json says commonjs': {
    'w.ts': 'export default async (job: { data: number }) => job.data as number',
    'package.json': '{"type":"commonjs"}',
  },
  '.ts, CommonJS': { 'w.ts': 'const handler = (job: { data: number }) => job.data\nmodule.exports = { handler }' },
  '.ts, enum, parameter property, namespace': {
    'w.ts': `enum Level { Low, High }
namespace Numbers { export const zero = 0 }
class Sum { constructor(private readonly n: number) {} get value(): number { return this.n + Level.Low + Numbers.zero } }
export default defineQueueWorker(async (job) => new Sum(job.data).value)`,
  },
  '.ts, imports types without saying so': {
    'w.ts': `import { Job, RunContext } from 'podwork'
import { Options } from './options'
export default async (job: Job<number>, ctx: RunContext, options?: Options) => job.data`,
    'options.ts': 'export interface Options { x: number }',
  },
  '.ts, imports without extension, with .js, a folder': {
    'w.ts': `import { one } from './one'
import { two } from './two.js'
import { three } from './three'
export default (job: { data: number }) => job.data + one - two + three`,
    'one.ts': 'export const one: number = 1',
    'two.ts': 'import { one } from "./one.ts"\nexport const two: number = one + 1',
    'three/index.ts': 'export const three: number = 1',
  },
  '.mjs, imports TypeScript': {
    'w.mjs': 'import { same } from "./same.ts"\nexport default (job) => same(job.data)',
    'same.ts': 'export const same = <T>(value: T): T => value',
  },
  'top-level await': { 'w.mjs': 'const n = await Promise.resolve(0)\nexport default (job) => job.data + n' },
}

test('what a worker may be written as', async (t) => {
  for (const [name, files] of Object.entries(good)) {
    await t.test(name, async (t) => {
      const { result, error, exit, worker } = await runFiles(t, files, { data: 42 })
      assert.deepEqual({ result, error }, { result: 42, error: undefined }, worker.stderrText)
      assert.equal(exit.code, 0)
      assert.equal(worker.stderrText, '', 'nothing of ours in the log')
    })
  }
})

const bad = {
  'syntax error, .mjs': { files: { 'w.mjs': 'const a = 1\nlet b = 5 +;\n' }, type: 'SyntaxError', place: 'w.mjs:2' },
  'syntax error, .cjs': { files: { 'w.cjs': 'const a = 1\nlet b = 5 +;\n' }, type: 'SyntaxError', place: 'w.cjs:2' },
  'syntax error, .ts': {
    files: { 'w.ts': 'const a: number = 1\nlet b = 5 +;\n' },
    type: 'SyntaxError',
    place: 'w.ts:2',
  },
  'syntax error, .cts': {
    files: { 'w.cts': 'const a: number = 1\nlet b = 5 +;\n' },
    type: 'SyntaxError',
    place: 'w.cts:2',
  },
  'declared twice': { files: { 'w.mjs': 'let a = 1\nlet b = 2\nlet a = 3\n' }, type: 'SyntaxError', place: 'w.mjs:' },
  'syntax error in an imported file': {
    files: { 'w.mjs': 'import "./deep/other.mjs"', 'deep/other.mjs': '\n\nlet b = 5 +;\n' },
    type: 'SyntaxError',
    place: 'other.mjs:3',
  },
  'an export that is not there': {
    files: { 'w.mjs': 'import { x } from "./other.mjs"\nexport default x', 'other.mjs': 'export const y = 1' },
    type: 'SyntaxError',
    place: 'w.mjs:1',
  },
  'missing package, ESM': {
    files: { 'w.mjs': 'import "no-such-package"' },
    type: 'ERR_MODULE_NOT_FOUND',
    place: 'w.mjs',
  },
  'missing package, CommonJS': {
    files: { 'w.cjs': 'require("no-such-package")' },
    type: 'MODULE_NOT_FOUND',
    place: 'w.cjs',
  },
  'missing package, TypeScript': {
    files: { 'w.ts': 'import x from "no-such-package"\nexport default () => x' },
    type: 'ERR_MODULE_NOT_FOUND',
    place: 'w.ts',
  },
  'missing file beside it': {
    files: { 'w.mjs': 'import "./gone.mjs"' },
    type: 'ERR_MODULE_NOT_FOUND',
    place: 'gone.mjs',
  },
  'throws while it loads': {
    files: { 'w.mjs': '\nthrow new RangeError("too far")' },
    type: 'RangeError',
    place: 'w.mjs:2',
  },
  'rejects while it loads': {
    files: { 'w.mjs': '\nPromise.reject(new RangeError("too far"))\nawait new Promise(() => {})' },
    type: 'RangeError',
    place: 'w.mjs:2',
  },
  'no handler': { files: { 'w.mjs': 'export const a = 1, b = 2' }, type: 'HandlerNotFound', place: 'it exports a, b' },
  'nothing exported': {
    files: { 'w.cjs': '' },
    type: 'HandlerNotFound',
    place: 'w.cjs has no handler: it exports nothing',
  },
  'another language': { files: { 'w.py': 'print(1)' }, type: 'HandlerNotFound', place: 'ends in one of .ts .mts' },
}

test('what does not load is told at once', async (t) => {
  for (const [name, { files, type, place }] of Object.entries(bad)) {
    await t.test(name, async (t) => {
      const { error, exit, worker } = await runFiles(t, files)
      assert.equal(error.code, -32000)
      assert.equal(error.data.type, type, error.data.stack)
      assert.ok(error.data.stack.includes(place), error.data.stack)
      assert.equal(exit.code, 1)
      assert.ok(worker.stderrText.includes(place), 'and stands in the log')
    })
  }
})
