import type { ServiceClient } from '../../http/service-client.ts'

/** -1 means unlimited. */
export interface ComputeLimits {
  readonly maxTotalInstances: number
  readonly totalInstancesUsed: number
  readonly maxTotalCores: number
  readonly totalCoresUsed: number
  /** MiB. */
  readonly maxTotalRAMSize: number
  readonly totalRAMUsed: number
  readonly maxServerMeta: number
  readonly maxServerGroups: number
  readonly maxServerGroupMembers: number
}

/** Nova's quotas and their use. https://docs.openstack.org/api-ref/compute/#limits-limits */
export const limits = (client: ServiceClient) => ({
  show: async (): Promise<ComputeLimits> =>
    (await client.get<{ absolute: ComputeLimits }>('limits', { pick: 'limits' })).absolute,
})
