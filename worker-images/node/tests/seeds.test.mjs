import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import { seedPrograms } from './seeds.mjs'
import { folder, runJob } from './worker.mjs'

const compute = 'server/queues/heavy-processing/compute.ts'
const sendEmail = 'server/queues/tasks/send-email.ts'

// What the programs call and do not bring: by Nuxt's convention, or given to Node by NODE_OPTIONS.
const helpers = {
  'auto-imported from server/utils': {
    files: {
      'server/utils/compute.ts':
        'export const heavyComputation = async (data: { n: number }) => ({ squared: data.n ** 2 })',
      'server/utils/sendEmail.ts': "export default async (mail: { to: string }) => console.log('mail to', mail.to)",
      'server/utils/broken.ts': 'throw new Error("only loaded where it is used"); export const unused = 1',
    },
  },
  'preloaded by NODE_OPTIONS': {
    files: {
      'helpers.mjs': `globalThis.heavyComputation = async (data) => ({ squared: data.n ** 2 })
globalThis.sendEmail = async (mail) => console.log('mail to', mail.to)`,
    },
    env: { NODE_OPTIONS: '--import=./helpers.mjs' },
  },
}

const documents = seedPrograms()

test('there are programs to run', () => {
  assert.ok(documents.length)
  for (const { name, files } of documents) assert.deepEqual(Object.keys(files).sort(), [compute, sendEmail], name)
})

for (const { name, files } of documents) {
  for (const [how, { files: besides, env }] of Object.entries(helpers)) {
    test(`${name}: runs unmodified, helpers ${how}`, async (t) => {
      const cwd = folder(t, { ...files, ...besides })
      const logged = []
      const serve = (method, params) => {
        logged.push([method, params.level, params.message])
        return null
      }
      const computed = await runJob(join(cwd, compute), { cwd, env, serve, data: { n: 7 } })
      assert.deepEqual(computed.result, { squared: 49 }, computed.worker.stderrText)
      assert.deepEqual(logged, [['ctx.logger.log', 'info', 'Computation complete']])

      const sent = await runJob(join(cwd, sendEmail), { cwd, env, data: { to: 'a@example.org' } })
      assert.deepEqual(sent.result, { sent: true }, sent.worker.stderrText)
      assert.equal(sent.worker.stderrText, 'mail to a@example.org\n')
    })
  }
}
