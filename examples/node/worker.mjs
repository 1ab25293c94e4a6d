// Sends reminders, so many a second. Another attempt goes on behind the last one that was sent, and a cancelled one stops at once.
import { setTimeout as sleep } from 'node:timers/promises'

/** @type {import('podwork').Handler<{to: string[], perSecond: number}>} */
export default async function remind(job, ctx) {
  const { to, perSecond } = job.data
  let sent = (await ctx.state.get('sent')) ?? 0
  if (sent > 0) ctx.logger.info('going on', { sent, attempt: ctx.attempt })
  for (const address of to.slice(sent)) {
    await deliver(address)
    await ctx.state.set('sent', ++sent)
    await ctx.progress((100 * sent) / to.length, address)
    await sleep(1000 / perSecond, null, { signal: ctx.signal })
  }
  await ctx.emit('reminders.sent', { count: sent })
  return { sent }
}

// Here a real one would speak to a mail server, with `signal` too.
async function deliver(address) {
  if (!address.includes('@')) {
    throw Object.assign(new Error(`${address} is no address`), { name: 'BadAddress', retriable: false })
  }
  console.log(`to ${address}`)
}
