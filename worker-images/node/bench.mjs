// Times in milliseconds, beside a bare program that does the same without us. Usage: node bench.mjs [RUNS]
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Worker } from './tests/worker.mjs'

const runs = Number(process.argv[2] ?? 20)
const calls = 2000

const roundTrips = `const times = []
  for (let i = 0; i < ${calls}; i++) {
    const start = performance.now()
    await ctx.state.get('key')
    times.push(performance.now() - start)
  }
  return times`

// what a program without an SDK would be: one line in, one line out
const bareLoop = `const { createInterface } = require('node:readline')
const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]()
const send = (message) => process.stdout.write(JSON.stringify({ jsonrpc: '2.0', ...message }) + '\\n')
const ctx = { state: { get: (key) => { send({ id: 2, method: 'ctx.state.get', params: { key } }); return lines.next() } } }
const main = async () => { await lines.next(); send({ id: 1, result: await handler() }); process.exit() }
main()
`

const programs = {
  'bare.cjs': `${bareLoop}async function handler() { return null }`,
  'plain.mjs': 'export default async () => null',
  'imports.mjs': 'import { one } from "./one.mjs"\nexport default async () => one',
  'typed.ts': 'export default async (job: { data: number }): Promise<number> => job.data',
  'bare-calls.cjs': `${bareLoop}async function handler() { ${roundTrips} }`,
  'calls.mjs': `export default async (_job, ctx) => { ${roundTrips} }`,
  'one.mjs': 'export const one = 1',
}

const dir = mkdtempSync(join(tmpdir(), 'podwork-'))
for (const [name, text] of Object.entries(programs)) writeFileSync(join(dir, name), text)

async function run(name) {
  const worker = new Worker(join(dir, name), { bare: name.startsWith('bare') })
  worker.execute()
  const { result } = await worker.answer(() => 'value')
  const took = performance.now() - worker.started
  await worker.exit
  return { took, result }
}

const percentile = (values, p) =>
  values.sort((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * p))]
const show = (what, values, baseline) => {
  const [p50, p99] = [percentile(values, 0.5), percentile(values, 0.99)]
  const ratio = baseline ? ` ${(p50 / baseline).toFixed(2)} times` : ''
  console.log(`${what.padEnd(42)} p50 ${p50.toFixed(3).padStart(8)}  p99 ${p99.toFixed(3).padStart(8)} ${ratio}`)
  return p50
}

console.log(`Node ${process.version}, ${runs} runs, taken in turns`)
const launches = { 'bare.cjs': [], 'plain.mjs': [], 'imports.mjs': [], 'typed.ts': [] }
for (let i = 0; i < runs; i++) for (const name in launches) launches[name].push((await run(name)).took)
const bare = show('start to answer, bare program', launches['bare.cjs'])
show('start to answer, .mjs', launches['plain.mjs'], bare)
show('start to answer, .mjs that imports a file', launches['imports.mjs'], bare)
show('start to answer, .ts', launches['typed.ts'], bare)

const bareCalls = show('call and answer, bare program', (await run('bare-calls.cjs')).result.slice(calls / 4))
show('ctx.state.get', (await run('calls.mjs')).result.slice(calls / 4), bareCalls)
rmSync(dir, { recursive: true })
