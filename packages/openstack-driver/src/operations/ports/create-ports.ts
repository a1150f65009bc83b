import type { DriverContext } from '../../driver-context.ts'
import { foundOrUndefined } from '../../http/openstack-error.ts'
import { collect } from '../../http/service-client.ts'
import { done, waitFor, waiting } from '../../http/waiter.ts'
import { metadataKey, originOf, originText } from '../../planning/creation-marks.ts'
import { resourceTags } from '../../planning/metadata.ts'
import { type NicPlan, type PortNic, portBody } from '../../planning/nic-plan.ts'
import { isNamed, isOnNetwork } from '../../planning/ownership.ts'
import { poolRecordTags } from '../../planning/pool-records.ts'
import { directorTag, groupTag, serverTag } from '../../planning/port-tags.ts'
import { portName } from '../../planning/server-names.ts'
import type { VmPlan } from '../../planning/vm-plan.ts'
import type { Rollback } from '../../rollback.ts'
import type { Port } from '../../services/network/ports.ts'
import { createRecognisable } from '../ambiguous-request.ts'
import { forEachInParallel } from '../in-parallel.ts'
import { withOptionalFields } from '../tolerant-request.ts'
import { withFreedAddresses } from './address-conflict.ts'
import { deletePort } from './delete-ports.ts'

/** A NIC and the port that was made for it; none where Nova makes it. */
export interface Nic {
  readonly plan: NicPlan
  readonly port: Port | undefined
}

/** Creates the ports of all NICs, side by side (driver spec §6.3). Each is removed again if the VM cannot be made. */
export function createPorts(ctx: DriverContext, rollback: Rollback, vmPlan: VmPlan): Promise<Nic[]> {
  return forEachInParallel(vmPlan.networks.nics, async (plan): Promise<Nic> => {
    if (plan.kind === 'server') return { plan, port: undefined }
    return { plan, port: await createPort(ctx, rollback, vmPlan, plan) }
  })
}

async function createPort(ctx: DriverContext, rollback: Rollback, vmPlan: VmPlan, plan: PortNic): Promise<Port> {
  // Neutron drops tags that are sent with a creation; a description it keeps.
  const body = portBody(plan, {
    name: portName(vmPlan.serverName, plan.networks[0]),
    description: originText({ ...originOf(ctx.call), [metadataKey.agentId]: vmPlan.request.agentId }),
    securityGroupIds: vmPlan.securityGroupIds,
  })
  const what = `port ${body.name}`
  return await withFreedAddresses(ctx, plan, vmPlan.vm.allowedAddressPairs, () =>
    createRecognisable(ctx, rollback, {
      what,
      label: ({ id }) => `port ${id}`,
      create: ({ services }) =>
        withOptionalFields(ctx, what, body, ['description'], (sent) => services.network.ports.create(sent)),
      find: async ({ services }) => {
        const listed = await collect(services.network.ports.list({ name: body.name, network_id: plan.networkId }))
        return listed.filter(isNamed(body.name)).filter(isOnNetwork(plan.networkId))
      },
      remove: (cleanup, { id }) => deletePort(cleanup, id),
    }),
  )
}

/**
 * After a server was removed to try the next zone: the same ports where they still exist, free to be bound again; new
 * ones where they were removed with the server (driver spec §6.8).
 */
export function renewPorts(
  ctx: DriverContext,
  rollback: Rollback,
  vmPlan: VmPlan,
  nics: readonly Nic[],
): Promise<Nic[]> {
  return forEachInParallel(nics, async ({ plan, port }): Promise<Nic> => {
    if (port === undefined || plan.kind === 'server') return { plan, port: undefined }
    const found = await unboundPort(ctx, port.id)
    if (found !== undefined) return { plan, port: found }
    ctx.log.info(`Port ${port.id} was removed with the failed server, creating a new one`)
    return { plan, port: await createPort(ctx, rollback, vmPlan, plan) }
  })
}

/** The port once Nova has unbound it; undefined when it does not exist any more. */
function unboundPort(ctx: DriverContext, id: string): Promise<Port | undefined> {
  return waitFor<Port, Port | undefined>(ctx.pace, {
    what: `Port \`${id}'`,
    target: 'unbound',
    poll: () => foundOrUndefined(ctx.services.network.ports.show(id)),
    state: ({ device_id }) => (device_id === '' ? 'unbound' : `bound to ${device_id}`),
    classify: (port) => (port.device_id === '' ? done(port) : waiting),
    whenGone: () => undefined,
  })
}

/** What a VM's ports say about it. */
export interface PortOwner {
  readonly serverId: string
  readonly groupId: string | undefined
  /** Pools that the VM is to join. */
  readonly poolIds: readonly string[]
}

/**
 * Tags a server's ports with its id, for once Nova has unbound them nothing else says whose they were; and with group and
 * pools, for the server's metadata disappears with the server. Best effort: a missing tag does not fail the call.
 */
export async function tagPorts(
  ctx: DriverContext,
  nics: readonly Nic[],
  { serverId, groupId, poolIds }: PortOwner,
): Promise<void> {
  if (!ctx.config.tagResources) return
  await forEachInParallel(nics, async ({ port }) => {
    if (port === undefined) return
    try {
      const group = groupId === undefined ? [] : [groupTag(groupId)]
      const pools = poolIds.flatMap((poolId, index) => poolRecordTags({ poolId }, index))
      const tags = resourceTags([serverTag(serverId), ...group, ...pools, directorTag(ctx.call.directorUuid)])
      await ctx.services.network.ports.setTags(port.id, tags)
    } catch (error) {
      ctx.log.warn(`Port ${port.id} could not be tagged with its server: ${String(error)}`)
    }
  })
}
