declare module '#imports' {
  export type * from 'podwork'
  export { defineQueueConfig, defineQueueWorker } from 'podwork'
}
