import type { VmCid } from '@openstack-cpi/cpi-core'
import type { DriverContext } from '../driver-context.ts'
import { firstPollsMs } from '../http/first-polls.ts'
import { foundOrUndefined, isConflict, isNotFound, OpenStackError } from '../http/openstack-error.ts'
import { done, failed, type Pace, waitFor, waiting } from '../http/waiter.ts'
import { sendNonIdempotent } from '../operations/ambiguous-request.ts'
import { serverIdOf, vmNotFound } from '../planning/cids.ts'
import { isServerDeleted, type Server, taskOf } from '../services/compute/servers.ts'

/**
 * Gets a VM running again, from any state (driver spec §7.7). Returns when it is active; the OS may still
 * be starting. Throws `VmNotFound`.
 */
export async function rebootVm(ctx: DriverContext, vm: VmCid): Promise<void> {
  const id = serverIdOf(vm)
  const { servers } = ctx.services.compute
  const server = await foundOrUndefined(servers.show(id))
  if (server === undefined || isServerDeleted(server)) throw vmNotFound(id)
  try {
    if (server.status === 'ACTIVE') await rebootSoftly(ctx, server)
    else await wake(ctx, server)
  } catch (error) {
    throw isNotFound(error) ? vmNotFound(id, error) : error
  }
}

/** A hung guest does not follow a soft reboot, and not every hypervisor falls back to a hard one. */
async function rebootSoftly(ctx: DriverContext, before: Server): Promise<void> {
  const { servers } = ctx.services.compute
  await change(ctx, before, () => servers.reboot(before.id, 'SOFT'))
  const pace = { ...ctx.pace, timeoutMs: Math.min(ctx.config.forceHardRebootAfterMs, ctx.pace.timeoutMs) }
  try {
    await waitUntilRunning(ctx, before.id, pace)
  } catch (error) {
    if (!(error instanceof OpenStackError) || error.kind !== 'wait-timeout') throw error
    ctx.log.warn(`Server \`${before.id}' did not reboot softly within ${pace.timeoutMs / 1000} s, rebooting it hard`)
    await rebootHard(ctx, before)
  }
}

async function rebootHard(ctx: DriverContext, before: Server): Promise<void> {
  await change(ctx, before, () => ctx.services.compute.servers.reboot(before.id, 'HARD'))
  await waitUntilRunning(ctx, before.id, ctx.pace)
}

/** The action that gets a server running from a state; from any other state a hard reboot does. */
const wakingActions: Readonly<Record<string, 'start' | 'unpause' | 'resume' | 'unshelve' | 'unrescue'>> = {
  SHUTOFF: 'start',
  PAUSED: 'unpause',
  SUSPENDED: 'resume',
  SHELVED: 'unshelve',
  SHELVED_OFFLOADED: 'unshelve',
  RESCUE: 'unrescue',
}

async function wake(ctx: DriverContext, server: Server): Promise<void> {
  const action = wakingActions[server.status]
  if (action === undefined) return await rebootHard(ctx, server)
  await change(ctx, server, () => ctx.services.compute.servers[action](server.id))
  await waitUntilRunning(ctx, server.id, ctx.pace)
}

/**
 * Waits until the server is active and idle: Nova writes the task into its database before it answers, so an idle server
 * has done what it was told. A server in `ERROR` shows that until the task which gets it out is over.
 */
async function waitUntilRunning(ctx: DriverContext, id: string, pace: Pace): Promise<void> {
  await waitFor<Server, void>(pace, {
    what: `Server \`${id}'`,
    target: 'active',
    firstPollMs: firstPollsMs.serverRebooted,
    poll: () => foundOrUndefined(ctx.services.compute.servers.show(id)),
    state: (server) => `${server.status.toLowerCase()} (${taskOf(server) ?? 'idle'})`,
    classify: (server) => {
      if (isServerDeleted(server)) return failed()
      if (taskOf(server) !== undefined) return waiting
      if (server.status === 'ERROR') return failed(server.fault?.message)
      return server.status === 'ACTIVE' ? done(undefined) : waiting
    },
  })
}

/** Sends an action that must not be repeated blindly. One that Nova is at work on already counts as sent. */
async function change(ctx: DriverContext, before: Server, act: () => Promise<void>): Promise<void> {
  const { servers } = ctx.services.compute
  const tookEffect = async () => {
    const now = await servers.show(before.id)
    return taskOf(now) !== undefined || now.status !== before.status || now.updated !== before.updated
  }
  try {
    await sendNonIdempotent(ctx, `the action on server ${before.id}`, act, tookEffect)
  } catch (error) {
    if (
      !isConflict(error) ||
      !/task_state (reboot|power|start|unpaus|resum|unshelv|unrescu)/i.test(error.fault?.message ?? '')
    )
      throw error
    ctx.log.info(`Server \`${before.id}' is changing already: ${error.message}`)
  }
}
