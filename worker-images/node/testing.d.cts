import type { Handler, Job, LogLevel, RpcError, RunContext } from './index.cjs'

export interface Call {
  method: string
  params: Record<string, any>
}

export interface Log {
  level: LogLevel
  message: string
  metadata: Record<string, any>
}

/** The job's error, as it would stand in its status. */
export interface WorkerError {
  type: string
  message: string
  stack: string
  code?: string | number
  retriable?: boolean
}

/** What the handler said, in order, and how it ended. */
export interface Outcome<Result = any> {
  /** What it returned, as JSON has it. Throws, saying why, where there is none. */
  readonly result: Result
  error?: WorkerError
  /** The attempt was over before the handler: what it returned or threw then is not told. */
  cancelled: boolean
  state: Record<string, any>
  logs: Log[]
  progress: { percent: number; message?: string }[]
  emits: { name: string; payload: any }[]
  /** What was yielded, or given to `ctx.stream`. */
  parts: any[]
  /** All calls, as they were sent. */
  calls: Call[]
}

export interface TestOptions<Data = any> {
  data?: Data
  /** Other members of `job`, such as `{attempt: 2}`. */
  job?: Partial<Job<Data>>
  context?: Partial<Pick<RunContext, 'jobId' | 'queue' | 'flowId' | 'flowName' | 'stepName' | 'stepId' | 'attempt'>>
  /** What is there at the start. */
  state?: Record<string, unknown>
  /** Calls that fail, by method: `{'ctx.state.get': new RpcError(-32000, 'away')}`. */
  refuse?: Record<string, RpcError>
  /** Cancels the job when this, asked after each call, says so. */
  cancelWhen?: (soFar: Outcome) => boolean
  /** Cancels it after so many milliseconds. */
  cancelAfter?: number
}

/**
 * Runs a handler, or that of a worker's file, in this process: all of this package as it is in a pod, with services in
 * memory. Never rejects with what the handler throws, but does so when a cancelled one has not ended after 5 seconds.
 */
export function runWorkerTest<Data = any, Result = any>(
  handler: Handler<Data, Result> | string | URL,
  options?: TestOptions<Data>,
): Promise<Outcome>
