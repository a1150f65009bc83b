import { expect, test } from 'vitest'
import { driftSince, lasting } from './drift.ts'
import type { Probe } from './probe.ts'

const probe = (name: string, status: number, body: unknown = {}): Probe => ({
  service: 'image',
  name,
  recorded: { request: 'GET /', status, headers: {}, body },
  tolerance: {},
})
const recording = { a: probe('a', 200).recorded, b: probe('b', 200).recorded }

test('what is not as recorded, and what is not recorded, is told', () => {
  const drift = driftSince(recording, [probe('a', 200), probe('b', 404, { x: 1 }), probe('c', 200)])
  expect(drift.map(({ text }) => text)).toEqual([
    'b: status: 200 has become 404',
    'b: body.x: "absent" has become 1',
    'c: not recorded yet',
  ])
})

test('only what is different both times has changed', () => {
  const once = driftSince(recording, [probe('a', 500), probe('b', 404)])
  expect(lasting(once, driftSince(recording, [probe('a', 200), probe('b', 404)]))).toMatchObject([{ name: 'b' }])
  expect(lasting(once, driftSince(recording, [probe('a', 200), probe('b', 200)]))).toEqual([])
})

test('the outcome of a race is no change', () => {
  expect(driftSince(recording, [{ ...probe('a', 409), tolerance: { race: true } }])).toEqual([])
})
