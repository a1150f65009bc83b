import { readFile } from 'node:fs/promises'
import { beforeAll, describe, expect, test } from 'vitest'
import { judgeFake } from './judge-fake.ts'
import { isKept, keptDifferences } from './kept-differences.ts'
import { limitsDocument } from './limits-document.ts'
import { services } from './probe.ts'
import { readRecording } from './recording.ts'
import type { Judged } from './report.ts'

let judged: Judged[]
beforeAll(async () => {
  judged = await judgeFake()
})

describe('the fake answers as the real OpenStack does', () => {
  test.each(services)('§9 %s: no difference without a reason', (service) => {
    const unexplained = judged
      .filter((one) => one.service === service)
      .flatMap(({ name, differences }) =>
        differences
          .filter((difference) => !isKept(service, name, difference))
          .map(({ at, real, fake }) => `${name}: ${at}: real ${JSON.stringify(real)}, fake ${JSON.stringify(fake)}`),
      )
    expect(unexplained).toEqual([])
  })

  test('every kept difference is still there', () => {
    const seen = new Set(
      judged.flatMap(({ service, name, differences }) => differences.map((one) => isKept(service, name, one))),
    )
    expect(keptDifferences.filter((one) => !seen.has(one)).map((one) => one.what)).toEqual([])
  })

  test('there are several hundred probes, and every recorded answer is still asked for', async () => {
    expect(judged.length).toBeGreaterThanOrEqual(300)
    for (const service of services) {
      const names = judged.filter((one) => one.service === service).map((one) => one.name)
      expect(names.sort()).toEqual(Object.keys(await readRecording(service, 'zed')).sort())
    }
  })

  test('docs/fake-limits.md is up to date', async () => {
    const document = await readFile(new URL('../../../docs/fake-limits.md', import.meta.url), 'utf8')
    expect(document).toBe(limitsDocument(judged))
  })
})

test('recordings hold no tokens, ids or addresses of the cloud they come from', async () => {
  for (const service of services) {
    const text = JSON.stringify(await readRecording(service, 'zed'))
    expect(text).not.toMatch(/gAAAA|[0-9a-f]{32}|127\.0\.0\.1|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-/)
  }
})
