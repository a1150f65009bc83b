import { expect } from 'vitest'
import type { Boot } from './guest.ts'
import type { GuestZone } from './guest-zone.ts'
import type { DiskBus } from './stemcell-archive.ts'

export interface DiskSequence {
  readonly bus: DiskBus
  /** The flavor has an ephemeral disk of 2 GiB. */
  readonly ephemeral: boolean
  readonly configDrive: 'disk' | 'cdrom' | undefined
  /** How often the guest boots by itself at the end. */
  readonly boots: number
}

/** What the agent finds by the hints it keeps, and what is on those disks: CID → mark. */
const found = (boot: Boot): Record<string, string | undefined> =>
  Object.fromEntries(boot.all('persistent_disk').map(({ cid, mark }) => [cid, mark]))

/**
 * Two disks through what a director does when one of them grows: attach both, detach the first, reboot, attach it again,
 * reboot; then boots in which only the probing of disks can differ. After each step the guest looks its disks up by the
 * hints of `attach_disk` and by the settings, and each must be the disk it is said to be (contract §8.2).
 */
export async function runDiskSequence(zone: GuestZone, sequence: DiskSequence): Promise<void> {
  const { guest, vm, director } = await zone.createGuest({
    bus: sequence.bus,
    cloudProperties: { instance_type: sequence.ephemeral ? 'g1.ephemeral' : 'g1.tiny' },
    configDrive: sequence.configDrive,
  })
  const attach = async (cid: string) => guest.addPersistentDisk(cid, await director.ask('attach_disk', [vm, cid]))
  const expectDisks = (boot: Boot, cids: readonly string[]) => {
    expect(found(boot), `persistent disks in boot ${boot.number}`).toEqual(Object.fromEntries(cids.map((c) => [c, c])))
    const ephemeral = sequence.ephemeral ? [{ MiB: 2048, is_root: false, mark: '' }] : []
    expect(boot.all('ephemeral_disk'), `ephemeral disk in boot ${boot.number}`).toMatchObject(ephemeral)
  }

  const first = await guest.ready(1)
  const drive = { disk: /^\/dev\/[sv]d[a-z]$/, cdrom: /^\/dev\/sr\d$/ }
  if (sequence.configDrive) expect(first.one('config_drive').device).toMatch(drive[sequence.configDrive])
  expect(first.one('settings').source).toBe(sequence.configDrive ? 'config-drive' : 'metadata-service')
  expectDisks(first, [])
  const a = await zone.createDisk(director, vm)
  const b = await zone.createDisk(director, vm)
  expect(await attach(a)).toMatchObject({ written: true, mark: a, MiB: 1024 })
  expect(await attach(b)).toMatchObject({ written: true, mark: b, MiB: 1024 })

  await guest.removePersistentDisk(a)
  await director.ask('detach_disk', [vm, a])
  await director.ask('reboot_vm', [vm])
  expectDisks(await guest.ready(2), [b])

  expect(await attach(a), 'the disk that was detached').toMatchObject({ mark: a })
  await director.ask('reboot_vm', [vm])
  expectDisks(await guest.ready(3), [a, b])

  if (sequence.boots > 0) {
    await guest.bootAgain(sequence.boots)
    await guest.ready(3 + sequence.boots)
    const boots = (await guest.boots()).filter(({ number }) => number > 3)
    expect(boots).toHaveLength(sequence.boots)
    for (const boot of boots) expectDisks(boot, [a, b])
  }
  await director.ask('delete_vm', [vm])
  for (const cid of [a, b]) {
    expect(await zone.view.show('volumev3', `volumes/${cid}`, 'volume')).toMatchObject({ status: 'available' })
  }
}
