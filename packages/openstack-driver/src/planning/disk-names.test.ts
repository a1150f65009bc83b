import { expect, test } from 'vitest'
import { diskHint, firstFreeDevice, type LetterTakers, planEphemeralDisk } from './disk-names.ts'

const bare: LetterTakers = { configDrive: undefined }

test.each<[string, LetterTakers, (string | null)[], string]>([
  ['starts at b', bare, [], '/dev/sdb'],
  ['leaves b to the ephemeral disk', { ...bare, ephemeralGiB: 1 }, [], '/dev/sdc'],
  ['counts swap', { ...bare, swap: 512 }, [], '/dev/sdc'],
  ['knows how Nova writes "no swap"', { ...bare, swap: '' }, [], '/dev/sdb'],
  ['counts a config drive that is a disk', { configDrive: 'disk', ephemeralGiB: 1, swap: 1 }, [], '/dev/sde'],
  ['does not count one that is a CD', { configDrive: 'cdrom' }, [], '/dev/sdb'],
  ['skips taken letters of any bus', bare, ['/dev/vdb', '/dev/xvdc', '/dev/sdd'], '/dev/sde'],
  ['fills gaps', bare, ['/dev/vdb', '/dev/vdd'], '/dev/sdc'],
  ['ignores partitions, other names and no name', bare, ['/dev/vdb1', '/dev/hdb', 'x/dev/sdb', null], '/dev/sdb'],
])('§8.1 %s', (_, takers, devices, expected) => {
  expect(firstFreeDevice(takers, devices)).toBe(expected)
})

test('§8.1 after z there is none', () => {
  const all = [...'bcdefghijklmnopqrstuvwxyz'].map((letter) => `/dev/vd${letter}`)
  expect(firstFreeDevice(bare, all.slice(0, -1))).toBe('/dev/sdz')
  expect(() => firstFreeDevice(bare, all)).toThrow('Server has too many disks attached')
})

const volumeId = '5e1f4fe8-0a9b-4c62-9d0a-0c3e3f7a1b2c'
const byId = '/dev/disk/by-id/virtio-5e1f4fe8-0a9b-4c62-9'

test.each([
  ['/dev/vdb', byId],
  ['/dev/vdaa', byId],
  ['/dev/xvdc', '/dev/sdc'],
  ['/dev/sdz', '/dev/sdz'],
  ['/dev/nvme1n1', '/dev/nvme1n1'],
  ['', undefined],
  [null, undefined],
  [undefined, undefined],
])('§7.13 device %j becomes the hint %j', (device, hint) => {
  expect(diskHint(volumeId, device, 'by-id')).toBe(hint)
})

test.each([
  ['/dev/vdb', '/dev/sdb'],
  ['/dev/vdaa', '/dev/sdaa'],
  ['/dev/sdz', '/dev/sdz'],
  [null, undefined],
])('§1.1 disk_hint: letter makes device %j the hint %j', (device, hint) => {
  expect(diskHint(volumeId, device, 'letter')).toBe(hint)
})

const withEphemeral = { name: 'm1.ephemeral', ephemeralGiB: 10 }
const without = { name: 'm1.plain', ephemeralGiB: 0 }
const scsiLink = '/dev/disk/by-id/scsi-0QEMU_QEMU_HARDDISK_drive-scsi0-0-0-1'

test.each([
  [undefined, '/dev/sdb'],
  ['virtio', '/dev/sdb'],
  ['scsi', scsiLink],
  ['SCSI', scsiLink],
])('§8.1 on bus %s the ephemeral disk is %s, and null if the flavor has none', (bus, device) => {
  const image = { id: 'i', ...(bus === undefined ? {} : { diskBus: bus }) }
  expect(planEphemeralDisk({ flavor: withEphemeral, image, diskHint: 'by-id' })).toBe(device)
  expect(planEphemeralDisk({ flavor: without, image, diskHint: 'by-id' })).toBeNull()
})

test.each([
  ['sata', 'by-id'],
  ['ide', 'by-id'],
  ['usb', 'by-id'],
  ['scsi', 'letter'],
] as const)(
  '§8.1 an ephemeral disk on a %s bus with disk_hint %s is refused, since its name can be that of the root disk',
  (diskBus, diskHint) => {
    const image = { id: 'i', diskBus }
    expect(() => planEphemeralDisk({ flavor: withEphemeral, image, diskHint })).toThrow(
      expect.objectContaining({
        code: 'VmCreationFailed',
        okToRetry: false,
        message: expect.stringMatching(/m1.ephemeral.*hw_disk_bus/),
      }),
    )
    expect(planEphemeralDisk({ flavor: without, image, diskHint })).toBeNull()
  },
)
