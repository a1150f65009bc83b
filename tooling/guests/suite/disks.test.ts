import { expect, test } from 'vitest'
import { useGuestZone } from '../guest-zone.ts'

const zone = useGuestZone()

test('§7.3 the root disk has the size of its flavor', async () => {
  const { guest } = await zone().createGuest({ cloudProperties: { instance_type: 'g1.big' } })
  const { root_disk: root, disks } = (await guest.ready(1)).one('disks')
  expect(disks.find(({ name }) => name === root)?.MiB).toBe(3 * 1024)
})

test.each(['g1.tiny', 'g1.nodisk'])(
  '§7.3 a VM boots from a volume that is deleted with it (flavor %s)',
  async (flavor) => {
    const { guest, vm, director } = await zone().createGuest({
      cloudProperties: { instance_type: flavor, boot_from_volume: true, root_disk: { size: 2 } },
    })
    const { root_disk: root, disks } = (await guest.ready(1)).one('disks')
    const rootDisk = disks.find(({ name }) => name === root)
    expect(rootDisk?.MiB).toBe(2 * 1024)
    const volumes = await zone().view.list('volumev3', 'volumes/detail', 'volumes')
    const volume = volumes.find(({ id }) => String(id).startsWith(rootDisk?.serial ?? '-'))
    expect(volume).toMatchObject({ status: 'in-use', size: 2 })
    const data = await zone().createDisk(director, vm)
    expect(await guest.addPersistentDisk(data, await director.ask('attach_disk', [vm, data]))).toMatchObject({
      mark: data,
    })
    await director.ask('delete_vm', [vm])
    expect(await zone().view.show('volumev3', `volumes/${volume?.['id']}`, 'volume')).toBeUndefined()
  },
)

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
  await guest.removePersistentDisk(copy)
  await director.ask('delete_snapshot', [snapshot])

  await guest.removePersistentDisk(disk)
  await director.ask('detach_disk', [vm, disk])
  await director.ask('resize_disk', [disk, 2048])
  const grown = await guest.addPersistentDisk(disk, await director.ask('attach_disk', [vm, disk]))
  expect(grown).toMatchObject({ mark: disk, MiB: 2048 })
  await guest.removePersistentDisk(disk)
  await director.ask('detach_disk', [vm, disk])

  await director.ask('update_disk', [disk, 3072, { type: 'guest-fast' }])
  expect(await zone().view.show('volumev3', `volumes/${disk}`, 'volume')).toMatchObject({ volume_type: 'guest-fast' })
  const updated = await guest.addPersistentDisk(disk, await director.ask('attach_disk', [vm, disk]))
  expect(updated).toMatchObject({ mark: disk, MiB: 3072 })
})

test('§7.5 a disk of a VM that is deleted while it runs is whole on another VM', async () => {
  const first = await zone().createGuest()
  await first.guest.ready(1)
  const disk = await zone().createDisk(first.director, first.vm)
  const attach = async ({ guest, vm, director }: typeof first) =>
    guest.addPersistentDisk(disk, await director.ask('attach_disk', [vm, disk]))
  expect(await attach(first)).toMatchObject({ written: true })
  await first.director.ask('delete_vm', [first.vm])

  const second = await zone().createGuest({ disks: [disk] })
  await second.guest.ready(1)
  expect(await attach(second)).toMatchObject({ mark: disk })
})
