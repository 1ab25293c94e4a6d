import { readFileSync } from 'node:fs'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { isTypeScript } from './formats.mjs'
import { existing } from './hooks.mjs'
import { checkJavaScript } from './typescript.mjs'

const relativeImport = /\b(?:from|import)\s*\(?\s*['"](\.{1,2}\/[^'"\n]+)['"]/g
const MOST_FILES = 100

/** The same error, naming its place, which Node keeps to itself for modules: looked for in these files and what they import. */
export function located(error, paths) {
  const files = new Set(paths)
  for (const path of files) {
    try {
      if (!isTypeScript(path)) checkJavaScript(path)
      for (const [, specifier] of readFileSync(path, 'utf8').matchAll(relativeImport)) {
        if (files.size < MOST_FILES) files.add(fileURLToPath(existing(new URL(specifier, pathToFileURL(path)))))
      }
    } catch (found) {
      if (!(found instanceof SyntaxError)) continue
      return Object.assign(error, { message: found.message, stack: found.stack })
    }
  }
  return Object.assign(error, { stack: `${paths[0]}\n${error.stack}` })
}
