import type { CloudDescription, Tenant } from '@openstack-cpi/harness/cloud-description'
import { TenantView } from '@openstack-cpi/harness/tenant'

/** Transient states; a service that restarts in between may leave a volume in one of them. */
const transientVolumeStates = new Set(['creating', 'attaching', 'detaching', 'reserved', 'deleting', 'extending'])

/** Time that transitions may take once all services are up, s. */
const settlingTimeS = 60

/**
 * Waits until nothing in the project is in progress, and resets what stays in a transient state, as the operator of the cloud
 * does by `cinder reset-state` and `nova reset-state`. A restart of a service loses the messages in progress: a volume may stay
 * `detaching`, a server busy. Nova deletes a server although it cannot tell Cinder, and its volumes stay `in-use`. The CPI cannot
 * fix that.
 * @returns what was reset: it must stay the exception
 */
export async function resetStuck(cloud: CloudDescription, tenant: Tenant): Promise<readonly string[]> {
  const view = await TenantView.login(cloud, tenant)
  for (let waitedS = 0; waitedS < settlingTimeS; waitedS++) {
    if ((await inProgress(view)).length === 0) return []
    await new Promise((resolve) => setTimeout(resolve, 1000)) // another system: it can only be polled
  }
  const admin = await administrator(cloud, view.login.projectId)
  const stuck = await inProgress(view)
  for (const { service, path, action } of stuck) {
    const { status } = await admin.request('POST', service, `${path}/action`, action)
    if (status !== 202) throw new Error(`${path} could not be reset: HTTP ${status}`)
  }
  return stuck.map(({ path }) => path)
}

/** The administrator in the user's project, as Cinder's paths name it. */
async function administrator(cloud: CloudDescription, project_id: string): Promise<TenantView> {
  const { admin, user } = cloud
  if (admin === undefined) throw new Error('the description of the cloud names no administrator')
  const project = project_id === user.project_id ? user.project : admin.project
  return TenantView.login(cloud, { name: admin.user, password: admin.password, project, project_id })
}

interface Stuck {
  readonly service: string
  readonly path: string
  /** The administrator's action that resets it. */
  readonly action: unknown
}

/** As Cinder shows them. */
type Attachments = readonly { readonly server_id: string }[]

async function inProgress(view: TenantView): Promise<readonly Stuck[]> {
  const [servers, volumes] = await Promise.all([
    view.list('compute', 'servers/detail', 'servers'),
    view.list('volumev3', 'volumes/detail', 'volumes'),
  ])
  const busyServers = servers.filter(({ status, 'OS-EXT-STS:task_state': task }) => task !== null || status === 'BUILD')
  const ids = new Set(servers.map(({ id }) => id))
  const busyVolumes = volumes.filter(
    ({ status, attachments }) =>
      transientVolumeStates.has(String(status)) ||
      (status === 'in-use' && (attachments as Attachments).every(({ server_id: id }) => !ids.has(id))),
  )
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
