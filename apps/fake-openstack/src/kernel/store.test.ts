import fc from 'fast-check'
import { expect, test } from 'vitest'
import { defineCollection, type StoredRecord } from './collection.ts'
import { Store } from './store.ts'

interface Thing extends StoredRecord {
  owner: string
  size: number
  labels: readonly string[]
}

const things = defineCollection<Thing>()({
  kind: 'things',
  indexes: { owner: (r) => r.owner, label: (r) => r.labels },
  sums: { size: { by: (r) => r.owner, of: (r) => r.size } },
})

const sorted = defineCollection<Thing>()({ kind: 'sorted', order: (r) => r.id, indexes: { owner: (r) => r.owner } })

const thing = (id: string, changes: Partial<Thing> = {}): Thing => ({ id, owner: 'a', size: 1, labels: [], ...changes })

const id = fc.constantFrom('1', '2', '3', '4', '5', '6')
const content = fc.record({
  owner: fc.constantFrom('a', 'b'),
  size: fc.nat(9),
  labels: fc.array(fc.constantFrom('x', 'y', 'z'), { maxLength: 3 }),
})
const step = fc.oneof(
  fc.record({ do: fc.constant('put' as const), id, content }),
  fc.record({ do: fc.constant('delete' as const), id }),
)

test.each([things, sorted])('indexes, sums and order agree with a plain list after any changes: %#', (definition) => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      const collection = new Store().of(definition)
      let model: Thing[] = []
      for (const one of steps) {
        if (one.do === 'delete') {
          collection.delete(one.id)
          model = model.filter((record) => record.id !== one.id)
        } else if (collection.has(one.id)) {
          collection.update(one.id, one.content)
          model = model.map((record) => (record.id === one.id ? { ...record, ...one.content } : record))
        } else {
          collection.insert({ id: one.id, ...one.content })
          model.push({ id: one.id, ...one.content })
        }
      }
      if (definition.kind === 'sorted') model.sort((a, b) => (a.id < b.id ? -1 : 1))
      expect(collection.all()).toEqual(model)
      for (const owner of ['a', 'b']) {
        const own = model.filter((record) => record.owner === owner)
        expect(collection.where({ owner })).toEqual(own)
        expect(collection.count('owner', owner)).toBe(own.length)
        expect([...collection.walk({ owner }, { reverse: true })]).toEqual(own.toReversed())
        for (const [i, record] of own.entries()) {
          expect([...collection.walk({ owner }, { afterId: record.id })]).toEqual(own.slice(i + 1))
          expect([...collection.walk({ owner }, { afterId: record.id, reverse: true })]).toEqual(
            own.slice(0, i).toReversed(),
          )
        }
      }
    }),
  )
})

test('several indexes are combined, and lists of values put a record under each', () => {
  const collection = new Store().of(things)
  collection.insert(thing('1', { labels: ['x', 'y'] }))
  collection.insert(thing('2', { labels: ['x'], owner: 'b' }))
  expect(collection.where({ label: 'x' }).map((record) => record.id)).toEqual(['1', '2'])
  expect(collection.where({ label: 'x', owner: 'b' }).map((record) => record.id)).toEqual(['2'])
  expect(collection.where({ label: 'nothing', owner: 'b' })).toEqual([])
  expect(collection.sum('size', 'b')).toBe(1)
})

test('a change that throws is taken back whole, over several kinds', () => {
  const store = new Store()
  store.of(things).insert(thing('1'))
  store.of(things).insert(thing('2'))
  const before = structuredClone(store.content())
  const work = () =>
    store.atomically(() => {
      store.of(things).update('1', { owner: 'b', size: 5 })
      store.of(things).delete('2')
      store.of(sorted).insert(thing('9'))
      throw new Error('refused')
    })
  expect(work).toThrow('refused')
  expect(store.content()).toEqual({ ...before, sorted: [] })
  expect([store.of(things).sum('size', 'a'), store.of(things).count('owner', 'b')]).toEqual([2, 0])
})

test('a checkpoint is gone back to, and what is beyond it is told', () => {
  const store = new Store()
  store.of(things).insert(thing('seeded'))
  const seeded = store.checkpoint()
  store.of(things).insert(thing('more'))
  store.of(things).update('seeded', { owner: 'b' })
  expect(store.beyond(seeded)).toEqual({ things: [thing('more')] })
  store.revert(seeded)
  expect(store.content()).toEqual({ things: [thing('seeded')] })
  expect(store.of(things).count('owner', 'a')).toBe(1)
})

test('content with an unknown kind is refused before anything changes', () => {
  const store = new Store()
  store.of(things).insert(thing('1'))
  expect(() => store.load({ things: [], stars: [] })).toThrow('unknown kinds in the snapshot: stars')
  expect(store.of(things).size).toBe(1)
})
