import { driveLetters, firstFreeLetters } from '../../../guest/drive-letters.ts'
import { diskBusOf, hasConfigDriveDisk } from '../../../guest/guest-events.ts'
import { badRequest, conflict } from '../../../kernel/api-error.ts'
import type { Call } from '../../../kernel/call.ts'
import type { CloudContext } from '../../../kernel/cloud-context.ts'
import type { Disk, ServerRecord } from '../records.ts'
import { disksOf } from '../server-disks.ts'

const pattern = /(^\/dev\/x?[a-z]?d?)([a-z]+)\d*$/

/** What the names of a server's devices depend on. */
type NamedServer = Pick<ServerRecord, 'image_properties' | 'config_drive'>

/**
 * What device names start with. A hypervisor that leaves naming to Nova says `/dev/sd`; libvirt says what the disk's bus
 * calls for.
 */
const prefixOf = (context: CloudContext, server: NamedServer): string =>
  context.settings.deviceNames === 'next-free' && diskBusOf(server) === 'virtio' ? '/dev/vd' : '/dev/sd'

const letterOf = (device: string | null): string | undefined =>
  device === null ? undefined : pattern.exec(device)?.[2]

const usedLetters = (disks: readonly Disk[]): Set<string> =>
  new Set(disks.flatMap((disk) => letterOf(disk.device_name) ?? []))

/** libvirt's driver counts a config drive that is a disk: it comes after the local disks. */
const lettersInUse = (context: CloudContext, server: NamedServer, disks: readonly Disk[]): Set<string> => {
  const used = usedLetters(disks)
  if (context.settings.deviceNames !== 'next-free' || !hasConfigDriveDisk(context, server)) return used
  return used.add(
    driveLetters(disks.filter((disk) => disk.boot_index === 0 || disk.destination_type === 'local').length),
  )
}

/** Names all disks of a new server: the root first, then those without a name in order. */
export const nameDisks = (context: CloudContext, server: NamedServer, disks: readonly Disk[]): Disk[] => {
  const keepsNames = context.settings.deviceNames === 'as-requested'
  const named: Disk[] = disks.map((disk) => (keepsNames ? disk : { ...disk, device_name: null }))
  const order = named.map((_, i) => i).sort((a, b) => rank(named[a]) - rank(named[b]))
  for (const i of order) {
    const disk = named[i]
    if (!disk || disk.device_name !== null) continue
    named[i] = { ...disk, device_name: prefixOf(context, server) + firstFreeLetters(usedLetters(named)) }
  }
  return named
}

const rank = (disk: Disk | undefined): number =>
  disk?.boot_index === 0 ? 0 : disk?.destination_type === 'local' ? 1 : 2

/**
 * The name under which another volume appears. Nova keeps the letter that was asked for unless it is taken (409), under
 * the prefix of the root device; libvirt takes its next free one whatever was asked for.
 */
export const deviceFor = (call: Call, server: ServerRecord, wanted: string | undefined): string => {
  const used = lettersInUse(call.context, server, disksOf(call.context, server))
  const prefix = pattern.exec(server.root_device_name ?? '')?.[1] ?? prefixOf(call.context, server)
  if (wanted === undefined || wanted === '') return prefix + firstFreeLetters(used)
  const letter = letterOf(wanted)
  if (letter === undefined) throw badRequest(`The supplied device path (${wanted}) is invalid.`)
  if (call.context.settings.deviceNames === 'next-free') return prefix + firstFreeLetters(used)
  if (used.has(letter)) throw conflict(`The supplied device path (${wanted}) is in use.`)
  return prefix + letter
}
