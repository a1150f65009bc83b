import type { JsonObject } from '@openstack-cpi/cpi-core'
import type { CpiRequest } from '../cpi-call.ts'
import type { Scenario, Stage } from '../scenario.ts'

const heavyStemcell = (stage: Stage): CpiRequest => ({
  method: 'create_stemcell',
  arguments: [
    stage.stemcellPath,
    { name: 'bosh-openstack-kvm', version: '1.1', disk_format: 'raw', container_format: 'bare', os_type: 'linux' },
    { tags: { team: 'x' } },
  ],
})

const network = (stage: Stage): JsonObject => ({
  type: 'manual',
  range: '192.168.77.0/24',
  gateway: '192.168.77.1',
  netmask_bits: 24,
  cloud_properties: { router_id: stage.idOf('routers', 'bosh-router') },
})

const only = (name: string, purpose: Scenario['purpose'], given: (stage: Stage) => Promise<CpiRequest>): Scenario => ({
  name,
  purpose,
  given,
})

export const stemcellScenarios: readonly Scenario[] = [
  only('create_stemcell: heavy', 'create', async (stage) => heavyStemcell(stage)),
  only('create_stemcell: light', 'create', async (stage) => ({
    method: 'create_stemcell',
    arguments: [stage.stemcellPath, { image_id: stage.idOf('images', 'tiny-image') }, {}],
  })),
  only('delete_stemcell', 'delete', async (stage) => {
    const { method, arguments: args } = heavyStemcell(stage)
    return { method: 'delete_stemcell', arguments: [await stage.call(method, args)] }
  }),
]

export const networkScenarios: readonly Scenario[] = [
  only('create_network: router', 'create', async (stage) => ({
    method: 'create_network',
    arguments: [network(stage)],
  })),
  only('delete_network: router', 'delete', async (stage) => {
    const [cid] = (await stage.call('create_network', [network(stage)])) as [string] // contract §6.21
    return { method: 'delete_network', arguments: [cid] }
  }),
]
