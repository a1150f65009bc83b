import { CpiError } from '@openstack-cpi/cpi-core'
import type { DriverContext } from '../../driver-context.ts'
import { hasStatus } from '../../http/openstack-error.ts'
import { collect } from '../../http/service-client.ts'
import type { NetworkPlan } from '../../planning/network-plan.ts'

/**
 * Runs a step; when the cloud says 400 or 404, looks whether the networks exist at all and says so in words that help:
 * operators mix up networks and subnets (driver spec §7.4).
 */
export async function withMissingNetworksNamed<R>(
  ctx: DriverContext,
  plan: NetworkPlan,
  step: () => Promise<R>,
): Promise<R> {
  try {
    return await step()
  } catch (error) {
    if (!hasStatus(error, 400, 404)) throw error
    const missing = await missingNetworkIds(ctx, plan)
    if (missing.length === 0) throw error
    throw new CpiError(
      'VmCreationFailed',
      `Following network IDs are not existing or not accessible from this project: ${missing.join(', ')}. Make sure you do not use subnet IDs. (${error.message})`,
      { cause: error, okToRetry: false },
    )
  }
}

async function missingNetworkIds(ctx: DriverContext, plan: NetworkPlan): Promise<string[]> {
  const ids = plan.nics.flatMap(({ networkId }) => (networkId === undefined ? [] : [networkId]))
  if (ids.length === 0) return []
  try {
    const found = new Set((await collect(ctx.services.network.networks.list({ id: ids }))).map(({ id }) => id))
    return ids.filter((id) => !found.has(id))
  } catch (error) {
    ctx.log.warn(`Could not look whether the networks exist: ${String(error)}`)
    return []
  }
}
