import podwork from './index.cjs'

export const { defineQueueWorker, defineQueueConfig, RpcError, Cancelled } = podwork
