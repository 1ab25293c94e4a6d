import { readFileSync, realpathSync } from 'node:fs'
import module, { createRequire } from 'node:module'
import { basename, extname, resolve } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { findAutoImports, importsModule } from './auto-imports.mjs'
import { extensions, isTypeScript, moduleFormat, packageType } from './formats.mjs'
import { defineQueueConfig, defineQueueWorker } from './index.mjs'

class HandlerNotFound extends Error {
  name = 'HandlerNotFound'
}

/** The handler of a worker file: a path or a URL. */
export async function load(file) {
  const path = file instanceof URL ? fileURLToPath(file) : resolve(file)
  if (!extensions.includes(extname(path))) {
    throw new HandlerNotFound(`${path}: a worker's file ends in one of ${extensions.join(' ')}`)
  }
  const source = readFileSync(path, 'utf8')
  process.setSourceMapsEnabled(true)
  Object.assign(globalThis, { defineQueueWorker, defineQueueConfig })

  const format = moduleFormat(path, source)
  const autoImports = findAutoImports(path, source)
  if (needsHooks(path, source, format) || autoImports.length) await installHooks(autoImports, format)
  try {
    if (autoImports.length) await defineGlobals()
    const exports = format === 'module' ? await import(pathToFileURL(path).href) : createRequire(path)(path)
    return handlerOf(exports, path)
  } catch (error) {
    if (!error?.stack?.startsWith?.('SyntaxError')) throw error // else it begins with the place
    const { located } = await import('./syntax-errors.mjs')
    throw located(error, [path, ...autoImports])
  }
}

// Hooks cost a thread (30 ms) before Node 22.15, and most workers need none: not without TypeScript, without a string
// that could be a path or one of our names, and without import declarations that Node would not expect.
function needsHooks(path, source, format) {
  const undeclared = format === 'module' && path.endsWith('.js') && packageType(realpathSync(path)) !== 'module'
  return isTypeScript(path) || undeclared || /['"`](?:\.{0,2}\/|#|podwork['"`])/.test(source)
}

async function installHooks(autoImports, format) {
  const imports = importsModule(autoImports)
  const hooks = await import('./hooks.mjs')
  if (format === 'commonjs') await hooks.prepareCompiler()
  hookRequire(hooks)
  if (module.registerHooks) {
    hooks.initialize({ imports })
    module.registerHooks({ resolve: hooks.resolve, load: hooks.load })
  } else {
    module.register('./hooks-thread.mjs', import.meta.url, { data: { imports } })
  }
}

function hookRequire(hooks) {
  const compileTypeScript = (target, path) => target._compile(hooks.compile(path), path)
  Object.assign(module._extensions, { '.ts': compileTypeScript, '.cts': compileTypeScript })
  const resolveFilename = module._resolveFilename
  const ours = createRequire(import.meta.url).resolve('./index.cjs')
  module._resolveFilename = function (request, ...rest) {
    return request === 'podwork' || request === '#imports' ? ours : resolveFilename.call(this, request, ...rest)
  }
}

async function defineGlobals() {
  for (const [name, value] of Object.entries(await import('#imports'))) {
    if (!(name in globalThis)) globalThis[name] = value
  }
}

function handlerOf(exports, path) {
  // CommonJS puts its exports under `default` when imported, and compilers put a `default` of their own into those
  const places = [exports.default, exports.handler, exports, exports.default?.default, exports.default?.handler]
  const handler = places.find((value) => typeof value === 'function')
  if (handler) return handler
  const names = Object.keys(exports).join(', ') || 'nothing'
  throw new HandlerNotFound(
    `${basename(path)} has no handler: it exports ${names}. Add: export default defineQueueWorker(async (job, ctx) => { ... })`,
  )
}
