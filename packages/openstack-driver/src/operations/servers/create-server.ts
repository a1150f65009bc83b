import { CpiError, completeNetworks, createAgentSettings, readAgentConfig } from '@openstack-cpi/cpi-core'
import type { DriverContext } from '../../driver-context.ts'
import { during, isQuota, OpenStackError } from '../../http/openstack-error.ts'
import { poolMetadataKey } from '../../planning/pool-records.ts'
import { creationMetadata, metadataKey, resourceTags } from '../../planning/server-metadata.ts'
import { encodeUserData } from '../../planning/user-data.ts'
import type { VmPlan } from '../../planning/vm-plan.ts'
import type { Rollback } from '../../rollback/rollback.ts'
import { type Server, type ServerCreate, waitForServer } from '../../services/compute/servers.ts'
import { inParallel } from '../in-parallel.ts'
import { isMetadataQuota } from '../metadata-quota.ts'
import { type Nic, tagPorts } from '../ports/create-ports.ts'
import type { WantedGroup } from '../server-group.ts'
import { prepareBootDisk } from './boot-volume.ts'
import { removeServer } from './remove-server.ts'

const tagsMicroversion = '2.52'

/** One attempt at a server. */
export interface ServerAttempt {
  readonly nics: readonly Nic[]
  readonly group: WantedGroup | undefined
  /** Nova's zone; undefined lets it choose. */
  readonly zone: string | undefined
}

/** Makes the server and waits until it is active (driver spec §7.4). It is removed again if the VM cannot be made. */
export async function createServer(
  ctx: DriverContext,
  rollback: Rollback,
  vmPlan: VmPlan,
  attempt: ServerAttempt,
): Promise<Server> {
  const disk = await prepareBootDisk(ctx, rollback, vmPlan, attempt.zone)
  const tags = await supportedTags(ctx, vmPlan.vm.tags)
  const microversion = disk.microversion ?? (tags.length > 0 ? tagsMicroversion : undefined)
  const server: ServerCreate = {
    ...serverBody(ctx, vmPlan, attempt, microversion),
    ...(disk.mapping === undefined ? { imageRef: vmPlan.image.id } : { block_device_mapping_v2: disk.mapping }),
    ...(tags.length === 0 ? {} : { tags }),
  }
  const { id } = await postServer(ctx, vmPlan, server, attempt, microversion).catch((error: unknown) => {
    throw during(describe(vmPlan, attempt), error)
  })
  rollback.add(`server ${id}`, (cleanup) => removeServer(cleanup, id))
  const [active] = await inParallel([
    () => waitForActive(ctx, id),
    () =>
      tagPorts(ctx, attempt.nics, {
        serverId: id,
        groupId: attempt.group?.id,
        poolIds: vmPlan.pools.map(({ pool }) => pool.id),
      }),
  ])
  return active
}

/** Nova's refusals rarely say which of the names it was given it does not like. */
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
    ...(vmPlan.securityGroupIds.length === 0
      ? {}
      : { security_groups: vmPlan.securityGroupIds.map((name) => ({ name })) }),
    ...(networks.length > 0 ? { networks } : implicitNetworks(microversion)),
    metadata: { ...metadata.operators, ...metadata.ours },
  }
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
      ...(group === undefined ? {} : { [metadataKey.serverGroup]: group.id }),
      ...(vmPlan.bootSource.kind === 'volume' ? { [metadataKey.bootVolume]: 'true' } : {}),
      // Written before the members exist, so that they are found even if this process dies between the two.
      ...Object.fromEntries(pools.map(({ pool }, index) => [poolMetadataKey(index), pool.id])),
    },
  }
}

async function postServer(
  ctx: DriverContext,
  vmPlan: VmPlan,
  server: ServerCreate,
  { group }: ServerAttempt,
  microversion: string | undefined,
): Promise<{ readonly id: string }> {
  const { servers } = ctx.services.compute
  const plainHints = vmPlan.vm.schedulerHints
  const hints = group === undefined ? plainHints : { ...plainHints, group: group.id }
  const post = (body: ServerCreate, given: typeof hints) =>
    servers.create(body, Object.keys(given).length === 0 ? undefined : given, microversion)
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

function isGroupQuota(error: unknown): error is OpenStackError {
  return isQuota(error) && /server.?group|servers in group/i.test(error.fault?.message ?? '')
}
