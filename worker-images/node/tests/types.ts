// Never run: `tsc --noEmit` says whether workers written like these have the types that they should.

import type * as podwork from 'podwork'
import type { Job, RpcError, RunContext } from 'podwork'
import * as imports from '#imports'

interface Order {
  id: number
}

export default defineQueueWorker<Order>(async (job, ctx) => {
  const id: number = job.data.id
  ctx.logger.log('info', 'working', { id })
  ctx.logger.error('failed', new Error('x'))
  await ctx.state.set('id', id, { ttl: 1000 })
  const stored: number | null = await ctx.state.get<number>('id')
  ctx.emit({ type: 'emit', data: { name: 'order.done', id } })
  ctx.emit('order.done', { id })
  ctx.flow.emit('order.done')
  await ctx.progress(50, 'half')
  await ctx.stream({ half: true })
  return { stored, flow: ctx.flowId?.length }
})

export const config = defineQueueConfig({ runtime: 'node-isolated', flow: { role: 'step', subscribes: ['a'] } })

export const same: typeof podwork.defineQueueWorker = imports.defineQueueWorker

export async function handler(_job: Job, ctx: RunContext): Promise<boolean> {
  try {
    await ctx.state.delete('id')
  } catch (error) {
    return (error as RpcError).retriable ?? false
  }
  // @ts-expect-error no such level
  ctx.logger.log('fatal', 'x')
  // @ts-expect-error ttl is a number of milliseconds
  await ctx.state.set('a', 1, { ttl: '5s' })
  // @ts-expect-error an event has a name
  await ctx.emit({ type: 'emit', data: {} })
  return true
}
