import type { CloudDescription } from '@openstack-cpi/harness/cloud-description'
import { type CreatedVm, createVmArguments } from '@openstack-cpi/harness/create-vm'
import { Director } from '@openstack-cpi/harness/director'
import { otherDirectorUuid } from '../cpi-request.ts'

/**
 * Creates what a second director has in the same project: a VM that it knows, with a disk, and a VM whose creation it does not
 * know yet. The storm and the search for leftovers must not touch it.
 * @returns deletes it all
 */
export async function createSecondDirector(cloud: CloudDescription, configFile: string, cacheFolder: string) {
  const environment = { OPENSTACK_CPI_CACHE_DIR: cacheFolder }
  const director = new Director({ configFile, directorUuid: otherDirectorUuid, environment })
  const createVm = async (networks: string): Promise<string> => {
    const made = await director.ask('create_vm', createVmArguments(cloud, { agent: 'agent-second', networks }))
    return (made as CreatedVm)[0]
  }
  const vm = await createVm('10.10.1.10')
  await director.ask('set_vm_metadata', [vm, { director: 'second', name: 'second/0' }])
  const disk = String(await director.ask('create_disk', [1024, {}, vm]))
  await director.ask('attach_disk', [vm, disk])
  const vms = [vm, await createVm('10.10.1.11')]
  return async (): Promise<void> => {
    await director.ask('detach_disk', [vm, disk])
    await director.ask('delete_disk', [disk])
    for (const id of vms) await director.ask('delete_vm', [id])
  }
}
