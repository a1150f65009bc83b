import { expect, test } from 'vitest'
import { disksWithUnreliableLetters, type LetteredDisk } from './disk-letters.ts'

/** `B:c@2` is volume B at /dev/vdc, attached as the second. */
const disk = (text: string): LetteredDisk => {
  const [, volumeId = '', letter = '', at = ''] = /^(\w+):(\w+)@(\d)$/.exec(text) ?? []
  return { volumeId, device: `/dev/vd${letter}`, attachedAt: `2030-01-0${at}T00:00:00.000000` }
}

test.each<[string, string[], number | undefined, string[]]>([
  ['no disks', [], 1, []],
  ['disks in order', ['A:b@1', 'B:c@2'], 1, []],
  ['a gap before the only disk', ['B:c@2'], 1, ['B gap']],
  ['a gap before the only disk, local disks not known', ['B:c@2'], undefined, []],
  ['an ephemeral disk takes the letter', ['B:c@2'], 2, []],
  ['a gap between disks', ['A:b@1', 'C:d@3'], undefined, ['C gap']],
  ['all disks behind a gap', ['A:b@1', 'C:d@3', 'D:e@4'], 1, ['C gap', 'D gap']],
  ['a gap that was filled later', ['A:b@3', 'B:c@2'], 1, ['B order']],
  ['a boot volume', ['R:a@1', 'A:b@2'], 1, []],
  ['a boot volume and an ephemeral disk', ['R:a@1', 'A:c@2'], 2, []],
  ['a boot volume and a gap', ['R:a@1', 'B:c@2'], 1, ['B gap']],
  ['fewer letters before it than expected', ['A:b@1', 'B:c@2'], 2, []],
])('%s', (_, disks, localDisks, expected) => {
  const found = disksWithUnreliableLetters(disks.map(disk), localDisks)
  expect(found.map(({ volumeId, reason }) => `${volumeId} ${reason}`)).toEqual(expected)
})

test('disks on other buses are found by their id', () => {
  const other = ['/dev/sdd', '/dev/xvdd', null, ''].map((device) => ({ volumeId: 'A', device, attachedAt: '1' }))
  expect(disksWithUnreliableLetters(other, 1)).toEqual([])
})
