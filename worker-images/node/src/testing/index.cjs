module.exports = {
  runWorkerTest: async (...args) => (await import('./index.mjs')).runWorkerTest(...args),
}
