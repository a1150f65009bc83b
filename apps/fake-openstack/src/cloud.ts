import type { Cloud, Snapshot, Unmodelled } from './cloud-interface.ts'
import { createControl } from './control/control.ts'
import { tokens } from './kernel/auth.ts'
import { Clock, type ClockMode, type ClockState } from './kernel/clock.ts'
import type { CloudContext, CloudSettings } from './kernel/cloud-context.ts'
import { type Duration, toMs } from './kernel/duration.ts'
import { createExchange, type Upload } from './kernel/exchange.ts'
import type { Outcome } from './kernel/fault-effects.ts'
import { Faults } from './kernel/faults.ts'
import { Ids } from './kernel/ids.ts'
import { Journal } from './kernel/journal.ts'
import { LifecycleEngine, transitions } from './kernel/lifecycle.ts'
import { operationsOf, unmodelledOf } from './kernel/mounted.ts'
import { Quotas } from './kernel/quotas.ts'
import { defaultRelease, type Release } from './kernel/release.ts'
import { type Checkpoint, Store, type StoreContent } from './kernel/store.ts'
import { applySeed } from './seed/apply-seed.ts'
import { boshCloud } from './seed/bosh-cloud.ts'
import { devstackCloud } from './seed/devstack-cloud.ts'
import { emptyCloud } from './seed/empty-cloud.ts'
import { parseSeed, type Seed, type SeedInput } from './seed/schema.ts'
import { allServices } from './services/all.ts'

export interface FakeOpenStackOptions {
  /** OpenStack release whose answers the services give: `zed`, `2025.1` (default) or `2026.2`. */
  release?: Release
  /** What exists at the start; `bosh` by default. */
  seed?: 'bosh' | 'devstack' | 'empty' | SeedInput
  /** `virtual` (default) stands still until advanced. */
  clock?: ClockMode
  /** Where the clock starts; the present time by default. Epoch milliseconds. */
  startAt?: number
  /** Virtual time that passes with each request, for clients that sleep for real. */
  autoAdvance?: Duration
  /** Time that each request takes: real time while the clock is real, else virtual. */
  latency?: Duration
  /** Times of transitions by `<lifecycle>.<step>`, `<lifecycle>` or `*`; another name is refused. */
  durations?: Record<string, Duration>
  /** Most items on a page of any list. */
  pageSize?: number
  /** Life of a token; 4 h by default. */
  tokenLifetime?: Duration
  /** Keep uploaded bytes, so that images can be downloaded again. */
  keepUploads?: boolean
  /** Address by which in-process clients call the cloud. */
  origin?: string
  /** Give internal and admin endpoints addresses of their own, so that a client's choice can be seen. */
  distinctInterfaces?: boolean
  deviceNames?: CloudSettings['deviceNames']
  /** How guests see config drives; `cdrom` by default, as with Nova's `config_drive_format` iso9660. */
  configDriveType?: CloudSettings['configDriveType']
  /** Serve `/v2.0/tokens` of Keystone too. */
  keystoneV2?: boolean
  /** `neutron` serves load balancers below `/v2.0/lbaas` of Neutron and has no Octavia; `none` has neither. */
  loadBalancing?: CloudSettings['loadBalancing']
  /** Requests that the journal keeps. */
  journalCapacity?: number
  /** Number that ids are made of. */
  idSeed?: number
}

/** What `reset` goes back to. */
interface Start {
  clock: ClockState
  ids: number
  content: Checkpoint
}

/**
 * One cloud: store, clock, services. Transports (`fetch`, HTTP, msw) and the control API are thin layers over
 * `exchange`.
 */
