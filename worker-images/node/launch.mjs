#!/usr/bin/env node
import { run } from './src/run.mjs'

const [file, ...args] = process.argv.slice(2)
if (file) {
  process.argv.splice(1, Infinity, file, ...args)
  await run(file)
} else {
  console.error('usage: podwork FILE\nRuns the handler that FILE exports, speaking JSON-RPC on stdin and stdout.')
  process.exitCode = 64
}
