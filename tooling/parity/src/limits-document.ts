import { readFileSync } from 'node:fs'
import { createFakeOpenStack } from 'fake-openstack'
import { readListKeys } from './explore/recorded.ts'
import { known } from './known-differences.ts'
import { type Service, services } from './probe.ts'
import { type Release, releases } from './recording.ts'
import type { Result } from './results.ts'

const template = readFileSync(new URL('../limits.md', import.meta.url), 'utf8')

/** `docs/fake-limits.md`: where the fake answers as the real cloud does, counted, and the risk of the rest. */
export function limitsDocument(results: ReadonlyMap<Release, readonly Result[]>): string {
  const { routes } = createFakeOpenStack().unmodelled()
  const differences = known.differences.map(
    ({ service, releases: of, probes, what, why, risk }) =>
      `### ${service}${of === undefined ? '' : ` of ${of.join(', ')}`}: ${probes.join('; ')}\n\n` +
      `- What: ${what}\n- Why: ${why}\n- Risk to your tests: ${risk}\n`,
  )
  const parts: Readonly<Record<string, unknown>> = {
    ...known.explored,
    counts: countsTable(results),
    differences: differences.join('\n'),
    notModelledInPart: bulleted(known.notModelledInPart),
    notCompared: bulleted(known.notCompared),
    routes: services
      .map((service) => {
        const own = routes[service] ?? []
        return details(`${service}: ${own.length} routes and actions`, bulleted(own.map((route) => `\`${route}\``)))
      })
      .join('\n'),
    keys: services
      .map((service) => [service, bulleted(obeyedKeys(service, routes[service] ?? []))] as const)
      .flatMap(([service, keys]) => (keys === '' ? [] : [details(service, keys)]))
      .join('\n'),
  }
  return template.replaceAll(/\{(\w+)\}/g, (_, name: string) => String(parts[name]))
}

const bulleted = (items: readonly string[]): string => items.map((item) => `- ${item}`).join('\n')

const details = (summary: string, content: string): string =>
  `<details>\n<summary>${summary}</summary>\n\n${content}\n\n</details>\n`

/** By service and release: same / differs / not modelled. */
function countsTable(results: ReadonlyMap<Release, readonly Result[]>): string {
  const row = (name: string, isWanted: (one: Result) => boolean): readonly (string | number)[] => {
    const own = releases.map((release) => (results.get(release) ?? []).filter(isWanted))
    const counts = own.map((list) =>
      (['same', 'differs', 'not modelled'] as const)
        .map((outcome) => list.filter((one) => one.outcome === outcome).length)
        .join(' / '),
    )
    return [name, own[0]?.length ?? 0, ...counts]
  }
  return [
    ['service', 'probes', ...releases],
    ['---', '---:', ...releases.map(() => '---:')],
    ...services.map((service) => row(service, (one) => one.service === service)),
    row('**all**', () => true),
  ]
    .map((cells) => `| ${cells.join(' | ')} |`)
    .join('\n')
}

/**
 * A line for each list of a service: which query keys are obeyed, and which of those are 501 in the fake.
 * @param unmodelled routes and query keys of the service that the fake does not model
 */
const obeyedKeys = (service: Service, unmodelled: readonly string[]): readonly string[] =>
  readListKeys(service).flatMap(({ path, users }) => {
    const list = path.replace(/\{\w+\}/g, ':id')
    const isGap = (key: string): boolean => unmodelled.includes(`GET ${list}?${key}`)
    const ofUsers = obeyedIn(users['bosh'])
    const ofAdmins = obeyedIn(users['admin']).filter((key) => !ofUsers.includes(key))
    const keys = [...ofUsers.map((key) => ({ key, note: '' })), ...ofAdmins.map((key) => ({ key, note: ' (admin)' }))]
    if (keys.length === 0) return []
    const obeyed = keys.flatMap(({ key, note }) => (isGap(key) ? [] : [`\`${key}\`${note}`]))
    const gaps = keys.flatMap(({ key }) => (isGap(key) ? [`\`${key}\``] : []))
    const refused = gaps.length === 0 ? '' : `; 501: ${gaps.join(', ')}`
    return [`\`${list}\`: ${obeyed.join(', ') || 'none'}${refused}`]
  })

const obeyedIn = (keys: Readonly<Record<string, string>> = {}): string[] =>
  Object.keys(keys).filter((key) => keys[key] === 'obeyed')
