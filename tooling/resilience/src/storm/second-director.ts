import type { CloudDescription } from '@openstack-cpi/harness/cloud-description'
import { type CreatedVm, createVmArguments } from '@openstack-cpi/harness/create-vm'
import { Director } from '@openstack-cpi/harness/director'
import { TenantView } from '@openstack-cpi/harness/tenant'
import { otherDirectorUuid } from '../cpi-request.ts'

/** What a second director has in the same project: the storm and the search for leftovers must not touch it. */
export interface SecondDirector {
  /** Everything that it has, as `kind id`. */
  readonly owned: readonly string[]
  /** States of its resources now; the same as long as nothing has touched them. */
  state(): Promise<unknown>
  deleteResources(): Promise<void>
}

/** Creates a VM that the second director knows, with a disk, and a VM whose creation it does not know yet. */
export async function createSecondDirector(
  cloud: CloudDescription,
  configFile: string,
  cacheFolder: string,
): Promise<SecondDirector> {
  const environment = { OPENSTACK_CPI_CACHE_DIR: cacheFolder }
  const director = new Director({ configFile, directorUuid: otherDirectorUuid, environment })
  const createVm = async (ip: string): Promise<string> => {
    const params = { agent: 'agent-second', networks: ip }
    return ((await director.ask('create_vm', createVmArguments(cloud, params))) as CreatedVm)[0]
  }
  const vm = await createVm('10.10.1.10')
  await director.ask('set_vm_metadata', [vm, { director: 'second', name: 'second/0' }])
  const disk = String(await director.ask('create_disk', [1024, {}, vm]))
  await director.ask('attach_disk', [vm, disk])
  const vms = [vm, await createVm('10.10.1.11')]
  const view = await TenantView.login(cloud)
  const ports = (await Promise.all(vms.map((id) => view.portsOf(id)))).flat()
  return {
    owned: [...vms.map((id) => `servers ${id}`), ...ports.map(({ id }) => `ports ${id}`), `volumes ${disk}`],
    state: async () => {
      const later = await TenantView.login(cloud)
      const servers = await Promise.all(vms.map((id) => later.server(id)))
      const portsNow = await Promise.all(vms.map((id) => later.portsOf(id)))
      const volume = await later.volume(disk)
      return {
        servers: servers.map((server) => server?.['status']),
        ports: portsNow.flat().map(({ id }) => id),
        disk: volume?.['status'],
      }
    },
    deleteResources: async () => {
      await director.ask('detach_disk', [vm, disk])
      await director.ask('delete_disk', [disk])
      for (const id of vms) await director.ask('delete_vm', [id])
    },
  }
}
