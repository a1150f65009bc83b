/**
 * `node tooling/repo/drift-report.ts <log>…`: the text of an issue about the suites on a reference cloud, from the logs of
 * `reference:up` and `test:reference`. Prints Markdown.
 */
import { existsSync, readFileSync } from 'node:fs'

/** Lines that tell what ran, what has changed and what failed. */
const telling: readonly (readonly [heading: string, line: RegExp])[] = [
  ['Versions', /^release \S+: /],
  ['Result', /^(PASSED|FAILED) on |^SKIPPED |has changed since|have changed since|: project as before/],
  ['Changed answers', /: .* has become |: not recorded yet$/],
  ['Failed tests', /^\s*(FAIL|×) /],
]

const linesOfTail = 60

/** A section for each kind of telling line, without repetition, and the end of the last log. */
export function driftReport(logs: readonly string[]): string {
  const lines = logs.flatMap((log) => log.replaceAll(colour, '').split('\n'))
  const sections = telling.flatMap(([heading, line]) => {
    const found = [...new Set(lines.filter((one) => line.test(one)).map((one) => one.trim()))]
    return found.length === 0 ? [] : [section(heading, found)]
  })
  const last = logs.at(-1)?.replaceAll(colour, '').trimEnd().split('\n').slice(-linesOfTail) ?? []
  return [...sections, section('End of the log', last)].join('\n')
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: the escape sequences of colours begin with one
const colour = /\u001b\[[0-9;]*m/g

/** Longer lines hold whole bodies; their beginning says enough. */
const longest = 400

const section = (heading: string, lines: readonly string[]): string =>
  `### ${heading}\n\n\`\`\`\n${lines.map((line) => line.slice(0, longest)).join('\n')}\n\`\`\`\n`

if (import.meta.main) {
  const files = process.argv.slice(2).filter((file) => existsSync(file))
  console.log(driftReport(files.map((file) => readFileSync(file, 'utf8'))))
}
