/// <reference path="./imports.d.ts" />
import type * as podwork from './index.js'

// What the launcher defines without an import: add "types": ["podwork/globals"] to compilerOptions.
declare global {
  const defineQueueWorker: typeof podwork.defineQueueWorker
  const defineQueueConfig: typeof podwork.defineQueueConfig
}
