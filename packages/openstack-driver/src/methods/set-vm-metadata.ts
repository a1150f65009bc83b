import type { JsonObject, VmCid } from '@openstack-cpi/cpi-core'
import type { DriverContext } from '../driver-context.ts'
import { hasStatus, isConflict, isNotFound } from '../http/openstack-error.ts'
import { forEachInParallel, inParallel } from '../operations/in-parallel.ts'
import { madeNicsOf } from '../operations/ports/find-ports.ts'
import { volumesOfServer } from '../operations/servers/volumes-of-server.ts'
import { serverIdOf, vmNotFound } from '../planning/cids.ts'
import { creationMark, metadataKey } from '../planning/creation-marks.ts'
import { novaMetadata, withoutOperatorTags, withoutReservedKeys } from '../planning/metadata.ts'
import { portTagsOf } from '../planning/port-tags.ts'
import { readableServerName } from '../planning/server-names.ts'
import { isMetadataQuota } from '../services/compute/servers.ts'
import type { Port } from '../services/network/ports.ts'

/**
 * Writes the director's metadata on the server, its ports and its boot volume, and renames the server for humans where
 * that is configured (driver spec §7.8). Merges, and adapts instead of failing, for an error would destroy a fresh VM.
 * Throws `VmNotFound`.
 */
export async function setVmMetadata(ctx: DriverContext, vm: VmCid, metadata: JsonObject): Promise<void> {
  const id = serverIdOf(vm)
  // A director that sends metadata knows the CID.
  const wanted = { ...withoutReservedKeys(novaMetadata(metadata)), ...creationMark('finished') }
  const [all] = await inParallel([
    () => setServerMetadata(ctx, id, wanted),
    () => rename(ctx, id, metadata),
    () => tagPortsOf(ctx, id, wanted),
  ])
  if (all[metadataKey.bootVolume] !== undefined) await describeBootVolume(ctx, id, wanted)
}

/** @returns all metadata that the server has now */
async function setServerMetadata(
  ctx: DriverContext,
  id: string,
  metadata: Record<string, string>,
): Promise<Readonly<Record<string, string>>> {
  const { servers } = ctx.services.compute
  try {
    return await servers.setMetadata(id, metadata)
  } catch (error) {
    if (isNotFound(error)) throw vmNotFound(id, error)
    if (!isMetadataQuota(error)) throw error
    ctx.log.warn(`The metadata of server \`${id}' does not fit into the quota, leaving out tags: ${error.message}`)
  }
  try {
    return await servers.setMetadata(id, withoutOperatorTags(metadata))
  } catch (error) {
    if (!isMetadataQuota(error)) throw error
    ctx.log.warn(`The director's own keys do not fit either: ${error.message}`)
  }
  try {
    // Takes nothing of the quota, for the server has the key since its creation.
    return await servers.setMetadata(id, creationMark('finished'))
  } catch (error) {
    if (!isMetadataQuota(error)) throw error
    ctx.log.warn(`Server \`${id}' keeps the metadata it has, its quota is used up: ${error.message}`)
    return {}
  }
}

/** The name is only for people: its failure does not fail the call. */
async function rename(ctx: DriverContext, id: string, metadata: JsonObject): Promise<void> {
  if (!ctx.config.humanReadableVmNames) return
  const name = readableServerName(metadata)
  if (name === undefined) return
  await unlessAborted(ctx, `Server \`${id}' could not be renamed to '${name}'`, async () => {
    await ctx.services.compute.servers.update(id, { name })
  })
}

async function tagPortsOf(ctx: DriverContext, serverId: string, metadata: Record<string, string>): Promise<void> {
  const wanted = portTagsOf(metadata)
  if (!ctx.config.tagResources || wanted.length === 0) return
  const { ports } = ctx.services.network
  await unlessAborted(ctx, `The ports of server \`${serverId}' could not be tagged`, async () => {
    await forEachInParallel(await madeNicsOf(ctx, serverId), async (port) => {
      const kept = (port.tags ?? []).filter((tag) => !wanted.some((newTag) => keyOf(newTag) === keyOf(tag)))
      if (hasTags(port, [...kept, ...wanted])) return
      await ports.setTags(port.id, [...kept, ...wanted])
    })
  })
}

/** A deployment that changes nothing sends each VM its metadata once more. */
function hasTags(port: Port, wanted: readonly string[]): boolean {
  const tags = new Set(port.tags)
  return tags.size === new Set(wanted).size && wanted.every((tag) => tags.has(tag))
}

function keyOf(tag: string): string {
  return tag.split(':', 1)[0] ?? tag
}

async function describeBootVolume(
  ctx: DriverContext,
  serverId: string,
  metadata: Record<string, string>,
): Promise<void> {
  if (!ctx.config.tagResources) return
  await unlessAborted(ctx, `The boot volume of server \`${serverId}' could not be given metadata`, async () => {
    const server = await ctx.services.compute.servers.showWithVolumes(serverId)
    const own = (await volumesOfServer(ctx, server)).filter((volume) => volume.delete_on_termination === true)
    await forEachInParallel(own, ({ id }) => ctx.services.blockStorage.volumes.setMetadata(id, metadata))
  })
}

/** Runs a step whose failure is worth a warning only. */
async function unlessAborted(ctx: DriverContext, what: string, step: () => Promise<void>): Promise<void> {
  try {
    await step()
  } catch (error) {
    if (ctx.signal.aborted) throw error
    const hint = isConflict(error) || hasStatus(error, 403) ? ' (is it locked, or is the role missing?)' : ''
    ctx.log.warn(`${what}${hint}: ${String(error)}`)
  }
}
