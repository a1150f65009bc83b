import { expect, test } from 'vitest'
import { type Probe, services } from './probe.ts'
import { changedAnswers, readRecording, recordedRelease, releases } from './recording.ts'

const probe = (name: string, body: unknown): Probe => ({
  service: 'image',
  name,
  recorded: { request: 'GET /', status: 200, headers: {}, body },
  tolerance: { list: 'shape' },
})

test('a release keeps only the answers that differ from the release before', () => {
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

test.each(releases)('the recordings of %s answer every probe of the oldest release', async (release) => {
  for (const service of services) {
    const oldest = Object.keys(await readRecording(service, 'zed'))
    expect(Object.keys(await readRecording(service, release)).sort()).toEqual(oldest.sort())
  }
})

test('a release without recordings is refused with the names of those that have some', () => {
  expect(() => recordedRelease('yoga')).toThrow(/no recordings of release "yoga": use one of zed, 2025.1, 2026.2/)
})
