import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const besides = fileURLToPath(new URL('../../../../shared/seeds', import.meta.url))
const folder = process.env.PODWORK_SEEDS ?? besides

// The same programs in our own words, for a machine that has no seeds.
const ours = fileURLToPath(new URL('seeds/', import.meta.url))

/**
 * Programs that exist in documents of queue systems: `{"server/queues/.../compute.ts": text}` for each document. A program
 * is a TypeScript code block that begins with its path.
 */
export function seedPrograms() {
  const source = existsSync(folder) ? folder : ours
  const names = readdirSync(source).filter((name) => /^00[01]_.*\.txt$/.test(name))
  return names.map((name) => {
    const blocks = readFileSync(join(source, name), 'utf8').matchAll(
      /^```typescript\n\/\/ (server\/queues\/\S+)\n([\s\S]*?)^```/gm,
    )
    return { name, files: Object.fromEntries([...blocks].map(([, path, text]) => [path, text])) }
  })
}
