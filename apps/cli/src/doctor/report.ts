import { oneLine } from '../terminal.ts'
import type { Report, Severity } from './check.ts'

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
      lines.push(`  ${paint(mark.colour, mark.word.padEnd(7))} ${result.title}: ${oneLine(found)}`)
      if (why !== undefined) lines.push(`          why:    ${oneLine(why)}`)
      if (remedy !== undefined) lines.push(`          remedy: ${oneLine(remedy)}`)
    }
  }
  lines.push('', summary(report), '')
  return lines.join('\n')
}

/** One line: whether the project is ready for BOSH, and the number of problems and warnings. */
const summary = ({ results, problems, warnings }: Report): string => {
  const counts = `${counted(problems, 'problem')}, ${counted(warnings, 'warning')}`
  return problems > 0
    ? `not ready for BOSH: ${counts}`
    : `ready for BOSH: ${counted(results.length, 'check')}, ${counts}`
}

const counted = (count: number, noun: string): string =>
  `${count === 0 ? 'no' : count} ${noun}${count === 1 ? '' : 's'}`

const style = `:root{color-scheme:light dark;--text:light-dark(#1b1f24,#e4e9f1);--quiet:light-dark(#57606a,#9aa7ba);
--ground:light-dark(#fff,#10151d);--card:light-dark(#f6f8fa,#18202b)}
body{font:15px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:var(--text);background:var(--ground)}
h2{margin:1.5rem 0 .3rem;font-size:1rem;text-transform:uppercase;letter-spacing:.05em;color:var(--quiet)}
article{border-left:4px solid;padding:.3rem .8rem;margin:.4rem 0;background:var(--card);overflow-wrap:anywhere}
.ok{border-color:#1a7f37}.note{border-color:#0969da}.warning{border-color:#bf8700}.problem{border-color:#cf222e}.skipped{border-color:#8c959f}
p{margin:.1rem 0}p.note{color:var(--quiet)}`

/** One page that needs nothing from elsewhere. */
export function reportHtml(report: Report, about: { readonly configPath: string; readonly when: Date }): string {
  const groups = [...new Set(report.results.map((result) => result.group))]
  const sections = groups.map((group) => {
    const articles = report.results
      .filter((result) => result.group === group)
      .flatMap((result) => result.findings.map((finding) => ({ title: result.title, ...finding })))
      .map(
        ({ title, severity, found, why, remedy }) =>
          `<article class="${severity}"><p><strong>${escapeHtml(title)}</strong> ${severity}: ${escapeHtml(found)}</p>` +
          `${why === undefined ? '' : `<p class="note">Why: ${escapeHtml(why)}</p>`}` +
          `${remedy === undefined ? '' : `<p>Remedy: ${escapeHtml(remedy)}</p>`}</article>`,
      )
    return `<section><h2>${escapeHtml(group)}</h2>${articles.join('\n')}</section>`
  })
  return `<!doctype html><html lang="en"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1"><title>OpenStack CPI doctor</title>
<style>${style}</style></head><body><h1>${escapeHtml(summary(report))}</h1>
<p class="note">${escapeHtml(about.configPath)}, ${about.when.toISOString()}</p>
${sections.join('\n')}</body></html>
`
}

const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`)
