import { expect, test } from 'vitest'
import { type Machine, type SeenDisks, type SteppedVm, takeSteps, withoutIds } from './disk-steps.ts'
import { expectSameOnFake } from './fake-guest.ts'
import type { Boot } from './guest-reports.ts'
import { type CreatedGuest, type GuestZone, useGuestZone } from './guest-zone.ts'

/** How often the guest boots by itself at the end. */
const furtherBoots = Number(process.env['GUEST_BOOTS'] ?? 0)
const isWhole = process.env['GUEST_COMBINATIONS'] === 'all'

/** The rows of one disk bus, for a test file of its own: it takes half as long beside the other's. */
export function testDiskHints(bus: Machine['bus']): void {
  const zone = useGuestZone('disk')
  const rows = [false, true].flatMap((ephemeral) =>
    ([undefined, 'disk'] as const)
      // in the usual run an ephemeral disk and a config drive come together
      .filter((configDrive) => isWhole || ephemeral === (configDrive !== undefined))
      .map((configDrive) => ({ bus, ephemeral, configDrive })),
  )
  test.each(rows)(
    'contract §8.2 hints lead to the right disks after a detach and reboots, and the fake names disks alike ($bus, ephemeral disk: $ephemeral, config drive: $configDrive)',
    async (row) => expectSameOnFake(row, 'growth', await runDiskSequence(zone(), row)),
  )
}

/**
 * Takes a VM through the steps of a disk that grows, then through boots in which only the probing of disks can differ, then
 * deletes it. At each step the guest looks its disks up by the hints of `attach_disk` and by the settings, and each must
 * be the disk it is said to be (contract §8.2). Returns the disks it saw after each step.
 */
async function runDiskSequence(zone: GuestZone, { bus, ephemeral, configDrive }: Machine): Promise<SeenDisks> {
  const properties = { instance_type: ephemeral ? 'g1.ephemeral' : 'g1.tiny' }
  const created = await zone.createGuest({ bus, properties, configDrive })
  const { guest, vm, director } = created
  const first = await guest.ready(1)
  const drive = { disk: /^\/dev\/[sv]d[a-z]$/, cdrom: /^\/dev\/sr\d$/ }
  if (configDrive) expect(first.one('config_drive').device).toMatch(drive[configDrive])
  expect(first.one('settings').source).toBe(configDrive ? 'config-drive' : 'metadata-service')

  const { seen, attached } = await takeSteps(checkedVm(zone, created, ephemeral), 'growth')

  if (furtherBoots > 0) {
    await guest.call('boot_again', [furtherBoots])
    await guest.ready(3 + furtherBoots)
    const boots = (await guest.boots()).filter(({ number }) => number > 3)
    expect(boots).toHaveLength(furtherBoots)
    for (const boot of boots) expectDisks(boot, ephemeral, attached)
  }
  await director.ask('delete_vm', [vm])
  for (const cid of attached) {
    expect(await zone.view.volume(cid)).toMatchObject({ status: 'available' })
  }
  return seen
}

/** By the hints it keeps and by its settings, the guest finds the disks that carry these CIDs, and a blank ephemeral disk. */
function expectDisks(boot: Boot, hasEphemeral: boolean, cids: readonly string[]): void {
  const found = Object.fromEntries(boot.all('persistent_disk').map(({ cid, mark }) => [cid, mark]))
  expect(found, `persistent disks in boot ${boot.number}`).toEqual(Object.fromEntries(cids.map((cid) => [cid, cid])))
  const ephemeral = hasEphemeral ? [{ MiB: 2048, is_root: false, mark: '' }] : []
  expect(boot.all('ephemeral_disk'), `ephemeral disk in boot ${boot.number}`).toMatchObject(ephemeral)
}

/** The steps' view of a guest; each step asserts what the guest found. */
export const checkedVm = (zone: GuestZone, { guest, vm, director }: CreatedGuest, hasEphemeral = false): SteppedVm => ({
  director,
  vm,
  createDisk: () => zone.createDisk(director, vm),
  added: async (cid, hint, isBlank) => {
    const found = await guest.addPersistentDisk(cid, hint)
    expect(found, `the disk at ${hint}`).toMatchObject({ mark: cid, MiB: 1024 })
    expect(found.written ?? false, 'the disk was blank').toBe(isBlank)
  },
  removed: async (cid) => void (await guest.call('remove_persistent_disk', [cid])),
  booted: async (times, attached, end) => {
    const boot = await guest.ready(times)
    expect(boot.number, 'the last boot').toBe(times)
    expectDisks(boot, hasEphemeral, attached)
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
})
