import { expect } from 'vitest'
import { diskSteps, type SeenDisks, type SteppedVm, takeSteps, withoutIds } from './disk-steps.ts'
import type { Machine } from './fake-guest.ts'
import type { Boot } from './guest-reports.ts'
import type { CreatedGuest, GuestZone } from './guest-zone.ts'

export interface DiskSequence extends Machine {
  /** How often the guest boots by itself at the end. */
  readonly boots: number
}

/**
 * Takes a VM through the steps of a disk that grows, then through boots in which only the probing of disks can differ, then
 * deletes it. At each step the guest looks its disks up by the hints of `attach_disk` and by the settings, and each must
 * be the disk it is said to be (contract §8.2). Returns the disks it saw after each step.
 */
export async function runDiskSequence(zone: GuestZone, sequence: DiskSequence): Promise<SeenDisks> {
  const created = await zone.createGuest({
    bus: sequence.bus,
    cloudProperties: { instance_type: sequence.ephemeral ? 'g1.ephemeral' : 'g1.tiny' },
    configDrive: sequence.configDrive,
  })
  const { guest, vm, director } = created
  const first = await guest.ready(1)
  const drive = { disk: /^\/dev\/[sv]d[a-z]$/, cdrom: /^\/dev\/sr\d$/ }
  if (sequence.configDrive) expect(first.one('config_drive').device).toMatch(drive[sequence.configDrive])
  expect(first.one('settings').source).toBe(sequence.configDrive ? 'config-drive' : 'metadata-service')

  const added = new Set<string>()
  const seen = await takeSteps(checkedVm(zone, created, sequence, added), diskSteps.growth)

  if (sequence.boots > 0) {
    await guest.call('boot_again', [sequence.boots])
    await guest.ready(3 + sequence.boots)
    const boots = (await guest.boots()).filter(({ number }) => number > 3)
    expect(boots).toHaveLength(sequence.boots)
    for (const boot of boots) expectDisks(boot, sequence, added)
  }
  await director.ask('delete_vm', [vm])
  for (const cid of added) {
    expect(await zone.view.volume(cid)).toMatchObject({ status: 'available' })
  }
  return seen
}

/** By the hints it keeps and by its settings, the guest finds the disks that carry these CIDs, and a blank ephemeral disk. */
function expectDisks(boot: Boot, sequence: Pick<Machine, 'ephemeral'>, cids: ReadonlySet<string>): void {
  const found = Object.fromEntries(boot.all('persistent_disk').map(({ cid, mark }) => [cid, mark]))
  expect(found, `persistent disks in boot ${boot.number}`).toEqual(Object.fromEntries([...cids].map((c) => [c, c])))
  const ephemeral = sequence.ephemeral ? [{ MiB: 2048, is_root: false, mark: '' }] : []
  expect(boot.all('ephemeral_disk'), `ephemeral disk in boot ${boot.number}`).toMatchObject(ephemeral)
}

/** The steps' view of a guest; each step asserts what the guest found. `added` has the disks that are attached. */
export function checkedVm(
  zone: GuestZone,
  created: CreatedGuest,
  sequence: Pick<Machine, 'ephemeral'>,
  added = new Set<string>(),
): SteppedVm {
  const { guest, vm, director } = created
  const written = new Set<string>()
  return {
    director,
    vm,
    createDisk: () => zone.createDisk(director, vm),
    added: async (cid, hint) => {
      const found = await guest.addPersistentDisk(cid, hint)
      expect(found, `the disk at ${hint}`).toMatchObject({ mark: cid, MiB: 1024 })
      expect(found.written ?? false, 'the disk was blank').toBe(!written.has(cid))
      written.add(cid)
      added.add(cid)
    },
    removed: async (cid) => {
      await guest.removePersistentDisk(cid)
      added.delete(cid)
    },
    booted: async (times, end) => {
      const boot = await guest.ready(times)
      expect(boot.number, 'the last boot').toBe(times)
      expectDisks(boot, sequence, added)
      expect(boot.one('boot').previous_end, 'how the boot before ended').toBe(end)
    },
    reset: async () => {
      await guest.call('ignore_power_button')
      await director.ask('reboot_vm', [vm])
    },
    disks: async (cids) => {
      const { root_disk: root, disks } = await guest.disks()
      return disks
        .filter(({ name }) => !name.startsWith('sr'))
        .map(({ name, serial, label, by_id: links }) => {
          const volume = [...cids].find(([cid]) => serial !== '' && cid.startsWith(serial))?.[1]
          const local = name === root ? 'root' : label.includes('ephemeral0') ? 'ephemeral' : 'config-drive'
          return { name, content: volume ?? local, byId: links.map((link) => withoutIds(link, cids)) }
        })
    },
  }
}
