import { expect, test } from 'vitest'
import { planEphemeralDisk } from './ephemeral-disk.ts'

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
