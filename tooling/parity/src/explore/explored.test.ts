import { expect, test } from 'vitest'
import { fakeCloud } from '../cloud-under-test.ts'
import { services } from '../probe.ts'
import { askBoth } from './ask-both.ts'
import { readExplored } from './explored.ts'
import { PreparedCloud } from './prepare.ts'

const explored = await readExplored()

test.each(services)('%s: the fake answers explored requests as the real service did', async (service) => {
  const requests = explored.filter((one) => one.generated.request.service === service)
  const clouds = { real: undefined, fake: await PreparedCloud.prepare(fakeCloud('zed'), service, 'parity0000') }
  const differing: string[] = []
  for (const { number, generated, real } of requests) {
    const { finding } = await askBoth(clouds, number, generated, real)
    if (finding) differing.push(`${finding.request}: ${JSON.stringify(finding.differences)}`)
  }
  expect(requests.length).toBeGreaterThan(0)
  expect(differing).toEqual([])
})
