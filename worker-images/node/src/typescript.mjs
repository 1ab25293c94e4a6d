import { readFileSync } from 'node:fs'
// Later releases call it transformSync, and are for Node 20 and newer only: npm leaves their binaries out on Node 18.
import { transform as oxc } from 'oxc-transform'

/** JavaScript of a TypeScript file, its source map inline. Types are removed, never checked. */
export function compile(path) {
  const { code, map } = transform(path, 'ts')
  const encoded = Buffer.from(JSON.stringify({ ...map, sources: [path] })).toString('base64')
  return `${code}\n//# sourceMappingURL=data:application/json;base64,${encoded}`
}

/** Throws a SyntaxError that names the place, if the file has one. */
export function checkJavaScript(path) {
  transform(path, 'js')
}

function transform(path, lang) {
  const source = readFileSync(path, 'utf8')
  const result = oxc(path, source, { lang, sourcemap: true })
  const error = result.errors.find(({ severity }) => severity === 'Error')
  if (error) throw syntaxError(path, source, error)
  return result
}

function syntaxError(path, source, { message, labels, codeframe }) {
  const before = source.slice(0, labels[0]?.start ?? 0).split('\n')
  const place = `${path}:${before.length}:${before.at(-1).length + 1}`
  const error = new SyntaxError(`${message} (${place})`)
  error.stack = `${place}\n${codeframe ?? ''}\nSyntaxError: ${message}`
  return error
}
