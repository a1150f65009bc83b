import { expect, test } from 'vitest'
import type { Probe } from './probe.ts'
import { changedAnswers, driftSince, lasting, recordedRelease } from './recording.ts'

const probe = (name: string, body: unknown): Probe => ({
  service: 'image',
  name,
  recorded: { request: 'GET /', status: 200, headers: {}, body },
  tolerance: { list: 'shape' },
})

test('a release keeps only the answers that differ from the release before; the outcome of a race is no change', () => {
  const known = {
    same: probe('same', { items: [1] }).recorded,
    other: probe('other', { a: 1 }).recorded,
    race: probe('race', {}).recorded,
  }
  const changed = changedAnswers(known, [
    probe('same', { items: [1, 2] }), // within the tolerance of the probe
    probe('other', { a: 'x' }),
    probe('new', {}),
    { ...probe('race', { a: 2 }), tolerance: { race: true } },
  ])
  expect(Object.keys(changed)).toEqual(['other', 'new'])
})

test('a release without recordings is refused with the names of those that have some', () => {
  expect(() => recordedRelease('yoga')).toThrow(/no recordings of release "yoga": use one of zed, 2025.1, 2026.2/)
})

const answer = (name: string, status: number, body: unknown = {}): Probe => {
  const { recorded, ...rest } = probe(name, body)
  return { ...rest, recorded: { ...recorded, status } }
}
const recording = { a: answer('a', 200).recorded, b: answer('b', 200).recorded }

test('differences from the recording, and answers without a recording, are reported', () => {
  const drift = driftSince(recording, [answer('a', 200), answer('b', 404, { x: 1 }), answer('c', 200)])
  expect(drift).toEqual([
    { name: 'b', at: 'status', real: 200, fake: 404 },
    { name: 'b', at: 'body.x', real: 'absent', fake: 1 },
    { name: 'c', at: 'recording', real: 'none', fake: 200 },
  ])
})

test('only what is different both times has changed', () => {
  const once = driftSince(recording, [answer('a', 500), answer('b', 404)])
  expect(lasting(once, driftSince(recording, [answer('a', 200), answer('b', 404)]))).toMatchObject([{ name: 'b' }])
  expect(lasting(once, driftSince(recording, [answer('a', 200), answer('b', 200)]))).toEqual([])
})
