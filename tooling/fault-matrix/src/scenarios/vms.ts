import type { JsonObject } from '@openstack-cpi/cpi-core'
import type { Scenario, Stage } from '../scenario.ts'
import { givenVm, manual, multiNic, twoNetworks } from './create-vm.ts'

const onVm = (
  name: string,
  purpose: Scenario['purpose'],
  prepare: (stage: Stage) => Promise<string>,
  more: { readonly args?: readonly unknown[]; readonly openstack?: JsonObject } = {},
): Scenario => ({
  name,
  purpose,
  given: async (stage) => ({
    method: name.split(':')[0] ?? '',
    arguments: [await prepare(stage), ...(more.args ?? [])],
    ...(more.openstack === undefined ? {} : { openstack: more.openstack }),
  }),
})

/** A VM with everything that can hang on one. */
async function wholeVm(stage: Stage): Promise<string> {
  const vm = await givenVm(stage, {
    networks: { ...twoNetworks(stage), public: { type: 'vip', ip: '203.0.113.137', cloud_properties: {} } },
    cloudProperties: { server_group: { policy: 'soft-anti-affinity' } },
    openstack: multiNic,
  })
  await attachedDisk(stage, vm)
  return vm
}

/** CID of a disk that is attached to the VM. */
export async function attachedDisk(stage: Stage, vm: string): Promise<string> {
  const disk = (await stage.call('create_disk', [1024, {}, vm])) as string // contract §6.10
  await stage.call('attach_disk', [vm, disk])
  return disk
}

async function stoppedVm(stage: Stage): Promise<string> {
  const vm = await givenVm(stage)
  await stage.api('POST', `compute/v2.1/servers/${vm}/action`, { 'os-stop': null })
  return vm
}

/** The server is gone, its port is still there, as a call that died leaves it. */
async function remains(stage: Stage): Promise<string> {
  const vm = await givenVm(stage)
  await stage.api('DELETE', `compute/v2.1/servers/${vm}`)
  stage.cloud.clock.advance('1m')
  return vm
}

const metadata = { director: 'bosh-1', deployment: 'cf', name: 'web/0', job: 'web', index: '0', id: '1-2-3' }

export const vmScenarios: readonly Scenario[] = [
  onVm('delete_vm: manual', 'delete', givenVm),
  onVm('delete_vm: everything on it', 'delete', wholeVm),
  onVm('delete_vm: boot volume', 'delete', (stage) =>
    givenVm(stage, { cloudProperties: { boot_from_volume: true, root_disk: { size: 3 } } }),
  ),
  onVm('delete_vm: dynamic', 'delete', (stage) =>
    givenVm(stage, {
      networks: { default: { type: 'dynamic', cloud_properties: { net_id: stage.idOf('networks', 'bosh-net') } } },
    }),
  ),
  onVm('delete_vm: server gone, port left', 'delete', remains),
  onVm('has_vm', 'read', givenVm),
  onVm('reboot_vm: active', 'change', givenVm),
  onVm('reboot_vm: stopped', 'change', stoppedVm),
  onVm('set_vm_metadata', 'change', givenVm, { args: [metadata] }),
  onVm('set_vm_metadata: renamed', 'change', givenVm, {
    args: [metadata],
    openstack: { human_readable_vm_names: true },
  }),
  onVm('get_disks', 'read', async (stage) => {
    const vm = await givenVm(stage, { networks: { default: manual(stage, 'bosh-net', '10.10.1.7') } })
    await attachedDisk(stage, vm)
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
