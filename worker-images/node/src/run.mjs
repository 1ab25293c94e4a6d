import { describe } from './describe.mjs'
import errors from './errors.cjs'
import { execute } from './execute.mjs'
import { load } from './load.mjs'
import { Peer } from './peer.mjs'
import { Wire } from './wire.mjs'

const { RpcError } = errors
const CANCELLED = 130
// What Node's own functions and fetch throw when a signal aborts, and a refused call
const ABORTS = ['AbortError', 'RpcError']

/** Loads FILE, runs its handler once for the operator, answers and ends the process. */
export async function run(file) {
  const peer = new Peer(new Wire())
  const crashed = crash(peer.signal)
  const loaded = load(file)
  loaded.catch(() => {}) // told when `execute` asks for it
  const request = await peer.execute
  if (peer.signal.aborted) return leave(CANCELLED)
  if (!request) return leave(0)

  let exitCode = 1
  try {
    const handler = await Promise.race([loaded, crashed])
    const [error, result] = await Promise.race([execute(handler, request, peer), crashed])
    if (peer.signal.aborted) throw error?.reason
    exitCode = 0
    if (error) fail(peer, request.id, error.reason)
    else peer.answer(request.id, result)
  } catch (error) {
    if (peer.signal.aborted) {
      complain(error, peer.signal)
      return leave(CANCELLED)
    }
    fail(peer, request.id, error)
  }
  return leave(exitCode)
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
