import { CpiError, completeNetworks, createAgentSettings, readAgentConfig } from '@openstack-cpi/cpi-core'
import type { DriverContext } from '../../driver-context.ts'
import { during, hasStatus, isQuota, OpenStackError } from '../../http/openstack-error.ts'
import { metadataKey } from '../../planning/creation-marks.ts'
import { creationMetadata, resourceTags } from '../../planning/metadata.ts'
import { isNamed } from '../../planning/ownership.ts'
import { poolMetadataKey } from '../../planning/pool-records.ts'
import type { VmPlan } from '../../planning/vm-plan.ts'
import { encodeUserData } from '../../planning/vm-plan.ts'
import type { Rollback } from '../../rollback.ts'
import {
  type CreatedServer,
  isMetadataQuota,
  type Server,
  type ServerCreate,
  waitForServer,
} from '../../services/compute/servers.ts'
import { createRecognisable } from '../ambiguous-request.ts'
import { inParallel } from '../in-parallel.ts'
import { type Nic, tagPorts } from '../ports/create-ports.ts'
import { isOnDemandByNow, type WantedGroup } from '../server-group.ts'
import { whenVisible } from '../tolerant-request.ts'
import type { BootDisk } from './boot-volume.ts'
import { removeServer } from './delete-server.ts'

const tagsMicroversion = '2.52'

/** One attempt at a server. */
export interface ServerAttempt {
  readonly nics: readonly Nic[]
  readonly group: WantedGroup | undefined
  /** Nova's zone; undefined lets it choose. */
  readonly zone: string | undefined
  readonly disk: BootDisk
}

/** Creates the server and waits until it is active (driver spec §7.4). It is removed again if the VM cannot be made. */
export async function createServer(
  ctx: DriverContext,
  rollback: Rollback,
  vmPlan: VmPlan,
  attempt: ServerAttempt,
): Promise<Server> {
  const { disk } = attempt
  const tags = await supportedTags(ctx, vmPlan.vm.tags)
  const microversion = disk.microversion ?? (tags.length > 0 ? tagsMicroversion : undefined)
  const server: ServerCreate = {
    ...serverBody(ctx, vmPlan, attempt, microversion),
    ...(disk.mapping === undefined ? { imageRef: vmPlan.image.id } : { block_device_mapping_v2: disk.mapping }),
    ...(tags.length === 0 ? {} : { tags }),
  }
  const { id } = await postServer(ctx, rollback, vmPlan, server, attempt, microversion).catch((error: unknown) => {
    throw during(describe(vmPlan, attempt), error)
  })
  const { group } = attempt
  const tag = (groupId: string | undefined) =>
    tagPorts(ctx, attempt.nics, { serverId: id, groupId, poolIds: vmPlan.pools.map(({ pool }) => pool.id) })
  const [active] = await inParallel([
    () => waitForActive(ctx, id),
    () => tag(group?.isOnDemand === true ? group.id : undefined),
  ])
  if (group?.isOnDemand === 'unknown' && (await isOnDemandByNow(ctx, group.id, id))) {
    await inParallel([
      () => ctx.services.compute.servers.setMetadata(id, { [metadataKey.serverGroup]: group.id }),
      () => tag(group.id),
    ])
  }
  return active
}

/** Nova's refusals rarely say which of the names in the request is wrong. */
const describe = ({ serverName, flavor, keyName }: VmPlan, { zone }: ServerAttempt): string =>
  `server ${serverName} with flavor '${flavor.name}'${keyName === undefined ? '' : `, key pair '${keyName}'`}` +
  ` in ${zone === undefined ? 'any availability zone' : `availability zone '${zone}'`}`

/** A quota that Nova met only while it built the server shows up as a fault; another try would meet it again. */
async function waitForActive(ctx: DriverContext, id: string): Promise<Server> {
  try {
    return await waitForServer(ctx.services.compute.servers, id, ctx.pace)
  } catch (error) {
    if (!(error instanceof OpenStackError) || error.kind !== 'unexpected-state') throw error
    if (!/quota|LimitExceeded/i.test(error.message)) throw error
    throw new CpiError('VmCreationFailed', error.message, { cause: error, okToRetry: false })
  }
}

async function supportedTags(ctx: DriverContext, wanted: readonly string[]): Promise<readonly string[]> {
  const tags = resourceTags(wanted)
  if (tags.length === 0 || (await ctx.services.compute.supports(tagsMicroversion))) return tags
  ctx.log.warn(`Tags of servers need Nova microversion ${tagsMicroversion}, which this cloud has not: left out`)
  return []
}

