import type { ServiceClient } from '../../http/service-client.ts'

/** -1 means unlimited. */
export interface VolumeLimits {
  readonly maxTotalVolumes: number
  readonly totalVolumesUsed: number
  readonly maxTotalSnapshots: number
  readonly totalSnapshotsUsed: number
  /** GiB. */
  readonly maxTotalVolumeGigabytes: number
  readonly totalGigabytesUsed: number
}

/** Cinder's quotas and their use. https://docs.openstack.org/api-ref/block-storage/v3/#limits-limits */
export const volumeLimits = (client: ServiceClient) => ({
  show: async (): Promise<VolumeLimits> =>
    (await client.get<{ absolute: VolumeLimits }>('limits', { pick: 'limits' })).absolute,
})
