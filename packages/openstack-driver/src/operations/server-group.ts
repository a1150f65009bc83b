import type { DriverContext } from '../driver-context.ts'
import { foundOrUndefined, isAmbiguous } from '../http/openstack-error.ts'
import { Patience, patienceLimits } from '../http/patience.ts'
import { collect } from '../http/service-client.ts'
import { invalidVm } from '../planning/invalid-vm.ts'
import { groupOfEnv } from '../planning/server-metadata.ts'
import type { ServerGroupPolicy } from '../planning/vm-cloud-properties.ts'
import type { VmPlan } from '../planning/vm-plan.ts'
import type { Rollback } from '../rollback/rollback.ts'
import type { ServerGroup } from '../services/compute/server-groups.ts'

const softPolicyMicroversion = '2.15'
const secondLookMs = 3_000

/** The group a VM asked for by `server_group`. */
export interface WantedGroup {
  readonly id: string
  /** A soft policy never keeps a VM from being made: without room in the group it boots outside of it. */
  readonly isSoft: boolean
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
  const group = (await oldestNamed(ctx, name)) ?? (await createGroup(ctx, rollback, name, params.policy))
  const policy = group.policy ?? group.policies?.[0] ?? params.policy
  if (policy !== params.policy) {
    ctx.log.warn(`Server group '${name}' exists with policy ${policy}, not ${params.policy}: using it as it is`)
  }
  return { id: group.id, isSoft: policy.startsWith('soft-') }
}

function groupName(directorUuid: string, envGroup: string | undefined): string {
  if (envGroup !== undefined) return `${directorUuid}-${envGroup}`.slice(0, 255)
  throw invalidVm("'server_group' needs a name, as this VM's env has no 'bosh.group' to make one of")
}

/** Creates the group, as often as it takes to know that it exists (driver spec §3.5). */
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
  const { clock, log, signal, config } = ctx
  const patience = new Patience({ clock, log, signal, ...patienceLimits(config) })
  for (;;) {
    try {
      const created = await ctx.services.compute.serverGroups.create({ name, policies: [policy] }, microversion)
      const withdraw = undoWhenEmpty(rollback, created.id)
      return await agreeOnOldest(ctx, created, withdraw)
    } catch (error) {
      if (!isAmbiguous(error)) throw error
      const made = await lookTwice(ctx, name)
      if (made !== undefined) {
        undoWhenEmpty(rollback, made.id)
        return made
      }
      await patience.beforeRepeating(`server group '${name}'`, error, secondLookMs)
    }
  }
}

/** Goes on although the call was told to end: a group that nobody knows of would never be removed. */
async function lookTwice(ctx: DriverContext, name: string): Promise<ServerGroup | undefined> {
  const settling = ctx.forCleanup()
  const made = await oldestNamed(settling, name)
  if (made !== undefined) return made
  await ctx.clock.sleep(secondLookMs, settling.signal)
  return oldestNamed(settling, name)
}

/** Two processes that found no group may both have made one. */
async function agreeOnOldest(ctx: DriverContext, created: ServerGroup, withdraw: () => void): Promise<ServerGroup> {
  const oldest = await oldestNamed(ctx, created.name)
  if (oldest === undefined || oldest.id === created.id) return created
  ctx.log.info(`Another process made server group '${created.name}' first, using ${oldest.id}`)
  await deleteServerGroupIfEmpty(ctx, created.id)
  withdraw()
  return oldest
}

/** The undo asks whether the group is empty, for another VM may have joined it in the meantime. */
function undoWhenEmpty(rollback: Rollback, id: string): () => void {
  return rollback.add(`server group ${id}`, (cleanup) => deleteServerGroupIfEmpty(cleanup, id))
}

/** Nova lists the oldest first. */
async function oldestNamed(ctx: DriverContext, name: string): Promise<ServerGroup | undefined> {
  const groups = await collect(ctx.services.compute.serverGroups.list())
  return groups.find((group) => group.name === name)
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