function serverBody(
  ctx: DriverContext,
  vmPlan: VmPlan,
  { nics, group, zone }: ServerAttempt,
  microversion: string | undefined,
): ServerCreate {
  const { request, serverName, flavor, keyName } = vmPlan
  const networks = nics.flatMap(toServerNetwork)
  const metadata = serverMetadata(ctx, vmPlan, group)
  return {
    name: serverName,
    flavorRef: flavor.id,
    ...(keyName === undefined ? {} : { key_name: keyName }),
    ...(zone === undefined ? {} : { availability_zone: zone }),
    user_data: encodeUserData(
      createAgentSettings({
        vmName: serverName,
        agentId: request.agentId,
        networks: request.networks,
        completedNetworks: completedNetworks(ctx, vmPlan, nics),
        ephemeralDisk: vmPlan.ephemeralDevice,
        env: request.env,
        config: readAgentConfig(ctx.agent),
      }),
    ),
    ...(vmPlan.hasConfigDrive ? { config_drive: true } : {}),
    ...(vmPlan.securityGroupIds.length === 0 || isWithoutPortSecurity(nics)
      ? {}
      : { security_groups: vmPlan.securityGroupIds.map((name) => ({ name })) }),
    ...(networks.length > 0 ? { networks } : implicitNetworks(microversion)),
    metadata: { ...metadata.operators, ...metadata.ours },
  }
}

/**
 * Whether all groups are on the ports already, and Nova must not be given any: it refuses them for the whole server
 * when one of its networks has no port security.
 */
function isWithoutPortSecurity(nics: readonly Nic[]): boolean {
  return (
    nics.every(({ plan }) => plan.kind === 'port') &&
    nics.some(({ plan }) => plan.kind === 'port' && plan.portSecurity === false)
  )
}

/** Nothing for the NIC on "the only network", which Nova makes unasked. */
function toServerNetwork({ plan, port }: Nic): ({ port: string } | { uuid: string })[] {
  if (port !== undefined) return [{ port: port.id }]
  return plan.networkId === undefined ? [] : [{ uuid: plan.networkId }]
}

/** From 2.37 on Nova wants to be told even that it may choose. */
function implicitNetworks(microversion: string | undefined): Pick<ServerCreate, 'networks'> {
  return microversion === undefined ? {} : { networks: 'auto' }
}

/** The `networks` argument with each NIC's MAC. */
export function completedNetworks(ctx: DriverContext, { request }: VmPlan, nics: readonly Nic[]) {
  const macByNetwork = new Map(
    nics.flatMap(({ plan, port }) =>
      port === undefined ? [] : plan.networks.map((name) => [name, port.mac_address] as const),
    ),
  )
  return completeNetworks(request.networks, { useDhcp: ctx.config.useDhcp, macByNetwork })
}

function serverMetadata(ctx: DriverContext, vmPlan: VmPlan, group: WantedGroup | undefined) {
  const { request, serverName, vm, pools } = vmPlan
  const { directorUuid, requestId } = ctx.call
  const { operators, ours } = creationMetadata({
    origin: { directorUuid, agentId: request.agentId, ...(requestId === undefined ? {} : { requestId }) },
    serverName,
    env: request.env,
    cloudProperties: vm.metadata,
    humanReadableNames: ctx.config.humanReadableVmNames,
  })
  return {
    operators,
    ours: {
      ...ours,
      ...(group?.isOnDemand === true ? { [metadataKey.serverGroup]: group.id } : {}),
      ...(vmPlan.bootSource.kind === 'volume' ? { [metadataKey.bootVolume]: 'true' } : {}),
      // Written before the members exist, so that they are found even if this process dies between the two.
      ...Object.fromEntries(pools.map(({ pool }, index) => [poolMetadataKey(index), pool.id])),
    },
  }
}

async function postServer(
  ctx: DriverContext,
  rollback: Rollback,
  vmPlan: VmPlan,
  server: ServerCreate,
  { group, nics }: ServerAttempt,
  microversion: string | undefined,
): Promise<{ readonly id: string }> {
  const { serverName } = vmPlan
  const plainHints = vmPlan.vm.schedulerHints
  const hints = group === undefined ? plainHints : { ...plainHints, group: group.id }
  const post = (body: ServerCreate, given: typeof hints) =>
    createRecognisable<CreatedServer>(ctx, rollback, {
      what: `server ${serverName}`,
      label: ({ id }) => `server ${id}`,
      create: ({ services }) =>
        whenVisible(
          ctx,
          `a port of server ${serverName}`,
          () =>
            services.compute.servers.create(body, Object.keys(given).length === 0 ? undefined : given, microversion),
          (error) => isPortMissing(error, nics),
        ),
      find: async ({ services }) => (await services.compute.servers.named(serverName)).filter(isNamed(serverName)),
      remove: (cleanup, { id }) => removeServer(cleanup, id),
    })
  try {
    return await post(server, hints)
  } catch (error) {
    if (isMetadataQuota(error)) {
      ctx.log.warn(`The server's metadata does not fit into the quota, leaving out the operator's: ${error.message}`)
      return await post({ ...server, metadata: serverMetadata(ctx, vmPlan, group).ours }, hints)
    }
    if (group?.isSoft === true && isGroupQuota(error)) {
      ctx.log.warn(`Server group ${group.id} takes no more members, booting without it: ${error.message}`)
      return await post(server, plainHints)
    }
    throw error
  }
}

/** "Port … could not be found." of a port that this call made. */
function isPortMissing(error: unknown, nics: readonly Nic[]): boolean {
  if (!hasStatus(error, 400, 404)) return false
  const message = error.fault?.message ?? ''
  return /not be found/i.test(message) && nics.some(({ port }) => port !== undefined && message.includes(port.id))
}

function isGroupQuota(error: unknown): error is OpenStackError {
  return isQuota(error) && /server.?group|servers in group/i.test(error.fault?.message ?? '')
}
