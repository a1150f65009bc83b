import type { NetworkCid } from '@openstack-cpi/cpi-core'
import type { DriverContext } from '../driver-context.ts'
import { deleteWholeNetwork } from '../operations/delete-network.ts'
import { isResourceId } from '../planning/cids.ts'

/** `delete_network` (driver spec §7.21, contract §6.22). */
export async function deleteNetwork(ctx: DriverContext, network: NetworkCid): Promise<void> {
  if (isResourceId(network)) await deleteWholeNetwork(ctx, network)
  else ctx.log.info(`\`${network}' is no network id: nothing to delete`)
}
