/** A call that the operator refused, or that could not be made. `code`, `message` and `data` are the operator's. */
class RpcError extends Error {
  name = 'RpcError'

  constructor(code, message, data) {
    super(message)
    this.code = code
    this.data = data
    if (typeof data?.retriable === 'boolean') this.retriable = data.retriable
  }
}

/** The attempt is over before its handler: a limit passed, or somebody ended the job. */
class Cancelled extends Error {
  name = 'Cancelled'

  constructor(reason = 'Cancelled', message = 'The job was cancelled') {
    super(message)
    this.reason = reason
  }
}

module.exports = { RpcError, Cancelled }
