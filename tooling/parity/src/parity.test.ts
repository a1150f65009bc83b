import { readFile } from 'node:fs/promises'
import { beforeAll, describe, expect, test } from 'vitest'
import { known, knownAs } from './known-differences.ts'
import { limitsDocument } from './limits-document.ts'
import { services } from './probe.ts'
import { type Release, readRecording, readVersions, releases } from './recording.ts'
import { type Result, resultsOfFake } from './results.ts'

const results = new Map<Release, readonly Result[]>()
const resultsOf = (release: Release): readonly Result[] => results.get(release) ?? []
beforeAll(async () => {
  for (const release of releases) results.set(release, await resultsOfFake(release))
}, 240_000) // each release is asked everything

describe.each(releases)('the fake answers as the real OpenStack of %s does', (release) => {
  test.each(services)('%s: no difference without a reason', (service) => {
    const unexplained = resultsOf(release)
      .filter((one) => one.service === service)
      .flatMap(({ name, differences }) =>
        differences
          .filter((difference) => !knownAs(release, service, name, difference))
          .map(({ at, real, fake }) => `${name}: ${at}: real ${JSON.stringify(real)}, fake ${JSON.stringify(fake)}`),
      )
    expect(unexplained).toEqual([])
  })

  test('every known difference is still there', () => {
    const seen = new Set(
      resultsOf(release).flatMap(({ service, name, differences }) =>
        differences.map((one) => knownAs(release, service, name, one)),
      ),
    )
    const missing = known.differences.filter((one) => (one.releases ?? releases).includes(release) && !seen.has(one))
    expect(missing.map((one) => one.what)).toEqual([])
  })

  test('there are several hundred probes, and every recorded answer is still asked for', async () => {
    expect(resultsOf(release).length).toBeGreaterThanOrEqual(300)
    for (const service of services) {
      const names = resultsOf(release)
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
  expect(document).toBe(limitsDocument(results))
})
