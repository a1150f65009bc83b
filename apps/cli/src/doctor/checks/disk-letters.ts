import type { DriverContext } from '@openstack-cpi/openstack-driver'
import { type Check, type Finding, ok, warning } from '../check.ts'

type Server = Awaited<ReturnType<DriverContext['services']['compute']['servers']['show']>>

/** The attached volumes of the project, by server. */
async function disksByServer({ services }: DriverContext): Promise<ReadonlyMap<string, readonly LetteredDisk[]>> {
  const disks = new Map<string, LetteredDisk[]>()
  for await (const { id, attachments } of services.blockStorage.volumes.list()) {
    for (const { server_id, device, attached_at } of attachments) {
      disks.set(server_id, [...(disks.get(server_id) ?? []), { volumeId: id, device, attachedAt: attached_at ?? '' }])
    }
  }
  return disks
}

/** How many disks Nova puts before the first volume, by flavor id. */
async function localDisksByFlavor({ services }: DriverContext): Promise<ReadonlyMap<string, number>> {
  const counts = new Map<string, number>()
  for await (const flavor of services.compute.flavors.list()) {
    const hasEphemeral = flavor['OS-FLV-EXT-DATA:ephemeral'] > 0
    const hasSwap = Number(flavor.swap) > 0
    counts.set(flavor.id, 1 + Number(hasEphemeral) + Number(hasSwap))
  }
  return counts
}

/** Directors write who they are into the metadata of their VMs, whichever CPI made them. */
const isOfDirector = ({ metadata }: Server): boolean => Object.hasOwn(metadata, 'director')

const reasons: Readonly<Record<UnreliableLetter['reason'], string>> = {
  gap: 'a letter before it is free',
  order: 'a disk with an earlier letter was attached after it',
}

function describe(server: Server, unreliable: readonly UnreliableLetter[]): Finding {
  const disks = unreliable.map(({ volumeId, device, reason }) => `${volumeId} at ${device} (${reasons[reason]})`)
  return warning(
    `server ${server.name} (${server.id}): volume ${disks.join(', volume ')}`,
    'The guest may name these disks otherwise than Nova. If a CPI that answers letters attached them, the agent finds no disk after a reboot, or another one.',
    'Recreate the VM (bosh recreate): attach_disk then names the disks by their volume ids.',
  )
}

/** Finds VMs whose persistent disks may have other letters than Nova says (docs/disk-hints.md). */
export const diskLettersCheck: Check = {
  group: 'compute',
  title: 'disk letters',
  run: async ({ ctx }) => {
    const [disks, localDisks] = await Promise.all([disksByServer(ctx), localDisksByFlavor(ctx)])
    const findings: Finding[] = []
    let seen = 0
    for await (const server of ctx.services.compute.servers.list()) {
      const attached = disks.get(server.id)
      if (attached === undefined || !isOfDirector(server)) continue
      seen++
      const ofFlavor = server.flavor.id === undefined ? undefined : localDisks.get(server.flavor.id)
      const hasConfigDriveDisk = ctx.config.configDrive === 'disk' && server.config_drive === 'True'
      const count = ofFlavor === undefined ? undefined : ofFlavor + Number(hasConfigDriveDisk)
      const unreliable = disksWithUnreliableLetters(attached, count)
      if (unreliable.length > 0) findings.push(describe(server, unreliable))
    }
    return findings.length > 0
      ? findings
      : [ok(`${seen} VMs of directors have volumes, all with letters as a guest counts`)]
  },
}

/** A volume on a server, as Cinder records its attachment. */
export interface LetteredDisk {
  readonly volumeId: string
  /** For example `/dev/vdb`. */
  readonly device: string | null
  /** When it was attached, as text that sorts by time. */
  readonly attachedAt: string
}

/** Why Nova's letter of a volume and the guest's may differ. */
export interface UnreliableLetter {
  readonly volumeId: string
  readonly device: string
  /** `gap`: a letter before it is free. `order`: a disk with an earlier letter was attached later. */
  readonly reason: 'gap' | 'order'
}

const virtioBlkDisk = /^\/dev\/vd([a-z])$/

/**
 * The virtio disks of a server for which the guest can have another letter than Nova says. The guest's kernel counts by
 * place on the bus without gaps at each boot, and gives a disk that is attached the first free letter; Nova keeps the
 * letter of each disk.
 * @param localDisks how many disks Nova puts before the first volume (root, ephemeral, swap, config drive); undefined
 *   when not known: then only the volumes are compared with each other
 */
export function disksWithUnreliableLetters(
  disks: readonly LetteredDisk[],
  localDisks: number | undefined,
): readonly UnreliableLetter[] {
  const lettered = disks
    .flatMap(({ volumeId, device, attachedAt }) => {
      const letter = virtioBlkDisk.exec(device ?? '')?.[1]
      return device === null || letter === undefined
        ? []
        : [{ volumeId, device, attachedAt, position: positionOf(letter) }]
    })
    .toSorted((a, b) => a.position - b.position)
  const [first] = lettered
  if (first === undefined) return []
  let expected =
    localDisks === undefined || first.position === 0 ? first.position : Math.min(localDisks, first.position)
  let latest = ''
  return lettered.flatMap(({ volumeId, device, attachedAt, position }): UnreliableLetter[] => {
    const hasGap = position > expected
    const isOutOfOrder = attachedAt < latest
    expected = hasGap ? expected + 1 : position + 1
    if (attachedAt > latest) latest = attachedAt
    // The root disk of a server that boots from a volume comes before its local disks.
    if (position === 0 && localDisks !== undefined) expected = localDisks
    if (hasGap) return [{ volumeId, device, reason: 'gap' }]
    return isOutOfOrder ? [{ volumeId, device, reason: 'order' }] : []
  })
}

/** 0 for a. */
const positionOf = (letter: string): number => letter.charCodeAt(0) - 'a'.charCodeAt(0)
