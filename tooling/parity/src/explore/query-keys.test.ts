import { createFakeOpenStack } from 'fake-openstack'
import { expect, test } from 'vitest'
import { fakeCloud } from '../cloud-under-test.ts'
import { services } from '../probe.ts'
import { ask } from './ask-both.ts'
import { keyTable, readKeyTables } from './key-table.ts'
import { PreparedCloud } from './prepare.ts'
import { keyRequests } from './query-keys.ts'

const tables = readKeyTables()
const { routes } = createFakeOpenStack().unmodelled()

test.each(services.filter((service) => service !== 'compute'))(
  '%s: a query key of a list is treated as by the real service, or is 501, and is listed among the limits then',
  async (service) => {
    const real = tables[service] ?? {}
    const cloud = await PreparedCloud.prepare(fakeCloud('zed'), service, 'parity0000')
    const answers = []
    for (const generated of keyRequests(service)) {
      answers.push({ generated, recorded: (await ask(cloud, generated)).recorded })
    }
    const fake = keyTable(answers)
    // Where the whole list is not modelled for a user, no key is: the limits document says so.
    const lists = new Map(
      answers.map((one) => [`${one.generated.request.as} ${one.generated.request.path}`, one.recorded.status]),
    )
    const wrong: string[] = []
    for (const [path, users] of Object.entries(real)) {
      for (const [user, keys] of Object.entries(users)) {
        for (const [key, treatment] of Object.entries(keys)) {
          const own = fake[path]?.[user]?.[key]
          const isGap = lists.get(`${user} ${path}`) === 501
          const isListed = isGap || (routes[service] ?? []).includes(`GET ${path.replace(/\{\w+\}/g, ':id')}?${key}`)
          if (own !== treatment && !(own === 'not modelled' && isListed)) {
            wrong.push(`${user}: ${path}?${key} is ${treatment} there and ${own} here`)
          }
        }
      }
    }
    expect(Object.keys(real).length).toBeGreaterThan(0)
    expect(wrong).toEqual([])
  },
)
