import { readFileSync } from 'node:fs'
import { transformSync } from 'oxc-transform'

/** JavaScript of a TypeScript file, its source map inline. Types are removed, never checked. */
export function compile(path) {
  const source = readFileSync(path, 'utf8')
  const { code, map, errors } = transformSync(path, source, { lang: 'ts', sourcemap: true })
  const [first] = errors.filter((error) => error.severity === 'Error')
  if (first) throw syntaxError(path, source, first)
  const encoded = Buffer.from(JSON.stringify({ ...map, sources: [path] })).toString('base64')
  return `${code}\n//# sourceMappingURL=data:application/json;base64,${encoded}`
}

function syntaxError(path, source, { message, labels, codeframe }) {
  const before = source.slice(0, labels[0]?.start ?? 0).split('\n')
  const place = `${path}:${before.length}:${before.at(-1).length + 1}`
  const error = new SyntaxError(`${message} (${place})`)
  error.stack = `${place}\n${codeframe ?? ''}\nSyntaxError: ${message}`
  return error
}
