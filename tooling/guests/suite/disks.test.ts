import { expect, test } from 'vitest'
import { killVirtualMachine } from '../guest-host.ts'
import { useGuestZone } from '../guest-zone.ts'

const zone = useGuestZone()

test('§7.15 a disk that grew has its new size and its data in the guest; a snapshot has its bytes', async () => {
  const { guest, vm, director } = await zone().createGuest()
  await guest.ready(1)
  const disk = await zone().createDisk(director, vm)
  await guest.addPersistentDisk(disk, await director.ask('attach_disk', [vm, disk]))
  expect((await director.call('resize_disk', [disk, 2048])).error?.message).toMatch(/attach/)

  const snapshot = String(await director.ask('snapshot_disk', [disk, { deployment: 'd', job: 'j', index: 0 }]))
  const copy = await zone().volumeOf(snapshot)
  const hint = await director.ask('attach_disk', [vm, copy])
  expect(await guest.addPersistentDisk(copy, hint), 'the copy of the snapshot').toMatchObject({ mark: disk })
  await director.ask('detach_disk', [vm, copy])
  await guest.call('remove_persistent_disk', [copy])
  await director.ask('delete_snapshot', [snapshot])

  await guest.call('remove_persistent_disk', [disk])
  await director.ask('detach_disk', [vm, disk])
  await director.ask('resize_disk', [disk, 2048])
  const grown = await guest.addPersistentDisk(disk, await director.ask('attach_disk', [vm, disk]))
  expect(grown).toMatchObject({ mark: disk, MiB: 2048 })
  await guest.call('remove_persistent_disk', [disk])
  await director.ask('detach_disk', [vm, disk])

  await director.ask('update_disk', [disk, 3072, { type: 'guest-fast' }])
  expect(await zone().view.volume(disk)).toMatchObject({ volume_type: 'guest-fast' })
  const updated = await guest.addPersistentDisk(disk, await director.ask('attach_disk', [vm, disk]))
  expect(updated).toMatchObject({ mark: disk, MiB: 3072 })
})

test('§7.5 delete_vm removes a VM whose process was killed; its disk is whole on another VM', async () => {
  const first = await zone().createGuest()
  await first.guest.ready(1)
  const disk = await zone().createDisk(first.director, first.vm)
  const attach = async ({ guest, vm, director }: typeof first) =>
    guest.addPersistentDisk(disk, await director.ask('attach_disk', [vm, disk]))
  expect(await attach(first)).toMatchObject({ written: true })
  await killVirtualMachine(first.vm)
  await first.director.ask('delete_vm', [first.vm])
  expect(await zone().view.volume(disk)).toMatchObject({ status: 'available' })

  const second = await zone().createGuest({ disks: [disk] })
  await second.guest.ready(1)
  expect(await attach(second)).toMatchObject({ mark: disk })
})
