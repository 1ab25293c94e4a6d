import podwork = require('podwork')
import testing = require('podwork/testing')

const handler = podwork.defineQueueWorker<number>(async (job, ctx) => {
  const error: podwork.RpcError = new podwork.RpcError(-32000, 'away')
  await ctx.state.set('a', job.data)
  return error.code
})

export const outcome: Promise<testing.Outcome> = testing.runWorkerTest(handler, { data: 1 })
