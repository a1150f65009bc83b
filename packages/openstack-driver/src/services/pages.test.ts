import { expect, test } from 'vitest'
import { withDriverOnFake } from '../../test/driver-on-fake.ts'
import { collect } from '../http/service-client.ts'
import type { Services } from './services.ts'

interface Named {
  readonly name?: string | null
  readonly cidr?: string
}

test.each<[string, (services: Services) => Promise<readonly Named[]>]>([
  ['flavors', ({ compute }) => collect(compute.flavors.list())],
  ['key pairs', ({ compute }) => compute.keypairs.list()],
  ['images', ({ image }) => collect(image.images.list())],
  ['volume types', ({ blockStorage }) => blockStorage.volumeTypes.list()],
  ['networks', ({ network }) => collect(network.networks.list())],
  ['subnets', ({ network }) => collect(network.subnets.list())],
  ['security groups', ({ network }) => collect(network.securityGroups.list())],
])('§3.4 %s are read to the last page, however small the pages are', async (_, list) => {
  const namesWith = (pageSize?: number) =>
    withDriverOnFake(
      async (driver) => (await list(driver.context().services)).map(({ name, cidr }) => name ?? cidr).toSorted(),
      { cloud: pageSize === undefined ? {} : { pageSize } },
    )
  expect(await namesWith(1)).toEqual(await namesWith())
})
