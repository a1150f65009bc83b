import { readFile } from 'node:fs/promises'
import { beforeAll, describe, expect, test } from 'vitest'
import { judgeFake } from './judge-fake.ts'
import { isKept, keptDifferences } from './kept-differences.ts'
import { limitsDocument } from './limits-document.ts'
import { services } from './probe.ts'
import { type Release, readRecording, readVersions, releases } from './recording.ts'
import type { Judged } from './report.ts'

const judged = new Map<Release, readonly Judged[]>()
const judgedOf = (release: Release): readonly Judged[] => judged.get(release) ?? []
beforeAll(async () => {
  for (const release of releases) judged.set(release, await judgeFake(release))
}, 240_000) // each release is asked everything

describe.each(releases)('the fake answers as the real OpenStack of %s does', (release) => {
  test.each(services)('%s: no difference without a reason', (service) => {
    const unexplained = judgedOf(release)
      .filter((one) => one.service === service)
      .flatMap(({ name, differences }) =>
        differences
          .filter((difference) => !isKept(release, service, name, difference))
          .map(({ at, real, fake }) => `${name}: ${at}: real ${JSON.stringify(real)}, fake ${JSON.stringify(fake)}`),
      )
    expect(unexplained).toEqual([])
  })

  test('every kept difference is still there', () => {
    const seen = new Set(
      judgedOf(release).flatMap(({ service, name, differences }) =>
        differences.map((one) => isKept(release, service, name, one)),
      ),
    )
    const missing = keptDifferences.filter((one) => (one.releases ?? releases).includes(release) && !seen.has(one))
    expect(missing.map((one) => one.what)).toEqual([])
  })

  test('there are several hundred probes, and every recorded answer is still asked for', async () => {
    expect(judgedOf(release).length).toBeGreaterThanOrEqual(300)
    for (const service of services) {
      const names = judgedOf(release)
        .filter((one) => one.service === service)
        .map((one) => one.name)
      expect(names.sort()).toEqual(Object.keys(await readRecording(service, release)).sort())
    }
  })

  test('its recordings tell the versions of the services, and hold no tokens, ids or addresses', async () => {
    expect(await readVersions(release)).toMatchObject({ 'nova-api': expect.stringMatching(/^\d+\.\d+/) })
    for (const service of services) {
      const text = JSON.stringify(await readRecording(service, release))
      expect(text).not.toMatch(/gAAAA|[0-9a-f]{32}|127\.0\.0\.1|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-/)
    }
  })
})

test('docs/fake-limits.md is up to date', async () => {
  const document = await readFile(new URL('../../../docs/fake-limits.md', import.meta.url), 'utf8')
  expect(document).toBe(limitsDocument(judged))
})
