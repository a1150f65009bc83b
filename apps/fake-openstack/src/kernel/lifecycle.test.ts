import { expect, test } from 'vitest'
import { Clock } from './clock.ts'
import type { CloudContext } from './cloud-context.ts'
import { defineCollection, type StoredRecord } from './collection.ts'
import { type Failure, RequestedFailure } from './failure.ts'
import { Ids } from './ids.ts'
import { defineLifecycle, LifecycleEngine, type TransitionEffect, transitions } from './lifecycle.ts'
import { Quotas } from './quotas.ts'
import { Store } from './store.ts'

interface Lamp extends StoredRecord {
  status: string
  at: number
}

const lamps = defineCollection<Lamp>()({ kind: 'lamps' })

const light = defineLifecycle({
  name: 'lamps.light',
  collection: lamps,
  steps: [
    { name: 'warm', afterMs: 1000, apply: (_, { context }) => ({ status: 'WARM', at: context.clock.now() }) },
    { name: 'lit', afterMs: 2000, apply: (_, { context }) => ({ status: 'LIT', at: context.clock.now() }) },
  ],
  fail: (_, failure) => ({ status: failure.to }),
})

const setUp = (
  options: { durationsMs?: Record<string, number>; rule?: (transition: string) => TransitionEffect | undefined } = {},
) => {
  const store = new Store()
  const clock = new Clock({ mode: 'virtual', startAt: 0 })
  const engine: LifecycleEngine = new LifecycleEngine(() => context, {
    durationsMs: options.durationsMs ?? {},
    ruleFor: (transition) => options.rule?.(transition),
  })
  const context: CloudContext = {
    store,
    clock,
    ids: new Ids(),
    lifecycle: engine,
    quotas: new Quotas(store),
    blobs: new Map(),
    catalog: [],
    settings: {
      pageSize: undefined,
      tokenLifetimeMs: 0,
      keepUploads: false,
      regions: [],
      distinctInterfaces: false,
      computeZones: {},
      volumeZones: [],
      release: 'zed',
      deviceNames: 'as-requested',
      configDriveType: 'cdrom',
      keystoneV2: false,
      loadBalancing: 'octavia',
    },
  }
  engine.register([light])
  clock.onAdvance(() => engine.settle())
  store.of(lamps).insert({ id: 'a', status: 'DARK', at: 0 })
  return { store, clock, engine, lamp: () => store.of(lamps).get('a') }
}

test('steps follow each other, each at the moment it was due, however far the clock jumps', () => {
  const { clock, engine, lamp } = setUp()
  engine.start(light, 'a')
  engine.settle()
  expect(lamp()?.status).toBe('DARK')
  clock.advance('1s')
  expect(lamp()).toMatchObject({ status: 'WARM', at: 1000 })
  clock.advance('1h')
  expect(lamp()).toMatchObject({ status: 'LIT', at: 3000 })
  expect(engine.nextAt()).toBeUndefined()
})

test.each([
  ['one step', { 'lamps.light.lit': 10_000 }, 11_000],
  ['a whole lifecycle', { 'lamps.light': 5000 }, 10_000],
  ['everything', { '*': 0 }, 0],
])('durations can be set for %s', (_what, durationsMs, end) => {
  const { clock, engine, lamp } = setUp({ durationsMs })
  engine.start(light, 'a')
  if (end > 0) clock.advance(end - 1)
  if (end > 0) expect(lamp()?.status).not.toBe('LIT')
  clock.advance(end === 0 ? 0 : 1)
  expect(lamp()).toMatchObject({ status: 'LIT', at: end })
})

test('a duration for what there is not is refused', () => {
  expect(() =>
    setUp({ durationsMs: { 'lamps.light': 1, 'lamps.light.lit': 1, '*': 1 } }).engine.checkDurations(),
  ).not.toThrow()
  expect(() => setUp({ durationsMs: { 'lamps.ligth': 1 } }).engine.checkDurations()).toThrow(/lamps\.ligth/)
})

test('a rule holds a step until it is released', () => {
  const { clock, engine, lamp } = setUp({ rule: (name) => (name === 'lamps.light.lit' ? { hold: true } : undefined) })
  engine.start(light, 'a')
  clock.advance('10h')
  expect(lamp()?.status).toBe('WARM')
  expect(engine.release()).toBe(1)
  engine.settle()
  expect(lamp()?.status).toBe('LIT')
})

test('a rule delays or fails a step', () => {
  const failure: Failure = { to: 'BROKEN', message: 'fuse' }
  const late = setUp({ rule: (name) => (name === 'lamps.light.warm' ? { delayMs: 500 } : undefined) })
  late.engine.start(light, 'a')
  late.clock.advance('1400ms')
  expect(late.lamp()?.status).toBe('DARK')
  const broken = setUp({ rule: (name) => (name === 'lamps.light.lit' ? { failure } : undefined) })
  broken.engine.start(light, 'a')
  broken.clock.advance('1h')
  expect(broken.lamp()?.status).toBe('BROKEN')
})

test('a step that a rule fails is the last: no later one is reached', () => {
  const failure: Failure = { to: 'BROKEN', message: 'fuse' }
  const { engine, clock, lamp } = setUp({ rule: (name) => (name === 'lamps.light.warm' ? { failure } : undefined) })
  engine.start(light, 'a')
  clock.advance('1s')
  expect(lamp()?.status).toBe('BROKEN')
  expect(engine.nextAt()).toBeUndefined()
})

test('a lifecycle that starts while a request is to fail goes through its steps and fails at the last', () => {
  const { clock, engine, lamp } = setUp()
  engine.failing(new RequestedFailure({ to: 'ERROR', message: 'no' }), () => engine.start(light, 'a'))
  clock.advance('1s')
  expect(lamp()?.status).toBe('WARM')
  clock.advance('2s')
  expect(lamp()?.status).toBe('ERROR')
  expect(engine.nextAt()).toBeUndefined()
})

test('a cancelled lifecycle and one whose resource is gone do nothing', () => {
  const { store, clock, engine, lamp } = setUp()
  engine.start(light, 'a')
  engine.cancel(lamps, 'a')
  clock.advance('1h')
  expect(lamp()?.status).toBe('DARK')
  engine.start(light, 'a')
  store.of(lamps).delete('a')
  expect(() => clock.advance('1h')).not.toThrow()
})

test('pending transitions are part of the state', () => {
  const first = setUp()
  first.engine.start(light, 'a')
  const content = structuredClone(first.store.content({ internal: true }))
  const second = setUp()
  second.store.declare(transitions)
  second.store.load(content)
  second.clock.advance('1h')
  expect(second.lamp()?.status).toBe('LIT')
})
