import { createFakeOpenStack } from 'fake-openstack'
import { keySection } from './key-section.ts'
import { known } from './known-differences.ts'
import { services } from './probe.ts'
import { type Release, releases } from './recording.ts'
import type { Result } from './results.ts'

/** `docs/fake-limits.md`: where the fake answers as the real cloud does, counted, and the risk of the rest. */
export function limitsDocument(results: ReadonlyMap<Release, readonly Result[]>): string {
  const counts = (release: Release, isWanted: (one: Result) => boolean): string => {
    const own = (results.get(release) ?? []).filter(isWanted)
    const count = (outcome: Result['outcome']): number => own.filter((one) => one.outcome === outcome).length
    return [count('same'), count('differs'), count('not modelled')].join(' / ')
  }
  const row = (name: string, isWanted: (one: Result) => boolean): readonly (string | number)[] => [
    name,
    (results.get(releases[0]) ?? []).filter(isWanted).length,
    ...releases.map((release) => counts(release, isWanted)),
  ]
  const { routes } = createFakeOpenStack().unmodelled()
  const line = (cells: readonly (string | number)[]): string => `| ${cells.join(' | ')} |`
  return `${[
    '# Limits of the fake',
    '',
    'Written by `tooling/parity/src/write-document.ts`; a test fails when it is out of date.',
    '',
    'Each probe is a request that was sent to the real OpenStack of three releases and to the fake of the same release',
    "(`release: '2025.1'`, `--release 2025.1`). Status, headers, every field of the body, every word of a refusal and the",
    'sequence of states are compared. The real answers are in `tooling/parity/recordings/`, with the versions of the',
    'services that gave them; `npm run test:reference` sends the probes again and reports what has changed.',
    '',
    'The numbers of probes: same / differs / not modelled.',
    '',
    line(['service', 'probes', ...releases]),
    line(['---', '---:', ...releases.map(() => '---:')]),
    ...services.map((service) => line(row(service, (one) => one.service === service))),
    line(row('**all**', () => true)),
    '',
    `Besides the probes, ${known.explored.requests} generated requests (seeds ${known.explored.seeds.join(', ')}) and ${known.explored.queryKeys} with each query`,
    'key of each list were sent to the real Zed and to the fake.',
    `Of the last ${known.explored.replayed}, replayed on the fake as it is now, ${known.explored.acceptedByFakeOnly} are accepted by the fake and refused by the real`,
    `service, and ${known.explored.refusedByFakeOnly} are refused by the fake and accepted by the real service.`,
    '',
    '## Known differences',
    '',
    ...known.differences.flatMap((one) => [
      `### ${one.service}${one.releases === undefined ? '' : ` of ${one.releases.join(', ')}`}: ${one.probes.join('; ')}`,
      '',
      `- What: ${one.what}`,
      `- Why: ${one.why}`,
      `- Risk to your tests: ${one.risk}`,
      '',
    ]),
    '## What is not modelled',
    '',
    'Such a request gets 501, so that a gap of the fake is not taken for an answer of OpenStack. `GET /_fake/unmodelled` and',
    '`cloud.unmodelled()` answer the same list, with the requests that met it. A route that the real service does not have',
    'is refused as the real service does.',
    '',
    ...known.notModelledInPart.map((one) => `- ${one}`),
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
    ...keySection(routes),
    '## What is not compared',
    '',
    ...known.notCompared.map((one) => `- ${one}`),
    '',
    '## What the fake cannot show at all',
    '',
    '- No guest boots: nothing listens on a port, no agent answers, and a disk has no content.',
    '- Load, slowness and lost packets appear only as faults that a test asks for.',
    '- Clouds of other releases, and other storage or network drivers, answer differently in places.',
  ].join('\n')}\n`
}
