import assert from 'node:assert/strict'
import { execFileSync, spawn } from 'node:child_process'
import {
  closeSync,
  constants,
  createWriteStream,
  mkdirSync,
  mkdtempSync,
  openSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const launcher = fileURLToPath(new URL('../launch.mjs', import.meta.url))
export const program = (name) => fileURLToPath(new URL(`programs/${name}`, import.meta.url))

// The shim gives a worker pipes; Node's own spawn gives it sockets, which cannot be opened a second time.
function pipes() {
  const dir = mkdtempSync(join(tmpdir(), 'podwork-'))
  const [stdin, stdout, stderr] = ['in', 'out', 'err'].map((name) => join(dir, name))
  execFileSync('mkfifo', [stdin, stdout, stderr])
  const both = openSync(stdin, 'r+') // without a second end at hand, opening would wait
  const theirs = [openSync(stdin, 'r')]
  const writer = createWriteStream('', { fd: openSync(stdin, 'w') })
  closeSync(both)
  const readers = [stdout, stderr].map((path) => {
    const fd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK)
    theirs.push(openSync(path, 'w'))
    return new Socket({ fd, readable: true, writable: false })
  })
  rmSync(dir, { recursive: true })
  return { theirs, streams: [writer, ...readers] }
}

export class Worker {
  stdoutText = ''
  stderrText = ''
  messages = []
  #arrived = () => {}

  constructor(file, { env = {}, cwd, sockets = false, bare = false } = {}) {
    const made = sockets ? undefined : pipes()
    this.started = performance.now()
    this.process = spawn(process.execPath, bare ? [file] : [launcher, file], {
      stdio: made?.theirs ?? 'pipe',
      cwd,
      env: { ...process.env, NODE_OPTIONS: '', ...env },
    })
    for (const fd of made?.theirs ?? []) closeSync(fd)
    const [stdin, stdout, stderr] = made?.streams ?? this.process.stdio
    this.stdin = stdin
    this.stdout = stdout
    this.stdin.on('error', () => {}) // the worker may end before it has read everything
    let rest = ''
    stdout.setEncoding('utf8').on('data', (text) => {
      const lines = (rest + text).split('\n')
      rest = lines.pop()
      for (const line of lines) this.#line(line)
    })
    stderr.setEncoding('utf8').on('data', (text) => {
      this.stderrText += text
    })
    const ended = [stdout, stderr].map((stream) => new Promise((resolve) => stream.on('close', resolve)))
    this.exit = new Promise((resolve) => {
      this.process.on('exit', async (code, signal) => {
        await Promise.race([Promise.all(ended), new Promise((r) => setTimeout(r, 500))]) // a grandchild may hold them
        resolve({ code, signal })
        this.#arrived()
      })
    })
  }

  #line(line) {
    let message
    try {
      message = JSON.parse(line)
    } catch {
      message = undefined
    }
    if (message?.jsonrpc === '2.0') {
      this.messages.push(message)
      this.#arrived()
    } else this.stdoutText += `${line}\n`
  }

  get logs() {
    return this.stdoutText + this.stderrText
  }

  send(message) {
    this.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`)
  }

  execute(data = null, context = {}, job = {}) {
    this.send({ id: 1, method: 'execute', params: { job: { id: 'j', data, ...job }, context } })
  }

  /** The next message of the worker. */
  async next(ms = 10000) {
    const exited = this.exit.then(() => 'exited')
    const late = new Promise((resolve) => setTimeout(resolve, ms, 'late').unref())
    while (!this.messages.length) {
      const arrival = new Promise((resolve) => {
        this.#arrived = resolve
      })
      const first = await Promise.race([arrival, exited, late])
      if (this.messages.length) break
      if (first) assert.fail(`no message: ${first}; stderr:\n${this.stderrText}`)
    }
    return this.messages.shift()
  }

  /** Serves calls until the answer to `execute` comes; `serve` gives the result of a call. */
  async answer(serve = () => null) {
    for (;;) {
      const message = await this.next()
      if (!message.method) return message
      if (message.id !== undefined) this.send({ id: message.id, result: serve(message.method, message.params) })
    }
  }
}

/** Runs a program of ours to its end: the answer to `execute` and how the process ended. */
export async function runJob(file, { data, context, job, serve, ...options } = {}) {
  const worker = new Worker(file, options)
  worker.execute(data, context, job)
  const answer = await worker.answer(serve)
  const exit = await worker.exit
  assert.deepEqual(worker.messages, [], 'the answer is the last message')
  return { ...answer, exit, worker }
}

/** A folder of its own with these files, gone when the test ends. */
export function folder(t, files) {
  const dir = realpathSync(mkdtempSync(join(tmpdir(), 'podwork-')))
  t.after(() => rmSync(dir, { recursive: true }))
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(dir, name)), { recursive: true })
    writeFileSync(join(dir, name), text)
  }
  return dir
}

/** Runs the first of the files, from their folder. */
export function runFiles(t, files, options = {}) {
  const cwd = folder(t, files)
  return runJob(join(cwd, Object.keys(files)[0]), { cwd, ...options })
}
