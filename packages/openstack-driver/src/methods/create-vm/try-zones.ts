import { messageOf } from '@openstack-cpi/cpi-core'
import type { DriverContext } from '../../driver-context.ts'
import { hasStatus, isQuota, OpenStackError } from '../../http/openstack-error.ts'
import { type Nic, renewPorts } from '../../operations/ports/create-ports.ts'
import { ensureServerGroup, type WantedGroup } from '../../operations/server-group.ts'
import { prepareBootDisk } from '../../operations/servers/boot-volume.ts'
import { createServer } from '../../operations/servers/create-server.ts'
import type { VmPlan } from '../../planning/vm-plan.ts'
import type { Rollback, Undo } from '../../rollback.ts'
import type { Server } from '../../services/compute/servers.ts'

/** A server that is active, and the NICs it has. */
export interface RunningServer {
  readonly server: Server
  readonly nics: readonly Nic[]
}

/**
 * Tries zone after zone until a server becomes active (driver spec §6.8). Before the next zone the failed server is
 * removed completely, and the ports are checked. Throws the last zone's error; when a failed server cannot be removed,
 * that of its zone, for it still has the ports.
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
  const orphanedDisks: Attempt[] = []
  for (;;) {
    const [zone] = zones
    const forDisk = new Attempt(rollback)
    const forServer = new Attempt(rollback)
    try {
      const disk = await prepareBootDisk(ctx, forDisk, vmPlan, zone)
      const server = await createServer(ctx, forServer, vmPlan, { nics, group, zone, disk })
      for (const orphaned of orphanedDisks) await orphaned.undo(ctx.forCleanup())
      return { server, nics }
    } catch (error) {
      const groupVanished = group !== undefined && isGroupMissing(error, group.id) && groupsMade < 3
      if (!groupVanished) zones.shift()
      if (!groupVanished && (zones.length === 0 || !mayWorkElsewhere(error))) throw error
      ctx.log.warn(`Creating the server in zone '${zone ?? 'any'}' failed, trying again: ${String(error)}`)
      if (!(await forServer.undo(ctx))) throw error
      // A boot volume that stays keeps nothing from the next attempt; its removal is tried once more at the end.
      if (!(await forDisk.undo(ctx))) orphanedDisks.push(forDisk)
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
  return (
    !['aborted', 'auth', 'config', 'foreign-answer', 'unsupported'].includes(error.kind) && !hasStatus(error, 403, 404)
  )
}

/** What one attempt made: part of the whole rollback, but removable on its own. */
class Attempt implements Rollback {
  readonly #whole: Rollback
  readonly #made: { readonly label: string; readonly undo: Undo; readonly withdraw: () => void }[] = []

  constructor(whole: Rollback) {
    this.#whole = whole
  }

  add(label: string, undo: Undo): () => void {
    const entry = { label, undo, withdraw: this.#whole.add(label, undo) }
    this.#made.push(entry)
    return () => {
      entry.withdraw()
      this.#made.splice(this.#made.indexOf(entry), 1)
    }
  }

  /**
   * Removes everything, last first, until something cannot be removed: that is logged, and stays registered here and with
   * the whole.
   * @returns whether everything was removed
   */
  async undo(ctx: DriverContext): Promise<boolean> {
    for (let entry = this.#made.at(-1); entry !== undefined; entry = this.#made.at(-1)) {
      try {
        await entry.undo(ctx)
      } catch (error) {
        ctx.log.error(`Removing ${entry.label} failed: ${messageOf(error)}`)
        return false
      }
      entry.withdraw()
      this.#made.pop()
    }
    return true
  }
}
