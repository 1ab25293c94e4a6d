/** One execution, as it was submitted. */
export interface Job<Data = any> {
  /** Name of the Job. */
  id: string
  /** The flow's step, else the job's type. */
  name: string
  type: string
  data: Data
  /** Name of the WorkerDefinition. */
  queue: string
  /** 1 for the first. */
  attempt: number
}

export type LogLevel = 'debug' | 'info' | 'warn' | 'error'

/** Log lines of the job. Never throws, and nothing is lost: the job's result waits for them. */
export interface Logger {
  log(level: LogLevel, message: string, metadata?: unknown): void
  debug(message: string, metadata?: unknown): void
  info(message: string, metadata?: unknown): void
  warn(message: string, metadata?: unknown): void
  error(message: string, metadata?: unknown): void
}

/** Values shared by the steps of a flow; outside a flow they are the job's own. */
export interface State {
  /** The value, `null` when there is none. */
  get<Value = any>(key: string): Promise<Value | null>
  /** `ttl` in milliseconds. */
  set(key: string, value: unknown, options?: { ttl?: number }): Promise<null>
  delete(key: string): Promise<null>
}

export interface EmitEvent {
  type: 'emit'
  data: { name: string; [key: string]: unknown }
}

/**
 * Where a job is, and the operator's services. Calls are sent at once, awaited or not, and the result waits until all
 * of them are answered. What they throw is an `RpcError`; one that nobody awaits is logged, and harms nothing.
 */
export interface RunContext {
  jobId: string
  queue: string
  flowId: string | null
  flowName: string | null
  stepName: string
  stepId: string
  attempt: number
  state: State
  logger: Logger
  flow: {
    emit(trigger: string, payload?: unknown): Promise<unknown[]>
  }
  emit(event: EmitEvent): Promise<unknown[]>
  emit(name: string, payload?: unknown): Promise<unknown[]>
  /** From 0 to 100. */
  progress(progress: number, message?: string): Promise<null>
  /** Passes a part of the result on, any JSON, as it comes. A handler that yields does so with every value. */
  stream(chunk: unknown): Promise<null>
  /**
   * Aborts when the attempt is over before the handler: a limit passed, or somebody ended the job. Its `reason` is a
   * `Cancelled`. Calls that wait are refused then. The process ends when the handler does, after 5 seconds at the latest.
   */
  signal: AbortSignal
}

/** The reason of `ctx.signal`. */
export class Cancelled extends Error {
  constructor(reason?: string, message?: string)
  name: 'Cancelled'
  /** One word, such as `AttemptTimeout` or `Cancelled`; the message is for people. */
  reason: string
}

/** What the operator answered to a call that it refused. */
export class RpcError extends Error {
  constructor(code: number, message: string, data?: unknown)
  name: 'RpcError'
  code: number
  data?: unknown
  retriable?: boolean
}

/**
 * What it returns is the result. Where that is a generator, or anything else for `for await`, each value is a part of the
 * result and leaves as it comes; the result is what it returns in the end, or the list of its parts where that is nothing.
 */
export type Handler<Data = any, Result = unknown> = (job: Job<Data>, ctx: RunContext) => Result | Promise<Result>

/** How the queue is to run a worker. A WorkerDefinition says so here; a file's own `config` is accepted and not read. */
export interface QueueConfig {
  runtime?: 'node' | 'node-isolated' | 'python'
  concurrency?: number
  /** Milliseconds. */
  timeout?: number
  flow?: {
    name?: string | string[]
    role?: 'entry' | 'step'
    step?: string | string[]
    subscribes?: string | string[]
    emits?: string | string[]
  }
  [key: string]: unknown
}

/** Returns the handler; with it, the types of `job` and `ctx` are known. */
export function defineQueueWorker<Data = any, Result = unknown>(handler: Handler<Data, Result>): Handler<Data, Result>

export function defineQueueConfig<Config extends QueueConfig>(config: Config): Config
