import type { Call } from '../../kernel/call.ts'
import { ok } from '../../kernel/reply.ts'
import type { Route } from '../../kernel/service.ts'
import { usedGigabytes, usedSnapshots, usedVolumes } from './quota-check.ts'

const show = (call: Call) => {
  const { context } = call
  const projectId = projectOf(call)
  const limit = (resource: string) => context.quotas.limit('block-storage', projectId, resource)
  return ok({
    limits: {
      rate: [],
      absolute: {
        maxTotalVolumes: limit('volumes'),
        maxTotalSnapshots: limit('snapshots'),
        maxTotalVolumeGigabytes: limit('gigabytes'),
        maxTotalBackups: limit('backups'),
        maxTotalBackupGigabytes: limit('backup_gigabytes'),
        totalVolumesUsed: usedVolumes(context, projectId),
        totalGigabytesUsed: usedGigabytes(context, projectId),
        totalSnapshotsUsed: usedSnapshots(context, projectId),
        totalBackupsUsed: 0,
        totalBackupGigabytesUsed: 0,
      },
    },
  })
}

/** Administrators may ask for the limits of another project, from 3.39 on. */
const projectOf = (call: Call): string => {
  if (!call.isAdmin || !call.microversion.atLeast('3.39')) return call.projectId
  return call.query.get('project_id') ?? call.query.get('tenant_id') ?? call.projectId
}

/** https://docs.openstack.org/api-ref/block-storage/v3/#limits-limits */
export const limitRoutes: readonly Route[] = [
  { method: 'GET', path: '/limits', operation: 'limits.show', handle: show },
]
