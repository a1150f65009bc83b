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
  if (cloud.admin === undefined) throw new Error('the description of the cloud names no administrator')
  const { user: name, password, project } = cloud.admin
  // In the user's project, as Cinder's paths name it.
  const own = tenant.project_id === cloud.user.project_id ? tenant.project : project
  const admin = await TenantView.login(cloud, { ...tenant, name, password, project: own })
  const stuck = await inProgress(view)
  for (const [service, path, action] of stuck) {
    const { status } = await admin.request('POST', service, `${path}/action`, action)
    if (status !== 202) throw new Error(`${path} could not be reset: HTTP ${status}`)
  }
  return stuck.map(([, path]) => path)
}

const serverReset = { 'os-resetState': { state: 'error' } }
const volumeReset = { 'os-reset_status': { status: 'available', attach_status: 'detached' } }

/** Service and path of everything that is in progress, and the administrator's action that resets it. */
async function inProgress(view: TenantView): Promise<readonly (readonly [string, string, object])[]> {
  const [servers, volumes] = await Promise.all([
    view.list('compute', 'servers/detail', 'servers'),
    view.list('volumev3', 'volumes/detail', 'volumes'),
  ])
  const busyServers = servers.filter(({ status, 'OS-EXT-STS:task_state': task }) => task !== null || status === 'BUILD')
  const ids = new Set(servers.map(({ id }) => id))
  const isGone = (attachment: unknown): boolean => !ids.has(Object(attachment).server_id)
  const busyVolumes = volumes.filter(
    ({ status, attachments }) =>
      transientVolumeStates.has(String(status)) || (status === 'in-use' && (attachments as unknown[]).every(isGone)),
  )
  return [
    ...busyServers.map(({ id }) => ['compute', `servers/${id}`, serverReset] as const),
    ...busyVolumes.map(({ id }) => ['volumev3', `volumes/${id}`, volumeReset] as const),
  ]
}
