import { expect, test } from 'vitest'
import { diskHint } from './disk-hint.ts'

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
