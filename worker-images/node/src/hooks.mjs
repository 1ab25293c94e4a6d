import { readFileSync, statSync } from 'node:fs'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import { extensions, isTypeScript, moduleFormat } from './formats.mjs'

const IMPORTS = 'podwork:imports'
const podwork = {
  require: new URL('index.cjs', import.meta.url).href,
  import: new URL('index.mjs', import.meta.url).href,
}
const settings = { imports: '' }
let compiler

export function initialize({ imports }) {
  settings.imports = imports
}

/** Needed beforehand only where `require` cannot load a module: Node before 20.19. */
export async function prepareCompiler() {
  compiler = await import('./typescript.mjs')
}

export function compile(path) {
  compiler ??= createRequire(import.meta.url)('./typescript.mjs')
  return compiler.compile(path)
}

export function resolve(specifier, context, next) {
  const kind = context.conditions?.includes('require') ? 'require' : 'import'
  if (specifier === 'podwork' || (specifier === '#imports' && kind === 'require')) {
    return { url: podwork[kind], format: kind === 'require' ? 'commonjs' : 'module', shortCircuit: true }
  }
  if (specifier === '#imports') return { url: IMPORTS, format: 'module', shortCircuit: true }
  if (kind === 'import' && /^\.{0,2}\//.test(specifier) && context.parentURL?.startsWith('file:')) {
    return next(existing(new URL(specifier, context.parentURL)), context)
  }
  return next(specifier, context)
}

// As TypeScript and bundlers resolve: without extension, a folder's index, and `.js` for what is a `.ts` file.
export function existing(url) {
  const candidates = [
    url.href,
    ...extensions.map((extension) => url.href + extension),
    url.href.replace(/\.([mc]?)js$/, '.$1ts'),
    ...extensions.map((extension) => `${url.href}/index${extension}`),
  ]
  return candidates.find((href) => statSync(fileURLToPath(href), { throwIfNoEntry: false })?.isFile()) ?? url.href
}

export function load(url, context, next) {
  if (url === IMPORTS) return { format: 'module', source: settings.imports, shortCircuit: true }
  if (!url.startsWith('file:') || !/\.[mc]?[jt]s$/.test(new URL(url).pathname)) return next(url, context)
  const path = fileURLToPath(url)
  if (isTypeScript(path)) {
    const format = moduleFormat(path, readFileSync(path, 'utf8'))
    return { format, source: format === 'module' ? compile(path) : null, shortCircuit: true }
  }
  if (path.endsWith('.js') && context.format !== 'module' && !path.includes('/node_modules/')) {
    const source = readFileSync(path, 'utf8')
    if (moduleFormat(path, source) === 'module') return { format: 'module', source, shortCircuit: true }
  }
  return next(url, context)
}
