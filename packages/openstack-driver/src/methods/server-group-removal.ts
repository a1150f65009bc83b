import type { DriverContext } from '../driver-context.ts'
import { foundOrUndefined } from '../http/openstack-error.ts'

/**
 * Deletes a server group that has no members (driver spec §6.7). A VM that is being made for the group right now finds
 * it gone and makes it anew.
 */
export async function deleteServerGroupIfEmpty(ctx: DriverContext, id: string): Promise<void> {
  const { serverGroups } = ctx.services.compute
  const group = await foundOrUndefined(serverGroups.show(id))
  if (group === undefined || group.members.length > 0) return
  await foundOrUndefined(serverGroups.delete(id))
}
