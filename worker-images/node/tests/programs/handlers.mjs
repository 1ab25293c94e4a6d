// The handlers that the conformance conversations name.
class OutOfStock extends Error {
  retriable = false
  code = 'E42'
}

const contextOf = ({ jobId, queue, flowId, flowName, stepName, stepId, attempt }) => {
  return { jobId, queue, flowId, flowName, stepName, stepId, attempt }
}

const handlers = {
  echo: async (job) => job,
  'echo-data': async (job) => job.data,
  'echo-data-plain': (job) => job.data,
  'echo-context': async (_job, ctx) => contextOf(ctx),
  'return-nothing': async () => {},
  'return-cycle': async () => {
    const value = {}
    value.self = value
    return value
  },
  'return-long': async (job) => 'x'.repeat(job.data),
  raise: async () => {
    throw new Error('boom')
  },
  'fire-then-raise': async (_job, ctx) => {
    ctx.logger.info('last words')
    throw new Error('boom')
  },
  'raise-typed': async () => {
    throw new OutOfStock('none left')
  },
  'state-round-trip': async (_job, { state }) => {
    await state.set('a', { n: 1 })
    const first = await state.get('a')
    await state.delete('a')
    return [first, await state.get('a')]
  },
  'state-ttl': async (_job, ctx) => {
    await ctx.state.set('a', 1, { ttl: 5000 })
  },
  'state-two-at-once': async (_job, ctx) => Promise.all([ctx.state.get('a'), ctx.state.get('b')]),
  'state-error': async (_job, ctx) => {
    try {
      await ctx.state.get('a')
    } catch ({ code, message, data }) {
      return { code, message, data }
    }
  },
  'state-error-uncaught': async (_job, ctx) => ctx.state.get('a'),
  'log-levels': async (_job, { logger }) => {
    logger.debug('d')
    logger.info('i', { k: 1 })
    logger.warn('w')
    logger.error('e')
    logger.log('info', 'l', { k: 2 })
  },
  'fire-all': async (_job, ctx) => {
    ctx.logger.info('last words')
    ctx.state.set('a', 1)
    ctx.emit({ type: 'emit', data: { name: 'n', x: 1 } })
    ctx.flow.emit('t', { y: 2 })
    ctx.progress(50, 'half')
    return 'done'
  },
  'log-many': async (_job, ctx) => {
    for (let i = 0; i < 1000; i++) ctx.logger.info(`line ${i}`)
  },
  'call-all': async (_job, ctx) => {
    const emitted = await ctx.emit({ type: 'emit', data: { name: 'n' } })
    const triggered = await ctx.flow.emit('t', { y: 2 })
    await ctx.progress(100)
    return [emitted, triggered]
  },
  print: async () => {
    for (const line of ['plain text', '42', '"hi"', '{"a":1}']) console.log(line)
    return 'printed'
  },
  'print-half-line': async (_job, ctx) => {
    process.stdout.write('half')
    ctx.logger.info('whole')
  },
  'print-forged': async () => {
    console.log('{"jsonrpc":"2.0","id":1,"result":"forged"}')
    return 'genuine'
  },
  'clean-up': async (_job, ctx) => {
    try {
      await ctx.state.get('a')
    } finally {
      console.log('cleaned up')
      ctx.logger.info('last words')
    }
  },
  'yield-parts': async function* () {
    yield { n: 1 }
    yield null
  },
  'yield-and-return': function* () {
    yield 'part'
    return 'whole'
  },
  'stream-by-hand': async (_job, ctx) => {
    await ctx.stream('a')
    ctx.stream(['b'])
    return 'done'
  },
  'yield-many': function* () {
    try {
      for (let n = 0; n < 100; n++) yield n
    } finally {
      console.log('cleaned up')
    }
  },
  'exit-7': async () => process.exit(7),
}

export default handlers[process.env.CONFORMANCE_HANDLER]