export const createCloud = (options: FakeOpenStackOptions = {}): Cloud => {
  const seed = resolveSeed(options.seed)
  const store = new Store()
  const clock = new Clock({ mode: options.clock ?? 'virtual', startAt: options.startAt })
  const ids = new Ids(options.idSeed)
  const journal = new Journal(options.journalCapacity)
  const faults: Faults = new Faults(
    () => operationsOf(allServices),
    () => lifecycle.names(),
  )
  const lifecycle: LifecycleEngine = new LifecycleEngine(() => context, {
    durationsMs: Object.fromEntries(Object.entries(options.durations ?? {}).map(([key, value]) => [key, toMs(value)])),
    ruleFor: (transition, resourceId) => faults.forTransition(transition, resourceId),
  })
  const context: CloudContext = {
    store,
    clock,
    ids,
    lifecycle,
    quotas: new Quotas(store),
    blobs: new Map(),
    catalog: allServices
      .filter(({ type }) => type !== 'load-balancer' || (options.loadBalancing ?? 'octavia') === 'octavia')
      .map(({ type, project, prefix, catalogPath }) => ({ type, project, prefix, catalogPath })),
    settings: {
      release: options.release ?? defaultRelease,
      pageSize: options.pageSize,
      tokenLifetimeMs: toMs(options.tokenLifetime ?? '4h'),
      keepUploads: options.keepUploads ?? false,
      regions: seed.regions,
      distinctInterfaces: options.distinctInterfaces ?? false,
      computeZones: seed.availabilityZones.compute,
      volumeZones: seed.availabilityZones.volume,
      deviceNames: options.deviceNames ?? 'as-requested',
      configDriveType: options.configDriveType ?? 'cdrom',
      keystoneV2: options.keystoneV2 ?? false,
      loadBalancing: options.loadBalancing ?? 'octavia',
    },
  }
  store.of(transitions)
  store.of(tokens)
  for (const service of allServices) {
    for (const collection of service.collections) store.declare(collection)
    lifecycle.register(service.lifecycles ?? [])
    if (service.quotas) context.quotas.setDefaults(service.name, service.quotas)
  }
  lifecycle.checkDurations()
  clock.onAdvance(() => lifecycle.settle())
  const start: Start = { clock: clock.state(), ids: ids.counter, content: store.checkpoint() }
  store.fillOnFirstUse(() => {
    clock.at(start.clock.now, () => applySeed(context, seed))
    start.content = store.checkpoint()
    start.ids = ids.counter
  })
  // The built-in seeds are known to be right; a mistake in a user's own has to show immediately.
  if (seed !== boshCloud && seed !== emptyCloud) store.open()

  const answerApi = createExchange({
    context,
    services: allServices,
    faults,
    journal,
    sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
    autoAdvanceMs: toMs(options.autoAdvance ?? 0),
    latencyMs: toMs(options.latency ?? 0),
  })

  const cloud: Cloud = {
    context,
    seed,
    journal,
    faults,
    exchange: async (request: Request, upload?: Upload): Promise<Outcome> => {
      const url = new URL(request.url)
      if (url.pathname.startsWith('/_fake') || url.pathname === '/') {
        return { kind: 'answer', answer: await control(request, url) }
      }
      return answerApi(request, url, upload)
    },
    reset: (): void => {
      store.open()
      store.revert(start.content)
      context.blobs.clear()
      if (start.clock.mode === 'virtual') clock.restore(start.clock)
      ids.counter = start.ids
      journal.clear()
      faults.remove()
    },
    leftovers: (): StoreContent => {
      lifecycle.settle()
      return store.beyond(start.content)
    },
    unmodelled: (): Unmodelled => ({
      requests: journal.since().filter((entry) => entry.status === 501),
      routes: Object.fromEntries(allServices.map((service) => [service.name, unmodelledOf(service)])),
    }),
    snapshot: (): Snapshot => {
      const content = structuredClone(store.content({ internal: true }))
      return { version: 1, clock: clock.state(), ids: ids.counter, content }
    },
    restore: (snapshot: Snapshot): void => {
      if (snapshot.version !== 1) throw new Error(`unknown snapshot version ${String(snapshot.version)}; this is 1`)
      store.load(structuredClone(snapshot.content))
      clock.restore(snapshot.clock)
      ids.counter = snapshot.ids
    },
  }
  const control = createControl(cloud)
  return cloud
}

/** `bosh` and `empty` are whole; the others are checked and filled up. */
const resolveSeed = (seed: FakeOpenStackOptions['seed']): Seed => {
  if (seed === 'empty') return emptyCloud
  if (seed === 'devstack') return parseSeed(devstackCloud)
  return seed === undefined || seed === 'bosh' ? boshCloud : parseSeed(seed)
}
