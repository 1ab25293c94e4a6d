import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { fileURLToPath } from 'node:url'

// The package as its users have it: packed, and installed into an empty project.
const sources = fileURLToPath(new URL('..', import.meta.url))
const project = mkdtempSync(join(tmpdir(), 'podwork-package-'))
after(() => rmSync(project, { recursive: true }))

// A test that starts `node --test` is not to be taken for a part of this one.
const { NODE_TEST_CONTEXT: _, ...env } = process.env
const run = (command, ...args) => execFileSync(command, args, { cwd: project, env, encoding: 'utf8', stdio: 'pipe' })
const npm = (...args) => run('npm', ...args, '--loglevel=error', '--no-audit', '--no-fund')
const write = (name, text) => writeFileSync(join(project, name), text)

const packed = JSON.parse(npm('pack', sources, '--json'))[0]
write('package.json', '{"name": "empty", "private": true}')
npm('install', '--prefer-offline', `./${packed.filename}`)

test('it has what it needs and nothing else', () => {
  const files = packed.files.map(({ path }) => path)
  for (const file of ['README.md', 'index.d.ts', 'index.d.cts', 'testing.d.ts', 'testing.d.cts', 'globals.d.ts']) {
    assert.ok(files.includes(file), `${file} is missing`)
  }
  assert.deepEqual(
    files.filter((file) => /test\.|tests\/|bench|check|biome|tsconfig/.test(file)),
    [],
  )
})

test('its names, for modules and for CommonJS', () => {
  const use = 'console.log(typeof podwork.defineQueueWorker, typeof podwork.RpcError, typeof testing.runWorkerTest)'
  const called = 'testing.runWorkerTest((job) => job.data + 1, { data: 1 }).then(({ result }) => console.log(result))'
  write('a.mjs', `import * as podwork from 'podwork'\nimport * as testing from 'podwork/testing'\n${use}\n${called}`)
  write('a.cjs', `const podwork = require('podwork')\nconst testing = require('podwork/testing')\n${use}\n${called}`)
  for (const file of ['a.mjs', 'a.cjs']) assert.equal(run('node', file), 'function function function\n2\n')
})

test('its command', () => {
  write('worker.cjs', 'module.exports = (job) => job.data * 2')
  const execute = { jsonrpc: '2.0', id: 1, method: 'execute', params: { job: { data: 21 } } }
  const input = `${JSON.stringify(execute)}\n`
  const answer = execFileSync('npx', ['podwork', 'worker.cjs'], { cwd: project, env, encoding: 'utf8', input })
  assert.deepEqual(JSON.parse(answer), { jsonrpc: '2.0', id: 1, result: 42 })
})

test("the README's worker passes the README's tests", () => {
  const readme = readFileSync(join(sources, 'README.md'), 'utf8')
  const programs = [...readme.matchAll(/```(?:ts|js)\n(\/\/ (\S+)\n[\s\S]*?)```/g)]
  for (const [, text, name] of programs) write(name, text)
  assert.deepEqual(
    programs.map(([, , name]) => name),
    ['resize.ts', 'resize.test.mjs'],
  )
  assert.match(run('node', '--test', 'resize.test.mjs'), /pass 2\b/)
})

test("the protocol's page", () => {
  const page = readFileSync(join(sources, '../../docs/workers/jsonrpc.md'), 'utf8')
  const [worker, check] = [...page.matchAll(/```js\n([\s\S]*?)```/g)].map(([, text]) => text)
  write('worker.mjs', worker)
  write('check.mjs', check)
  assert.equal(run('node', 'check.mjs'), '')
})

test('its types, for modules and for CommonJS', () => {
  const compilerOptions = { module: 'nodenext', target: 'es2022', strict: true, noEmit: true }
  const types = { types: ['node'], typeRoots: [join(sources, 'node_modules/@types')] }
  cpSync(join(sources, 'tests/package'), project, { recursive: true })
  write('tsconfig.json', JSON.stringify({ compilerOptions: { ...compilerOptions, ...types } }))
  try {
    run(join(sources, 'node_modules/.bin/tsc'))
  } catch (error) {
    assert.fail(error.stdout)
  }
})
