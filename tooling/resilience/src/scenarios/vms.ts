import type { JsonObject } from '@openstack-cpi/cpi-core'
import { type Fixture, manualNetwork as manual } from '../fixture.ts'
import type { Scenario } from '../scenario.ts'
import { freshVm, givenVm, multiNic, twoNetworks } from './create-vm.ts'

const onVm = (
  name: string,
  purpose: Scenario['purpose'],
  prepare: (fixture: Fixture) => Promise<string>,
  more: { readonly args?: readonly unknown[]; readonly openstack?: JsonObject } = {},
): Scenario => ({
  name,
  purpose,
  given: async (fixture) => ({
    method: name.split(':')[0] ?? '',
    arguments: [await prepare(fixture), ...(more.args ?? [])],
    ...(more.openstack === undefined ? {} : { openstack: more.openstack }),
  }),
})

/** A VM with everything that can be attached to one. */
async function wholeVm(fixture: Fixture): Promise<string> {
  const vm = await givenVm(fixture, {
    networks: { ...twoNetworks(fixture), public: { type: 'vip', ip: '203.0.113.137', cloud_properties: {} } },
    cloudProperties: { server_group: { policy: 'soft-anti-affinity' } },
    openstack: multiNic,
  })
  await attachedDisk(fixture, vm)
  return vm
}

/** CID of a disk that is attached to the VM. */
export async function attachedDisk(fixture: Fixture, vm: string): Promise<string> {
  const disk = (await fixture.call('create_disk', [1024, {}, vm])) as string // contract §6.10
  await fixture.call('attach_disk', [vm, disk])
  return disk
}

async function stoppedVm(fixture: Fixture): Promise<string> {
  const vm = await givenVm(fixture)
  await fixture.api('POST', `compute/v2.1/servers/${vm}/action`, { 'os-stop': null })
  return vm
}

/** The server is gone, its port is still there, as a killed call leaves it. */
async function portWithoutServer(fixture: Fixture): Promise<string> {
  const vm = await givenVm(fixture)
  await fixture.api('DELETE', `compute/v2.1/servers/${vm}`)
  fixture.cloud.clock.advance('1m')
  return vm
}

const metadata = { director: 'bosh-1', deployment: 'cf', name: 'web/0', job: 'web', index: '0', id: '1-2-3' }

export const vmScenarios: readonly Scenario[] = [
  onVm('delete_vm: manual', 'delete', givenVm),
  onVm('delete_vm: everything on it', 'delete', wholeVm),
  onVm('delete_vm: boot volume', 'delete', (fixture) =>
    givenVm(fixture, { cloudProperties: { boot_from_volume: true, root_disk: { size: 3 } } }),
  ),
  onVm('delete_vm: dynamic', 'delete', (fixture) =>
    givenVm(fixture, {
      networks: { default: { type: 'dynamic', cloud_properties: { net_id: fixture.idOf('networks', 'bosh-net') } } },
    }),
  ),
  onVm('delete_vm: server gone, port still there', 'delete', portWithoutServer),
  onVm('has_vm', 'read', givenVm),
  onVm('reboot_vm: active', 'change', givenVm),
  onVm('reboot_vm: stopped', 'change', stoppedVm),
  onVm('set_vm_metadata', 'change', freshVm, { args: [metadata] }),
  onVm('set_vm_metadata: renamed', 'change', givenVm, {
    args: [metadata],
    openstack: { human_readable_vm_names: true },
  }),
  onVm('get_disks', 'read', async (fixture) => {
    const vm = await givenVm(fixture, { networks: { default: manual(fixture, 'bosh-net', '10.10.1.7') } })
    await attachedDisk(fixture, vm)
    return vm
  }),
  {
    name: 'calculate_vm_cloud_properties',
    purpose: 'read',
    given: async () => ({
      method: 'calculate_vm_cloud_properties',
      arguments: [{ cpu: 1, ram: 512, ephemeral_disk_size: 4096 }],
    }),
  },
]
