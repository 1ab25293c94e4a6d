import { createContext } from './context.mjs'
import { encode, NotSerializable } from './json.mjs'
import { LONGEST_LINE } from './peer.mjs'
import { drive, Parts, Stream, yields } from './streaming.mjs'

/**
 * Runs the handler: `[{reason}]` where it threw, else `[undefined, json]` with the JSON of its result. Settles once nothing
 * that it has sent waits for an answer, however it ended.
 */
export async function execute(handler, { job, context }, peer) {
  const stream = new Stream(peer)
  try {
    const value = await handler(job, createContext(context, peer, stream))
    return [undefined, resultOf(yields(value) ? await drive(value, stream, peer.signal) : value)]
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
  if (value instanceof Parts) {
    if (value.json !== undefined) return value.json
    const cure = 'return a value, and it is the result in their stead'
    throw new ResultTooLarge(`all parts are ${value.bytes} bytes, and a result may have ${LONGEST_LINE}: ${cure}`)
  }
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
