import { summary } from './report-text.ts'
import type { Report } from './run-checks.ts'

const style = `body{font:15px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#1b1f24}
h2{margin:1.5rem 0 .3rem;font-size:1rem;text-transform:uppercase;letter-spacing:.05em;color:#57606a}
article{border-left:4px solid;padding:.3rem .8rem;margin:.4rem 0;background:#f6f8fa}
.ok{border-color:#1a7f37}.note{border-color:#0969da}.warning{border-color:#bf8700}.problem{border-color:#cf222e}.skipped{border-color:#8c959f}
p{margin:.1rem 0}p.note{color:#57606a}`

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
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>OpenStack CPI doctor</title>
<style>${style}</style></head><body><h1>${escapeHtml(summary(report))}</h1>
<p class="note">${escapeHtml(about.configPath)}, ${about.when.toISOString()}</p>
${sections.join('\n')}</body></html>
`
}

const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`)
