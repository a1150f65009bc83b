import type { Severity } from './check.ts'
import type { Report } from './run-checks.ts'

const marks: Readonly<Record<Severity, { readonly word: string; readonly colour: number }>> = {
  ok: { word: 'ok', colour: 32 },
  note: { word: 'note', colour: 36 },
  warning: { word: 'WARNING', colour: 33 },
  problem: { word: 'PROBLEM', colour: 31 },
  skipped: { word: '-', colour: 2 },
}

/** The report for people, grouped by service. */
export function reportText(report: Report, colour: boolean): string {
  const paint = (code: number, text: string) => (colour ? `\u001b[${code}m${text}\u001b[0m` : text)
  const lines: string[] = []
  let group: string | undefined
  for (const result of report.results) {
    if (result.group !== group) lines.push(...(group === undefined ? [] : ['']), paint(1, result.group))
    group = result.group
    for (const { severity, found, why, remedy } of result.findings) {
      const mark = marks[severity]
      lines.push(`  ${paint(mark.colour, mark.word.padEnd(7))} ${result.title}: ${found}`)
      if (why !== undefined) lines.push(`          why:    ${why}`)
      if (remedy !== undefined) lines.push(`          remedy: ${remedy}`)
    }
  }
  lines.push('', summary(report), '')
  return lines.join('\n')
}

/** One line: whether the project is ready for BOSH, and the number of problems and warnings. */
export const summary = ({ results, problems, warnings }: Report): string => {
  const counts = `${counted(problems, 'problem')}, ${counted(warnings, 'warning')}`
  return problems > 0
    ? `not ready for BOSH: ${counts}`
    : `ready for BOSH: ${counted(results.length, 'check')}, ${counts}`
}

const counted = (count: number, noun: string): string =>
  `${count === 0 ? 'no' : count} ${noun}${count === 1 ? '' : 's'}`
