import type { JsonObject } from '@openstack-cpi/cpi-core'
import { type Fixture, idIn, manualNetwork } from '../fixture.ts'
import type { Scenario } from '../scenario.ts'

/** The project that the CPI of the scenarios must never touch. */
export const otherProject = 'other'

/** Its login, as properties of `openstack`. */
export const otherLogin: JsonObject = {
  username: otherProject,
  project: otherProject,
  default_key_name: null,
  default_security_groups: [],
}

/** Gives the CPI's user the role of an administrator: Neutron and Octavia list the objects of all projects for it. */
export async function makeAdministrator({ cloud, idOf }: Pick<Fixture, 'cloud' | 'idOf'>): Promise<void> {
  const path = `projects/${cloud.projectId('bosh')}/users/${cloud.userId('bosh')}/roles/${idOf('roles', 'admin')}`
  const headers = { 'x-auth-token': await cloud.token('admin') }
  const { status } = await cloud.fetch(`${cloud.url}/identity/v3/${path}`, { method: 'PUT', headers })
  if (status !== 204) throw new Error(`preparing: the role was not given: ${status}`)
}

/** The same call with an administrator's login, while the director of the call also has resources in another project. */
export const asAdministrator = (scenario: Scenario): Scenario => ({
  ...scenario,
  given: async (fixture) => {
    await createResourcesOfOtherProject(fixture)
    await makeAdministrator(fixture)
    return await scenario.given(fixture)
  },
})

/**
 * What the director has in another project, with the addresses and names that the scenarios use too: VMs, finished and
 * not, a port without its server, a disk with a snapshot, a managed network.
 */
export async function createResourcesOfOtherProject(fixture: Fixture): Promise<void> {
  const call = (method: string, ...args: readonly unknown[]) => fixture.call(method, args, { openstack: otherLogin })
  const api = (path: string, body: object) => fixture.api('POST', path, body, otherProject)
  const network_id = idIn(await api('network/v2.0/networks', { network: { name: 'bosh-net' } }), 'network')
  await api('network/v2.0/subnets', { subnet: { network_id, ip_version: 4, cidr: '10.10.0.0/22' } })
  const createVm = async (ip: string): Promise<string> => {
    const network = manualNetwork(fixture, 'bosh-net', ip, { cloud_properties: { net_id: network_id } })
    const made = await call(
      'create_vm',
      'agent',
      fixture.idOf('images', 'tiny-image'),
      { instance_type: 'm1.tiny', server_group: { policy: 'soft-anti-affinity' } },
      { default: network },
      [],
      { bosh: { group: 'director-deployment-web' } },
    )
    return (made as [string])[0] // contract §6.4
  }
  await createVm('10.10.1.7')
  const finished = await createVm('10.10.1.8')
  await call('set_vm_metadata', finished, { deployment: 'cf', job: 'db', index: 0 })
  await fixture.api('DELETE', `compute/v2.1/servers/${await createVm('10.10.1.9')}`, undefined, otherProject)
  const disk = await call('create_disk', 1024, {}, finished)
  await call('snapshot_disk', disk, {})
  await call('create_network', {
    type: 'manual',
    range: '192.168.78.0/24',
    gateway: '192.168.78.1',
    cloud_properties: {},
  })
}
