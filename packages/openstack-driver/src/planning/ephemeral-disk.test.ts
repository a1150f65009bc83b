import { expect, test } from 'vitest'
import { planEphemeralDisk } from './ephemeral-disk.ts'

const withEphemeral = { name: 'm1.ephemeral', ephemeralGiB: 10 }
const without = { name: 'm1.plain', ephemeralGiB: 0 }

test('§8.1 the agent is told about an ephemeral disk only if the flavor has one', () => {
  expect(planEphemeralDisk({ flavor: without, image: { id: 'i' } })).toBeNull()
  expect(planEphemeralDisk({ flavor: withEphemeral, image: { id: 'i' } })).toBe('/dev/sdb')
  expect(planEphemeralDisk({ flavor: withEphemeral, image: { id: 'i', diskBus: 'virtio' } })).toBe('/dev/sdb')
})

test.each(['scsi', 'SCSI', 'sata', 'ide', 'usb'])(
  '§8.1 an ephemeral disk on a %s bus is refused, since its name can be that of the root disk',
  (diskBus) => {
    const image = { id: 'i', diskBus }
    expect(() => planEphemeralDisk({ flavor: withEphemeral, image })).toThrow(
      expect.objectContaining({
        code: 'VmCreationFailed',
        okToRetry: false,
        message: expect.stringMatching(/m1.ephemeral.*hw_disk_bus/),
      }),
    )
    expect(planEphemeralDisk({ flavor: without, image })).toBeNull()
  },
)
