import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { mismatch, replace } from './patterns.mjs'
import { program, Worker } from './worker.mjs'

const folder = new URL('../../conformance/conversations/', import.meta.url)

const expand = (value) => (value?.$repeat ? value.$repeat[0].repeat(value.$repeat[1]) : value)

class Conversation {
  #ids = new Set()
  #remembered = new Map()

  constructor(file, worker) {
    this.file = file
    this.worker = worker
  }

  async step(step) {
    if ('send' in step) await this.#write(JSON.stringify(replace(step.send, expand)), step.chunk)
    else if ('sendText' in step) await this.#write(step.sendText)
    else if (step.close) this.worker.stdin.end()
    else if ('expect' in step) for (let n = 0; n < (step.times ?? 1); n++) await this.#expect(step, n)
    else if ('answer' in step) {
      const { answer, ...outcome } = step
      this.worker.send({ id: this.#remembered.get(answer), ...outcome })
    } else if ('quiet' in step) {
      await sleep(step.quiet)
      assert.deepEqual(this.worker.messages, [], `quiet for ${step.quiet} ms`)
    } else assert.fail(`no such step: ${JSON.stringify(step)}`)
  }

  async #write(line, size) {
    const bytes = Buffer.from(`${line}\n`)
    for (let at = 0; at < bytes.length; at += size ?? bytes.length) {
      await new Promise((resolve) => this.worker.stdin.write(bytes.subarray(at, at + (size ?? bytes.length)), resolve))
    }
  }

  async #expect({ expect, answer, as }, n) {
    const message = await this.worker.next()
    const pattern = replace(expect, (value) => (typeof value === 'string' ? value.replaceAll('{n}', n) : value))
    assert.equal(mismatch(pattern, message, this.file), undefined)
    if (message.method && message.id !== undefined) {
      assert.ok(['string', 'number'].includes(typeof message.id) && !this.#ids.has(message.id), 'a new id')
      this.#ids.add(message.id)
    }
    if (as) this.#remembered.set(as, message.id)
    if (answer) this.worker.send({ id: message.id, ...answer })
  }
}

for (const name of readdirSync(folder).sort()) {
  const { topic, conversations } = JSON.parse(readFileSync(new URL(name, folder), 'utf8'))
  test(topic, async (t) => {
    for (const { name, program: kind = 'handlers', handler = '', steps, exit, logs = [] } of conversations) {
      await t.test(name, async () => {
        const file = program(`${kind}.mjs`)
        const worker = new Worker(file, { env: { CONFORMANCE_HANDLER: handler } })
        try {
          const conversation = new Conversation(file, worker)
          for (const step of steps) await conversation.step(step)
          const late = sleep(5000, { code: 'none within 5 s' }, { ref: false })
          assert.equal((await Promise.race([worker.exit, late])).code, exit, worker.stderrText)
          assert.deepEqual(worker.messages, [], 'no message after the last step')
          for (const text of logs) assert.ok(worker.logs.includes(text), `${text} in ${worker.logs}`)
        } finally {
          worker.process.kill('SIGKILL')
        }
      })
    }
  })
}
