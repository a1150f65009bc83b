import type { CloudDescription, Tenant } from '@openstack-cpi/harness/cloud-description'
import { TenantView } from '@openstack-cpi/harness/tenant'

/** States in which somebody is at work, and a service that is restarted in between may leave things for ever. */
const passingVolumeStates = new Set(['creating', 'attaching', 'detaching', 'reserved', 'deleting', 'extending'])

/** So long work may take on a cloud that has become calm, s. */
const patienceS = 60

/**
 * The cloud's own operator. Restarting a service loses the messages under way: a volume may stay `detaching`, a server
 * busy, with nobody at work on it. No tenant can mend that; the operator sets such things back, as `cinder reset-state`
 * and `nova reset-state` do. What was set back is told: it must stay the exception.
 */
export class CloudOperator {
  readonly #cloud: CloudDescription

  constructor(cloud: CloudDescription) {
    this.#cloud = cloud
  }

  /** Waits until nothing in the tenant is under way any more, and sets back what does not come to its end. */
  async setBackStuck(tenant: Tenant): Promise<readonly string[]> {
    const view = await TenantView.login(this.#cloud, tenant)
    for (let waitedS = 0; waitedS < patienceS; waitedS++) {
      if ((await underWay(view)).length === 0) return []
      await new Promise((resolve) => setTimeout(resolve, 1000)) // another system: it can only be asked
    }
    const admin = await this.#admin(view.projectId)
    const stuck = await underWay(view)
    for (const { service, path, action } of stuck) {
      const { status } = await admin.request('POST', service, `${path}/action`, action)
      if (status !== 202) throw new Error(`${path} could not be set back: HTTP ${status}`)
    }
    return stuck.map(({ path }) => path)
  }

  /** The administrator in the tenant's project, as Cinder's paths name it. */
  async #admin(projectId: string): Promise<TenantView> {
    const { admin, user } = this.#cloud
    if (admin === undefined) throw new Error('the description of the cloud names no administrator')
    const project = projectId === user.project_id ? user.project : admin.project
    return TenantView.login(this.#cloud, { name: admin.user, password: admin.password, project, project_id: projectId })
  }
}

interface Stuck {
  readonly service: string
  readonly path: string
  /** The administrator's action that ends the work. */
  readonly action: unknown
}

async function underWay(view: TenantView): Promise<readonly Stuck[]> {
  const [servers, volumes] = await Promise.all([
    view.list('compute', 'servers/detail', 'servers'),
    view.list('volumev3', 'volumes/detail', 'volumes'),
  ])
  const busyServers = servers.filter(({ status, 'OS-EXT-STS:task_state': task }) => task !== null || status === 'BUILD')
  const busyVolumes = volumes.filter(({ status }) => passingVolumeStates.has(String(status)))
  return [
    ...busyServers.map(({ id }) => ({
      service: 'compute',
      path: `servers/${id}`,
      action: { 'os-resetState': { state: 'error' } },
    })),
    ...busyVolumes.map(({ id }) => ({
      service: 'volumev3',
      path: `volumes/${id}`,
      action: { 'os-reset_status': { status: 'available', attach_status: 'detached' } },
    })),
  ]
}
