// Never run: tsc, with the package installed, says whether workers written like these have the types that they should.
import { Cancelled, type Job, RpcError, type RunContext } from 'podwork'
import { type Outcome, runWorkerTest } from 'podwork/testing'

export async function* handler(job: Job<string[]>, ctx: RunContext): AsyncGenerator<number> {
  for (const text of job.data) yield text.length
  await ctx.stream({ any: 'JSON' })
  ctx.signal.addEventListener('abort', () => {
    if (ctx.signal.reason instanceof Cancelled) ctx.logger.warn(ctx.signal.reason.reason)
  })
  // @ts-expect-error the data are texts
  job.data[0].size
}

const outcome: Outcome = await runWorkerTest(handler, {
  data: ['a'],
  refuse: { 'ctx.state.get': new RpcError(-32000, 'away', { retriable: true }) },
  cancelWhen: (soFar) => soFar.progress.length > 3,
})
export const percent: number | undefined = outcome.progress.at(-1)?.percent
// @ts-expect-error a function decides
await runWorkerTest(handler, { cancelWhen: true })
