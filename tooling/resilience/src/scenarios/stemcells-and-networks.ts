import type { JsonObject } from '@openstack-cpi/cpi-core'
import type { CpiRequest } from '../cpi-request.ts'
import type { Fixture } from '../fixture.ts'
import type { Scenario } from '../scenario.ts'

const heavyStemcell = (fixture: Fixture): CpiRequest => ({
  method: 'create_stemcell',
  arguments: [
    fixture.stemcellPath,
    { name: 'bosh-openstack-kvm', version: '1.1', disk_format: 'raw', container_format: 'bare', os_type: 'linux' },
    { tags: { team: 'x' } },
  ],
})

const network = (fixture: Fixture): JsonObject => ({
  type: 'manual',
  range: '192.168.77.0/24',
  gateway: '192.168.77.1',
  netmask_bits: 24,
  cloud_properties: { router_id: fixture.idOf('routers', 'bosh-router') },
})

const only = (
  name: string,
  purpose: Scenario['purpose'],
  given: (fixture: Fixture) => Promise<CpiRequest>,
): Scenario => ({
  name,
  purpose,
  given,
})

export const stemcellScenarios: readonly Scenario[] = [
  only('create_stemcell: heavy', 'create', async (fixture) => heavyStemcell(fixture)),
  only('create_stemcell: light', 'create', async (fixture) => ({
    method: 'create_stemcell',
    arguments: [fixture.stemcellPath, { image_id: fixture.idOf('images', 'tiny-image') }, {}],
  })),
  only('delete_stemcell', 'delete', async (fixture) => {
    const { method, arguments: args } = heavyStemcell(fixture)
    return { method: 'delete_stemcell', arguments: [await fixture.call(method, args)] }
  }),
]

export const networkScenarios: readonly Scenario[] = [
  only('create_network: router', 'create', async (fixture) => ({
    method: 'create_network',
    arguments: [network(fixture)],
  })),
  only('delete_network: router', 'delete', async (fixture) => {
    const [cid] = (await fixture.call('create_network', [network(fixture)])) as [string] // contract §6.21
    return { method: 'delete_network', arguments: [cid] }
  }),
]
