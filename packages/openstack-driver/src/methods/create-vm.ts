import { CpiError, type CreatedVm, type CreateVm, vmCid } from '@openstack-cpi/cpi-core'
import type { DriverContext } from '../driver-context.ts'
import { hasStatus } from '../http/openstack-error.ts'
import { collect } from '../http/service-client.ts'
import { assignFloatingIp } from '../operations/floating-ip.ts'
import { joinPools } from '../operations/pools/join-pools.ts'
import { createPorts } from '../operations/ports/create-ports.ts'
import { ensureServerGroup } from '../operations/server-group.ts'
import { completedNetworks } from '../operations/servers/create-server.ts'
import type { NetworkPlan } from '../planning/network-plan.ts'
import { withRollback } from '../rollback.ts'
import { resolveVmRequest } from './create-vm/resolve-vm-request.ts'
import { createServerInSomeZone } from './create-vm/try-zones.ts'

/** Stemcells from this version on take their settings from user data (contract §5). */
const oldestStemcellApiVersion = 2

/**
 * Makes a VM and returns when it is active and reachable under all its addresses (driver spec §7.4). Everything is
 * checked before anything is made; what was made is removed in reverse order when a step fails.
 */
export async function createVm(ctx: DriverContext, request: CreateVm): Promise<CreatedVm> {
  refuseOldStemcell(ctx)
  const vmPlan = await resolveVmRequest(ctx, request)
  return withRollback(ctx, (rollback) =>
    withMissingNetworksNamed(ctx, vmPlan.networks, async () => {
      const group = await ensureServerGroup(ctx, rollback, vmPlan)
      const ports = await createPorts(ctx, rollback, vmPlan)
      const { server, nics } = await createServerInSomeZone(ctx, rollback, vmPlan, { nics: ports, group })
      await assignFloatingIp(ctx, rollback, vmPlan, nics, server.id)
      await joinPools(ctx, rollback, vmPlan, nics, server.id)
      return { vm: vmCid(server.id), networks: completedNetworks(ctx, vmPlan, nics) }
    }),
  )
}

/** Their agents need a registry, which neither directors nor this CPI run any more (contract §8.5). */
function refuseOldStemcell(ctx: DriverContext): void {
  const { stemcellApiVersion } = ctx.call
  if (stemcellApiVersion === undefined || stemcellApiVersion >= oldestStemcellApiVersion) return
  throw new CpiError(
    'CloudError',
    `The stemcell's API version ${stemcellApiVersion} is too old: its agent needs a registry. Use a stemcell of version ${oldestStemcellApiVersion} or later.`,
  )
}

/**
 * Runs a step; when the cloud answers 400 or 404, names the networks that do not exist: operators confuse ids of networks
 * and subnets (driver spec §7.4).
 */
async function withMissingNetworksNamed<R>(ctx: DriverContext, plan: NetworkPlan, step: () => Promise<R>): Promise<R> {
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
    ctx.log.warn(`Cannot check whether the networks exist: ${String(error)}`)
    return []
  }
}
