import { createFakeOpenStack } from 'fake-openstack'
import { keptDifferences, notCompared, notModelledInPart } from './kept-differences.ts'
import { services } from './probe.ts'
import type { Judged } from './report.ts'

/** `docs/fake-limits.md`: how far the fake is true, counted, and what somebody could wrongly conclude from the rest. */
export function limitsDocument(judged: readonly Judged[]): string {
  const rows = services.map((service) => {
    const own = judged.filter((one) => one.service === service)
    const count = (verdict: string): number => own.filter((one) => one.verdict === verdict).length
    return [service, own.length, count('same'), count('differs'), count('not modelled')] as const
  })
  const { routes } = createFakeOpenStack().unmodelled()
  const total = [1, 2, 3, 4].map((column) => rows.reduce((sum, row) => sum + Number(row[column]), 0))
  const line = (cells: readonly (string | number)[]): string => `| ${cells.join(' | ')} |`
  return `${[
    '# Limits of the fake',
    '',
    'Written by `tooling/parity/src/write-document.ts`; a test fails when it is out of date.',
    '',
    'Each probe is a request that was played on the real OpenStack (Zed) and on the fake. Status, headers, every field',
    'of the body, every word of a refusal and the sequence of states are compared. The real answers are in',
    '`tooling/parity/recordings/`; `npm run test:reference` plays the probes again and reports what has changed.',
    '',
    line(['service', 'probes', 'same', 'differs', 'not modelled']),
    line(['---', '---:', '---:', '---:', '---:']),
    ...rows.map(line),
    line(['**all**', ...total]),
    '',
    '## Differences that stay',
    '',
    ...keptDifferences.flatMap((one) => [
      `### ${one.service}: ${one.probes.join('; ')}`,
      '',
      `- What: ${one.what}`,
      `- Why: ${one.why}`,
      `- What one could wrongly conclude: ${one.wrongConclusion}`,
      '',
    ]),
    '## What is not modelled',
    '',
    'Such a request gets 501, so that a gap of the fake is not taken for an answer of OpenStack. `GET /_fake/unmodelled` and',
    '`cloud.unmodelled()` answer the same list, with the requests that met it. A route that the real service does not have',
    'is refused as the real service does.',
    '',
    ...notModelledInPart.map((one) => `- ${one}`),
    '',
    ...services.flatMap((service) => [
      '<details>',
      `<summary>${service}: ${routes[service]?.length ?? 0} routes and actions</summary>`,
      '',
      ...(routes[service] ?? []).map((route) => `- \`${route}\``),
      '',
      '</details>',
      '',
    ]),
    '',
    '## What is not compared',
    '',
    ...notCompared.map((one) => `- ${one}`),
    '',
    '## What the fake cannot show at all',
    '',
    '- No guest boots: nothing listens on a port, no agent answers, and a disk has no content.',
    '- Load, slowness and lost packets appear only as faults that a test asks for.',
    '- Clouds older or newer than Zed, and other storage or network drivers, answer differently in places.',
  ].join('\n')}\n`
}
