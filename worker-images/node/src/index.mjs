import podwork from './index.cjs'

export const { defineQueueWorker, defineQueueConfig } = podwork
