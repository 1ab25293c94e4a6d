import { createContext } from './context.mjs'
import { describe } from './errors.mjs'
import { encode, NotSerializable } from './json.mjs'
import { load } from './load.mjs'
import { LONGEST_LINE, Peer, RpcError } from './peer.mjs'
import { Wire } from './wire.mjs'

const CANCELLED = 130
// What Node's own functions and fetch throw when a signal aborts, and a refused call
const ABORTS = ['AbortError', 'RpcError']

/** Loads FILE, runs its handler once for the operator, answers and ends the process. */
export async function run(file) {
  const peer = new Peer(new Wire())
  const crashed = crash(peer.signal)
  const loaded = load(file)
  loaded.catch(() => {}) // told when `execute` asks for it
  const execute = await peer.execute
  if (peer.signal.aborted) return leave(CANCELLED)
  if (!execute) return leave(0)

  let exitCode = 1
  try {
    const handler = await Promise.race([loaded, crashed])
    const outcome = handle(handler, execute, peer)
    const [error, result] = await Promise.race([outcome, crashed])
    if (peer.signal.aborted) throw error?.reason
    exitCode = 0
    if (error) fail(peer, execute.id, error.reason)
    else peer.answer(execute.id, result)
  } catch (error) {
    if (peer.signal.aborted) {
      complain(error, peer.signal)
      return leave(CANCELLED)
    }
    fail(peer, execute.id, error)
  }
  return leave(exitCode)
}

// Settles once nothing that the handler has sent waits for an answer, however the handler ended.
async function handle(handler, { job, context }, peer) {
  try {
    const value = await handler(job, createContext(context, peer))
    return [undefined, resultOf(value)]
  } catch (reason) {
    return [{ reason }]
  } finally {
    await peer.drained()
  }
}

class ResultNotSerializable extends Error {
  name = 'ResultNotSerializable'
}

class ResultTooLarge extends Error {
  name = 'ResultTooLarge'
}

function resultOf(value) {
  let json
  try {
    json = encode(value, 'result')
  } catch (error) {
    throw error instanceof NotSerializable ? new ResultNotSerializable(error.message) : error
  }
  const bytes = Buffer.byteLength(json)
  if (bytes > LONGEST_LINE - 1024) throw new ResultTooLarge(`${bytes} bytes, and a message may have ${LONGEST_LINE}`)
  return json
}

function fail(peer, id, reason) {
  const error = describe(reason)
  process.stderr.write(`${error.data.stack}\n`)
  peer.refuse(id, error)
}

// What happens after a cancel is nobody's business any more, but whoever reads the log wants to know of a failed cleanup.
function complain(error, signal) {
  if (error !== undefined && !isAbort(error, signal)) process.stderr.write(`${describe(error).data.stack}\n`)
}

const isAbort = (error, signal) => signal.aborted && (error === signal.reason || ABORTS.includes(error?.name))

// Rejects with what nobody caught. A program that has listeners of its own for these events is left to them.
function crash(signal) {
  return new Promise((_, reject) => {
    process.on('uncaughtException', (error) => {
      if (!isAbort(error, signal) && process.listenerCount('uncaughtException') === 1) reject(error)
    })
    process.on('unhandledRejection', (reason) => {
      if (isAbort(reason, signal)) return // what the cancel interrupted, and nobody awaited
      if (reason instanceof RpcError) {
        process.stderr.write(`podwork: ${reason.method} failed, and nothing awaited it: ${reason.message}\n`)
      } else if (process.listenerCount('unhandledRejection') === 1) reject(reason)
    })
  })
}

// Timers and sockets that the handler left open do not keep the process; what it printed is written first.
async function leave(code) {
  for (const stream of [process.stdout, process.stderr]) {
    if (stream.writableLength) await new Promise((resolve) => stream.write('', resolve))
  }
  process.exit(code)
}
