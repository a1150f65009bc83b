import type { FaultRule } from 'fake-openstack'
import type { Scenario } from '../scenario.ts'
import { scenarioNamed } from '../scenarios/all.ts'

/** A scenario whose call is killed at each of its requests. */
export interface CrashScenario extends Scenario {
  /** A request that the cloud refuses: the call fails, and is killed while it removes what it has created. */
  readonly refused?: FaultRule
}

/** The same, refused by the cloud at a late request. */
const refused = (name: string, service: string, operation: string): CrashScenario => ({
  ...scenarioNamed(name),
  name: `${name}, refused at ${operation}`,
  refused: { match: { service, operation }, times: null, do: { respond: { status: 400 } } },
})

/** Every method that changes something, `create_vm` in all its forms. */
export const crashScenarios: readonly CrashScenario[] = [
  ...[
    'create_stemcell: heavy',
    'create_vm: manual',
    'create_vm: dynamic',
    'create_vm: two NICs',
    'create_vm: boot from volume',
    'create_vm: boot volume with type, old Nova',
    'create_vm: floating IP',
    'create_vm: one pool',
    'create_vm: server group',
    'create_vm: AZ list with failover',
    'create_vm: two NICs, boot volume, pool and group',
    'create_disk: plain',
    'detach_disk',
    'resize_disk',
    'update_disk: size and type',
    'snapshot_disk',
    'create_network: router',
    'set_vm_metadata: renamed',
    'delete_vm: manual',
    'delete_vm: boot volume, pool, group and disk',
    'delete_disk',
    'delete_snapshot',
    'delete_stemcell',
    'delete_network: router',
  ].map(scenarioNamed),
  // A killed call may leave the disk attached; the director attaches it again.
  { ...scenarioNamed('attach_disk'), purpose: 'change' },
  refused('create_stemcell: heavy', 'image', 'images.upload'),
  refused('create_vm: boot volume with type, old Nova', 'compute', 'servers.create'),
  refused('create_vm: floating IP', 'network', 'floatingips.update'),
  refused('create_vm: two NICs, boot volume, pool and group', 'load-balancer', 'members.create'),
  refused('create_network: router', 'network', 'networks.update'),
]
