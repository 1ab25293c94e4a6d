const { RpcError, Cancelled } = require('./errors.cjs')

const defineQueueWorker = (handler) => handler
const defineQueueConfig = (config) => config

module.exports = { defineQueueWorker, defineQueueConfig, RpcError, Cancelled }
