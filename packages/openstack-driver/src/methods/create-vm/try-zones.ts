import type { DriverContext } from '../../driver-context.ts'
import { hasStatus, isQuota, OpenStackError } from '../../http/openstack-error.ts'
import { type Nic, renewPorts } from '../../operations/ports/create-ports.ts'
import { ensureServerGroup, type WantedGroup } from '../../operations/server-group.ts'
import { createServer } from '../../operations/servers/create-server.ts'
import type { VmPlan } from '../../planning/vm-plan.ts'
import type { Rollback, Undo } from '../../rollback/rollback.ts'
import type { Server } from '../../services/compute/servers.ts'

/** A server that is active, and the NICs it has. */
export interface RunningServer {
  readonly server: Server
  readonly nics: readonly Nic[]
}

/**
 * Tries zone after zone until a server becomes active (driver spec §6.8). Before the next zone the failed server is
 * removed completely, and the ports are made sure of. Throws the last zone's error.
 */
export async function createServerInSomeZone(
  ctx: DriverContext,
  rollback: Rollback,
  vmPlan: VmPlan,
  given: { readonly nics: readonly Nic[]; readonly group: WantedGroup | undefined },
): Promise<RunningServer> {
  let { nics, group } = given
  let groupsMade = 0
  const zones = [...vmPlan.zones]
  for (;;) {
    const [zone] = zones
    const attempt = new Attempt(rollback)
    try {
      return { server: await createServer(ctx, attempt, vmPlan, { nics, group, zone }), nics }
    } catch (error) {
      const groupVanished = group !== undefined && isGroupMissing(error, group.id) && groupsMade < 3
      if (!groupVanished) zones.shift()
      if (!groupVanished && (zones.length === 0 || !mayWorkElsewhere(error))) throw error
      ctx.log.warn(`Creating the server in zone '${zone ?? 'any'}' failed, trying again: ${String(error)}`)
      await attempt.undo(ctx)
      if (groupVanished) {
        group = await ensureServerGroup(ctx, rollback, vmPlan)
        groupsMade += 1
      }
      nics = await renewPorts(ctx, rollback, vmPlan, nics)
    }
  }
}

/** Another process removed the group when its last member went, between our look and our use of it. */
function isGroupMissing(error: unknown, groupId: string): boolean {
  return hasStatus(error, 400) && (error.fault?.message.includes(groupId) ?? false)
}

/** Quotas, rights and bad requests are the same in every zone; only an unknown zone is that zone's own fault. */
function mayWorkElsewhere(error: unknown): boolean {
  if (!(error instanceof OpenStackError) || isQuota(error)) return false
  if (hasStatus(error, 400)) return /availability.zone/i.test(error.fault?.message ?? '')
  return !['aborted', 'auth', 'config', 'unsupported'].includes(error.kind) && !hasStatus(error, 403, 404)
}

/** What one attempt made: part of the whole rollback, but removable on its own. */
class Attempt implements Rollback {
  readonly #whole: Rollback
  readonly #made: { readonly undo: Undo; readonly withdraw: () => void }[] = []

  constructor(whole: Rollback) {
    this.#whole = whole
  }

  add(label: string, undo: Undo): () => void {
    const withdraw = this.#whole.add(label, undo)
    this.#made.push({ undo, withdraw })
    return withdraw
  }

  /** Removes everything, last first. What cannot be removed stays registered with the whole, and its error is raised. */
  async undo(ctx: DriverContext): Promise<void> {
    for (const { undo, withdraw } of this.#made.splice(0).reverse()) {
      await undo(ctx)
      withdraw()
    }
  }
}
