// The headings of a Markdown document, each sent as it is found. TypeScript, without a build step.
import type { Job, RunContext } from 'podwork'
import { slug } from './slug'

interface Heading {
  level: number
  title: string
  anchor: string
}

export default async function* headings(
  job: Job<{ markdown: string }>,
  ctx: RunContext,
): AsyncGenerator<Heading, object> {
  const lines = job.data.markdown.split('\n')
  const anchors = new Map<string, number>()
  let fenced = false
  let found = 0
  for (const [index, line] of lines.entries()) {
    if (line.startsWith('```')) fenced = !fenced
    const heading = fenced ? null : /^(#{1,6})\s+(.+)$/.exec(line)
    if (heading) {
      const anchor = slug(heading[2], anchors)
      found++
      yield { level: heading[1].length, title: heading[2], anchor }
    }
    await ctx.progress((100 * (index + 1)) / lines.length)
  }
  if (fenced) ctx.logger.warn('a code block is not closed', { lines: lines.length })
  return { headings: found, anchors: [...anchors.keys()] }
}
