import { describe, expect, test } from 'vitest'
import type { Volume } from '../../services/block-storage/volumes.ts'
import { failOnSecondSighting } from './wait-for-volume.ts'

const volume = (status: string): Volume => ({
  id: 'v',
  name: 'v',
  description: null,
  status,
  size: 1,
  volume_type: null,
  bootable: 'false',
  multiattach: false,
  metadata: {},
  snapshot_id: null,
  created_at: '2026-01-01T00:00:00',
  attachments: [],
})

describe('§3.6 a state that means failure only when it stays', () => {
  const failure = () => failOnSecondSighting(({ status }) => status === 'available', 'it gave up')
  const seen = (...statuses: readonly string[]) => {
    const check = failure()
    return statuses.map((status) => check(volume(status)))
  }

  test('is no failure when it is seen once: the reading may have come too early', () => {
    expect(seen('available')).toEqual([undefined])
    expect(seen('available', 'attaching', 'in-use')).toEqual([undefined, undefined, undefined])
  })

  test('is a failure when it is seen twice in a row', () => {
    expect(seen('available', 'available')).toEqual([undefined, 'it gave up'])
  })

  test('is no failure when another state is seen in between', () => {
    expect(seen('available', 'attaching', 'available')).toEqual([undefined, undefined, undefined])
  })
})
