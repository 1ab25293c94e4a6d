import assert from 'node:assert/strict'
import { test } from 'node:test'
import { folder, runFiles, Worker } from './worker.mjs'

const handler = (body) => ({ 'w.mjs': `export default async (job, ctx) => {\n${body}\n}` })
const forged = JSON.stringify({ jsonrpc: '2.0', id: 1, result: 'forged' })

for (const sockets of [false, true]) {
  test(`what JavaScript prints is log, over ${sockets ? 'sockets' : 'pipes'}`, async (t) => {
    const body = `process.stdout.write('half'); console.log(${JSON.stringify(forged)}); console.error('to stderr')
    process.stdout.write('y'.repeat(300000) + 'end of it'); return 'genuine'`
    const { result, worker } = await runFiles(t, handler(body), { sockets })
    assert.equal(result, 'genuine')
    assert.equal(worker.stdoutText, '')
    assert.ok(worker.stderrText.startsWith(`half${forged}\nto stderr\n`))
    assert.ok(worker.stderrText.endsWith('yend of it'), 'all of it is written before the process ends')
  })

  test(`nobody else can read stdin, over ${sockets ? 'sockets' : 'pipes'}`, async (t) => {
    const body = `const seen = []
    for await (const chunk of process.stdin) seen.push(chunk)
    return [seen.length, await ctx.state.get('k')]`
    const { result } = await runFiles(t, handler(body), { sockets, serve: () => 'v' })
    assert.deepEqual(result, [0, 'v'])
  })
}

test('what child processes and native code print is log', async (t) => {
  const body = `const { execSync } = await import('node:child_process')
  ctx.logger.info('before')
  execSync('echo from a child; echo \\'${forged}\\'', { stdio: 'inherit' })
  ;(await import('node:fs')).writeSync(1, ${JSON.stringify(`${forged}\n`)})
  return 'genuine'`
  const { result, worker } = await runFiles(t, handler(body))
  assert.equal(result, 'genuine')
  assert.equal(worker.stdoutText, '')
  assert.match(worker.stderrText, /from a child/)
})

test('a child process that reads stdin takes no message', async (t) => {
  const body = `const { execSync } = await import('node:child_process')
  const read = execSync('cat', { stdio: ['inherit', 'pipe', 'inherit'] }).toString()
  return [read, await ctx.state.get('k')]`
  const { result } = await runFiles(t, handler(body), { serve: () => 'v' })
  assert.deepEqual(result, ['', 'v'])
})

test('a child process that outlives the worker holds none of its pipes for messages', async (t) => {
  const body = `const { spawn } = await import('node:child_process')
  spawn('sleep', ['3'], { stdio: 'inherit', detached: true }).unref(); return 1`
  const cwd = folder(t, handler(body))
  const worker = new Worker(`${cwd}/w.mjs`)
  const ended = new Promise((resolve) => worker.stdout.on('end', resolve))
  worker.execute()
  await worker.next()
  const started = Date.now()
  await ended
  assert.ok(Date.now() - started < 1500, 'stdout ends with the worker')
})

test('nothing that was sent before process.exit is lost', async (t) => {
  const body = `for (let i = 0; i < 20; i++) ctx.logger.info(i + 'x'.repeat(100000)); process.exit(3)`
  const cwd = folder(t, handler(body))
  const worker = new Worker(`${cwd}/w.mjs`)
  worker.execute()
  for (let i = 0; i < 20; i++) assert.ok((await worker.next()).params.message.startsWith(`${i}x`))
  assert.deepEqual(await worker.exit, { code: 3, signal: null })
  assert.deepEqual(worker.messages, [])
})

test('a reader that goes away ends the worker', async (t) => {
  const cwd = folder(
    t,
    handler("await ctx.state.get('k'); ctx.logger.info('nobody hears this'); await new Promise(() => {})"),
  )
  const worker = new Worker(`${cwd}/w.mjs`)
  worker.execute()
  const { id } = await worker.next()
  worker.stdout.destroy()
  worker.send({ id, result: null })
  assert.equal((await worker.exit).code, 1)
  assert.match(worker.stderrText, /nobody reads stdout/)
})
