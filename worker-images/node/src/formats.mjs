import { existsSync, readFileSync } from 'node:fs'
import { dirname, extname, join } from 'node:path'

export const extensions = ['.ts', '.mts', '.cts', '.js', '.mjs', '.cjs']

export const isTypeScript = (path) => /\.[mc]?ts$/.test(path)

const declaration =
  /^\s*(?:import\s*[\w*{'"]|export\s*[{*]|export\s+(?:default|declare|abstract|async|class|const|enum|function|interface|let|namespace|type|var)\b)/m

/** `type` of the nearest package.json, as Node finds it. */
export function packageType(path) {
  for (let dir = dirname(path); ; dir = dirname(dir)) {
    const file = join(dir, 'package.json')
    if (existsSync(file)) return JSON.parse(readFileSync(file, 'utf8')).type
    if (dir === dirname(dir)) return undefined
  }
}

/**
 * `module` or `commonjs`. Where neither extension nor package.json says, it is told from import and export declarations,
 * as newer versions of Node do; in `.ts` those always count, since TypeScript projects write them whatever `type` is.
 */
export function moduleFormat(path, source) {
  const extension = extname(path)
  if (/^\.m/.test(extension)) return 'module'
  if (/^\.c/.test(extension)) return 'commonjs'
  const type = packageType(path)
  if (type === 'module') return 'module'
  if (type === 'commonjs' && extension === '.js') return 'commonjs'
  return declaration.test(source) ? 'module' : 'commonjs'
}
