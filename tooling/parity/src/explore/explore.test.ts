import { createFakeOpenStack } from 'fake-openstack'
import { describe, expect, test } from 'vitest'
import { fakeCloud } from '../cloud-under-test.ts'
import { services } from '../probe.ts'
import { askBoth } from './ask-both.ts'
import { oddities } from './oddities.ts'
import { prepareCloud } from './prepare.ts'
import { keyRequests, listKeysOf } from './query-keys.ts'
import { type ExploredRequest, readExplored, readListKeys } from './recorded.ts'

const explored = readExplored()
const { routes } = createFakeOpenStack().unmodelled()

describe.each(services)('%s', (service) => {
  const prepared = () => prepareCloud(fakeCloud('zed'), service, 'parity0000')

  test('the fake answers explored requests as the real service did', async () => {
    const requests = explored.filter((one) => one.generated.request.service === service)
    const clouds = { real: undefined, fake: await prepared() }
    const differing: string[] = []
    for (const { generated, real } of requests) {
      const { finding } = await askBoth(clouds, generated, real)
      if (finding) differing.push(`${finding.request}: ${JSON.stringify(finding.differences)}`)
    }
    expect(requests.length).toBeGreaterThan(0)
    expect(differing).toEqual([])
  })

  test('the fake treats the query keys of lists as the real service, or answers 501, as the limits say', async () => {
    const cloud = await prepared()
    const answers: Omit<ExploredRequest, 'number'>[] = []
    for (const generated of keyRequests(service)) {
      answers.push({ generated, real: (await cloud.ask(generated.request)).recorded })
    }
    const fake = new Map(listKeysOf(service, answers).map(({ path, users }) => [path, users]))
    // Where the whole list is not modelled for a user, no key is: the limits document says so.
    const isUnmodelled = (user: string, path: string): boolean =>
      answers.some(
        ({ generated: { request }, real }) => request.as === user && request.path === path && real.status === 501,
      )
    const lists = readListKeys(service)
    const wrong = lists.flatMap(({ path, users }) =>
      Object.entries(users).flatMap(([user, keys]) =>
        Object.entries(keys).flatMap(([key, treatment]) => {
          const own = fake.get(path)?.[user]?.[key]
          const isListed = (routes[service] ?? []).includes(`GET ${path.replace(/\{\w+\}/g, ':id')}?${key}`)
          const isGap = own === 'not modelled' && (isListed || isUnmodelled(user, path))
          const isUnseen = own === 'ignored' && treatment === 'obeyed' && oddities.emptyLists.includes(path)
          return own === treatment || isGap || isUnseen
            ? []
            : [`${user}: ${path}?${key} is ${treatment} there and ${own} here`]
        }),
      ),
    )
    expect(lists.length > 0).toBe(service !== 'compute') // its keys are in published schemas
    expect(wrong).toEqual([])
  })
})
