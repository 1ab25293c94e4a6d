const defineQueueWorker = (handler) => handler
const defineQueueConfig = (config) => config

module.exports = { defineQueueWorker, defineQueueConfig }
