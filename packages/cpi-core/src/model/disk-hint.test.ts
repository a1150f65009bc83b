import { expect, test } from 'vitest'
import { diskCid } from './cid.ts'
import { type DiskHint, devicePath, problemOfHint } from './disk-hint.ts'

test.each<DiskHint>(['/dev/sdc', '3', { path: '/dev/sdc' }, { lun: '1', host_device_id: 'h' }, { id: 'x' }])(
  'contract §6.13 %j is a hint',
  (hint) => {
    expect(problemOfHint(hint)).toBeUndefined()
  },
)

test('contract §6.13 the compiler refuses an empty object, a CID and an unknown key', () => {
  // @ts-expect-error no agent finds a disk by nothing
  const empty: DiskHint = {}
  // @ts-expect-error the CID of a disk is no place
  const cid: DiskHint = diskCid('disk-1')
  // @ts-expect-error no agent knows this key
  const unknown: DiskHint = { device: '/dev/sdb' }
  for (const hint of [empty, cid, unknown]) expect(problemOfHint(hint)).toBeDefined()
})

test('a device path begins with a slash', () => {
  expect(devicePath('/dev/sdb')).toBe('/dev/sdb')
  expect(() => devicePath('sdb')).toThrow("'sdb' is not the path of a device")
})
