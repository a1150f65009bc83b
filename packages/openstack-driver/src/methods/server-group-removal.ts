import type { DriverContext } from '../driver-context.ts'
import { foundOrUndefined } from '../http/openstack-error.ts'

/**
 * Deletes a server group that has no members (driver spec §6.7). Nova counts a server for a moment after its end: it is
 * named by `deletedServerId`. A VM that is being made for the group right now finds
 * it gone and makes it anew.
 */
export async function deleteServerGroupIfEmpty(
  ctx: DriverContext,
  id: string,
  deletedServerId?: string,
): Promise<void> {
  const { serverGroups } = ctx.services.compute
  const group = await foundOrUndefined(serverGroups.show(id))
  if (group === undefined || group.members.some((member) => member !== deletedServerId)) return
  await foundOrUndefined(serverGroups.delete(id))
}
