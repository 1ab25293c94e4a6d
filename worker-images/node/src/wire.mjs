import fs from 'node:fs'
import { PassThrough } from 'node:stream'

const { O_APPEND, O_NONBLOCK, O_RDONLY, O_WRONLY } = fs.constants

// Only a pipe or a device can be opened a second time by its descriptor: a socket cannot, and a file would lose its place.
function reopens(fd) {
  const stat = fs.fstatSync(fd)
  return stat.isFIFO() || stat.isCharacterDevice()
}

// Node has no dup2, but a newly opened file gets the lowest free number: so descriptors 0 and 1 can be given other
// files, and nothing that writes to stdout or reads stdin, native code and child processes too, comes near a message.
function takeStdout() {
  if (reopens(1) && reopens(2)) {
    try {
      fs.closeSync(fs.openSync('/dev/fd/2', O_WRONLY | O_APPEND))
      const fd = fs.openSync('/dev/fd/1', O_WRONLY | O_NONBLOCK)
      fs.closeSync(1)
      fs.openSync('/dev/fd/2', O_WRONLY | O_APPEND)
      return fd
    } catch {
      // no /dev/fd here
    }
  }
  Object.defineProperty(process, 'stdout', { configurable: true, get: () => process.stderr })
  return 1
}

function takeStdin() {
  if (reopens(0)) {
    try {
      const fd = fs.openSync('/dev/fd/0', O_RDONLY | O_NONBLOCK)
      fs.closeSync(0)
      fs.openSync('/dev/null', O_RDONLY)
      return fd
    } catch {
      // no /dev/fd here
    }
  }
  Object.defineProperty(process, 'stdin', { configurable: true, value: new PassThrough().end() })
  return 0
}

function neverBlocks(fd) {
  const stat = fs.fstatSync(fd)
  return stat.isFIFO() || stat.isSocket()
}

async function streamOf(fd) {
  if (neverBlocks(fd)) {
    const { Socket } = await import('node:net')
    return new Socket({ fd, readable: true, writable: false })
  }
  const { ReadStream, isatty } = await import('node:tty')
  if (isatty(fd)) return new ReadStream(fd)
  return fs.createReadStream('', { fd })
}

/** The lines between this process and the operator, on descriptors that only this class knows. */
export class Wire {
  #out = takeStdout()
  #in = takeStdin()
  #unread = []
  #onLine

  /** Calls `onLine` for each line that arrives, and `onEnd` when no more can. */
  async listen(onLine, onEnd) {
    this.#onLine = onLine
    if (this.#in !== 0 && this.#readWhatIsThere() === 'end') return onEnd()
    const stream = await streamOf(this.#in)
    stream.on('data', (chunk) => this.#receive(chunk))
    stream.on('error', (error) => process.stderr.write(`podwork: stdin: ${error.message}\n`))
    stream.on('close', onEnd)
  }

  /**
   * Returns when the line has left the process: what was sent before a `process.exit()` is not lost. `onLine` may be
   * called meanwhile, and must not send.
   */
  send(line) {
    const bytes = Buffer.from(`${line}\n`)
    for (let sent = 0; sent < bytes.length; ) {
      try {
        sent += fs.writeSync(this.#out, bytes, sent)
      } catch (error) {
        if (error.code === 'EAGAIN') this.#waitForRoom()
        else if (error.code === 'EPIPE') abandon()
        else throw error
      }
    }
  }

  // The other side may be waiting for us to read before it reads on: never only write.
  #waitForRoom() {
    if (!neverBlocks(this.#in) || this.#readWhatIsThere() !== 'some') {
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1)
    }
  }

  #readWhatIsThere() {
    const chunk = Buffer.allocUnsafe(65536)
    for (let seen = 'none'; ; seen = 'some') {
      try {
        const size = fs.readSync(this.#in, chunk)
        if (!size) return 'end'
        this.#receive(Buffer.from(chunk.subarray(0, size)))
      } catch (error) {
        if (error.code === 'EAGAIN') return seen
        throw error
      }
    }
  }

  #receive(chunk) {
    let start = 0
    for (let end; (end = chunk.indexOf(10, start)) >= 0; start = end + 1) {
      this.#unread.push(chunk.subarray(start, end))
      const line = Buffer.concat(this.#unread).toString()
      this.#unread = []
      this.#onLine(line)
    }
    if (start < chunk.length) this.#unread.push(chunk.subarray(start))
  }
}

function abandon() {
  fs.writeSync(2, 'podwork: nobody reads stdout any more\n')
  process.exit(1)
}
