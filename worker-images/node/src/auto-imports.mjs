import { readdirSync, readFileSync } from 'node:fs'
import { basename, dirname, extname, join, relative } from 'node:path'
import { pathToFileURL } from 'node:url'
import { extensions } from './formats.mjs'

const exported = /^\s*export\s+(?:async\s+)?(?:function\s*\*?|const|let|var|class|enum)\s*([\w$]+)/gm
const listed = /^\s*export\s*\{([^}]*)\}/gm

// `utils/` and `server/utils/` beside the worker, and beside each folder above it up to the working directory.
function folders(file) {
  const found = new Set()
  const below = (dir) => !relative(process.cwd(), dir).startsWith('..')
  for (let dir = dirname(file); ; dir = dirname(dir)) {
    found.add(join(dir, 'utils')).add(join(dir, 'server/utils'))
    if (dir === process.cwd() || dir === dirname(dir) || !below(dir)) return found
  }
}

function filesOf(folder) {
  try {
    const names = readdirSync(folder).filter(
      (name) => extensions.includes(extname(name)) && !/\.d\.[mc]?ts$/.test(name),
    )
    return names.map((name) => join(folder, name))
  } catch {
    return []
  }
}

const camelCase = (name) => name.replace(/[-_.]+(\w?)/g, (_, letter) => letter.toUpperCase())

function namesOf(path, source) {
  const names = [...source.matchAll(exported)].map(([, name]) => name)
  for (const [, list] of source.matchAll(listed)) {
    names.push(...list.split(',').map((item) => item.trim().split(/\s+/).at(-1)))
  }
  if (/^\s*export\s+default\b/m.test(source)) names.push(camelCase(basename(path, extname(path))))
  return names.filter((name) => name && name !== 'default')
}

/** Those files whose exports `source`, or one of the files found, mentions; as Nuxt does for its `utils` folders. */
export function findAutoImports(file, source) {
  const candidates = [...folders(file)].flatMap(filesOf).filter((path) => path !== file)
  const texts = [source]
  const found = []
  for (let text = texts.pop(); text !== undefined; text = texts.pop()) {
    const words = new Set(text.match(/[\w$]+/g))
    for (const [index, path] of [...candidates.entries()].reverse()) {
      const util = readFileSync(path, 'utf8')
      if (!namesOf(path, util).some((name) => words.has(name))) continue
      found.push(path)
      candidates.splice(index, 1)
      texts.push(util)
    }
  }
  return found
}

/** The module that `#imports` stands for. */
export function importsModule(files) {
  const urls = files.map((file) => [file, JSON.stringify(pathToFileURL(file).href)])
  return [
    'export { defineQueueWorker, defineQueueConfig } from "podwork"',
    ...urls.map(([, url]) => `export * from ${url}`),
    ...urls
      .filter(([file]) => /^\s*export\s+default\b/m.test(readFileSync(file, 'utf8')))
      .map(([file, url]) => `export { default as ${camelCase(basename(file, extname(file)))} } from ${url}`),
  ].join('\n')
}
