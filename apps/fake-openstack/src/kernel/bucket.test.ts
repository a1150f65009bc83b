import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Bucket, type Entry } from './bucket.ts'

const entryOf = (seq: number, key: number): Entry<number> => ({ seq, key, record: seq })

/** The order of a bucket. */
const inOrder = (entries: Iterable<Entry<number>>): Entry<number>[] =>
  [...entries].sort((a, b) => Number(a.key) - Number(b.key) || a.seq - b.seq)

/** Thousands of entries, so that chunks are split and removed. */
const change = fc.record({
  add: fc.integer({ min: 0, max: 3000 }),
  /** Each so manyth is removed; 1 removes all. */
  removeEach: fc.integer({ min: 1, max: 5 }),
  ascending: fc.boolean(),
})

test('a bucket of thousands of entries keeps their order, whatever is added and removed', () => {
  fc.assert(
    fc.property(fc.array(change, { minLength: 1, maxLength: 4 }), fc.integer(), (changes, seed) => {
      const bucket = new Bucket<number>()
      const kept = new Set<Entry<number>>()
      let seq = 0
      for (const { add, removeEach, ascending } of changes) {
        for (let i = 0; i < add; i += 1) {
          seq += 1
          const entry = entryOf(seq, ascending ? seq : Math.imul(seq ^ seed, 2_654_435_761) >>> 0)
          kept.add(entry)
          bucket.add(entry)
        }
        for (const entry of [...kept].filter((_, i) => i % removeEach === 0)) {
          kept.delete(entry)
          bucket.remove(entry)
        }
        const model = inOrder(kept)
        const records = model.map(({ record }) => record)
        expect(bucket.size).toBe(kept.size)
        expect(bucket.first()).toBe(records[0])
        expect(bucket.toArray()).toEqual(records)
        expect(bucket.entries()).toEqual(model)
        expect([...bucket.walk({ reverse: true })]).toEqual(records.toReversed())
        for (const i of [0, 511, 1023, 1024, model.length - 1]) {
          const after = model[i]
          if (after === undefined) continue
          expect([...bucket.walk({ after })]).toEqual(records.slice(i + 1))
          expect([...bucket.walk({ after, reverse: true })]).toEqual(records.slice(0, i).toReversed())
        }
      }
    }),
    { numRuns: 15 },
  )
})
