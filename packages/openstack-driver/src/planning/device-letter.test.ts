import { expect, test } from 'vitest'
import { firstFreeDevice, type LetterTakers } from './device-letter.ts'

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
