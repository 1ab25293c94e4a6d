import { isTypeScript } from './formats.mjs'
import * as hooks from './hooks.mjs'

export const { initialize, resolve } = hooks

export async function load(url, context, next) {
  if (url.startsWith('file:') && isTypeScript(new URL(url).pathname)) await hooks.prepareCompiler()
  return hooks.load(url, context, next)
}
