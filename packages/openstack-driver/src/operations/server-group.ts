import type { DriverContext } from '../driver-context.ts'
import { foundOrUndefined } from '../http/openstack-error.ts'
import { collect } from '../http/service-client.ts'
import { metadataKey } from '../planning/creation-marks.ts'
import { invalidVm } from '../planning/invalid-vm.ts'
import { groupOfEnv } from '../planning/metadata.ts'
import { isNamed } from '../planning/ownership.ts'
import type { ServerGroupPolicy } from '../planning/vm-cloud-properties.ts'
import type { VmPlan } from '../planning/vm-plan.ts'
import type { Rollback } from '../rollback.ts'
import type { ServerGroup } from '../services/compute/server-groups.ts'
import { createRecognisable } from './ambiguous-request.ts'

const softPolicyMicroversion = '2.15'

/** The group a VM asked for by `server_group`. */
export interface WantedGroup {
  readonly id: string
  /** A soft policy never keeps a VM from being made: without room in the group it boots outside of it. */
  readonly isSoft: boolean
  /**
   * The CPI made it, so that it is removed with its last member. `unknown`: it had no member yet, so that it is either an
   * operator's, or another call has just made it for a VM that is to come.
   */
  readonly isOnDemand: boolean | 'unknown'
}

/**
 * The server group by name, made if there is none (driver spec §6.7). Names are not unique, so processes that make it at
 * the same time agree on the oldest. Undefined when the VM asked for none, or names one by `scheduler_hints.group`.
 */
export async function ensureServerGroup(
  ctx: DriverContext,
  rollback: Rollback,
  { vm, request }: VmPlan,
): Promise<WantedGroup | undefined> {
  const params = vm.serverGroup
  if (params === undefined) return undefined
  if (vm.schedulerHints['group'] !== undefined) {
    ctx.log.warn("'scheduler_hints.group' is set: 'server_group' is ignored")
    return undefined
  }
  const name = params.name ?? groupName(ctx.call.directorUuid, groupOfEnv(request.env))
  const [existing] = await groupsNamed(ctx, name)
  const group = existing ?? (await createGroup(ctx, rollback, name, params.policy))
  const policy = group.policy ?? group.policies?.[0] ?? params.policy
  if (policy !== params.policy) {
    ctx.log.warn(`Server group '${name}' exists with policy ${policy}, not ${params.policy}: using it as it is`)
  }
  const isOnDemand =
    existing === undefined || params.name === undefined || (await wasMadeOnDemand(ctx, existing.id, existing.members))
  return { id: group.id, isSoft: policy.startsWith('soft-'), isOnDemand }
}

/**
 * A group that exists already with a name of the operator's choice is the operator's, with a policy that a group made anew
 * would not have; unless a VM in it says that the CPI made the group.
 */
async function wasMadeOnDemand(
  ctx: DriverContext,
  groupId: string,
  members: readonly string[],
): Promise<boolean | 'unknown'> {
  for (const member of members) {
    const server = await foundOrUndefined(ctx.services.compute.servers.show(member))
    if (server !== undefined) return server.metadata[metadataKey.serverGroup] === groupId
  }
  return 'unknown'
}

/**
 * The same of a group that had no members, once a server has been made in it: the VM for which another call made the group
 * is there by now.
 */
export async function isOnDemandByNow(ctx: DriverContext, groupId: string, serverId: string): Promise<boolean> {
  const found = await foundOrUndefined(ctx.services.compute.serverGroups.show(groupId))
  const others = found?.members.filter((member) => member !== serverId) ?? []
  return (await wasMadeOnDemand(ctx, groupId, others)) === true
}

function groupName(directorUuid: string, envGroup: string | undefined): string {
  if (envGroup !== undefined) return `${directorUuid}-${envGroup}`.slice(0, 255)
  throw invalidVm("'server_group' needs a name, as this VM's env has no 'bosh.group' to make one of")
}

/** Creates the group (driver spec §3.5). */
async function createGroup(
  ctx: DriverContext,
  rollback: Rollback,
  name: string,
  policy: ServerGroupPolicy,
): Promise<ServerGroup> {
  const microversion = policy.startsWith('soft-') ? softPolicyMicroversion : undefined
  if (microversion !== undefined && !(await ctx.services.compute.supports(microversion))) {
    throw invalidVm(`Server group policy '${policy}' needs Nova microversion ${microversion}, which this cloud has not`)
  }
  // No group had this name before: one that has it now was created by this call, or by a concurrent call for the same
  // group.
  const created = await createRecognisable<ServerGroup>(ctx, rollback, {
    what: `server group '${name}'`,
    label: ({ id }) => `server group ${id}`,
    create: ({ services }) => services.compute.serverGroups.create({ name, policies: [policy] }, microversion),
    find: (ctx) => groupsNamed(ctx, name),
    // Another VM may have joined it in the meantime.
    remove: (cleanup, { id }) => deleteServerGroupIfEmpty(cleanup, id),
  })
  return await agreeOnOldest(ctx, created)
}

/** Two processes that found no group may both have made one. The undo of the newer one finds it gone. */
async function agreeOnOldest(ctx: DriverContext, created: ServerGroup): Promise<ServerGroup> {
  const [oldest] = await groupsNamed(ctx, created.name)
  if (oldest === undefined || oldest.id === created.id) return created
  ctx.log.info(`Another process made server group '${created.name}' first, using ${oldest.id}`)
  await deleteServerGroupIfEmpty(ctx, created.id)
  return oldest
}

/** The groups of a name, the oldest first, as Nova lists them. */
async function groupsNamed(ctx: DriverContext, name: string): Promise<ServerGroup[]> {
  return (await collect(ctx.services.compute.serverGroups.list())).filter(isNamed(name))
}

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
