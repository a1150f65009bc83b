import type { CloudContext, Lifecycles } from './cloud-context.ts'
import { type CollectionDefinition, defineCollection, type StoredRecord } from './collection.ts'
import type { Failure, RequestedFailure } from './failure.ts'

/** What a step may use besides the record: the cloud at the moment the step was due, and the payload of `start`. */
export interface StepContext {
  context: CloudContext
  payload: Readonly<Record<string, unknown>>
}

export interface Step<T extends StoredRecord> {
  /** Unique in its lifecycle; rules and durations name it as `<lifecycle>.<step>`. */
  name: string
  /** Time from the step before (or from `start`), unless the cloud's options say otherwise. */
  afterMs: number
  /**
   * Fields that change. It may also change other records through `context.store`. `'stop'` ends the lifecycle, `'again'`
   * comes back to this step after its time: something that it waits for is not there yet.
   */
  apply(record: T, context: StepContext): Partial<T> | 'stop' | 'again' | undefined
}

/** A chain of states that a resource goes through by itself: data, not timers. */
export interface Lifecycle<T extends StoredRecord> {
  /** `<collection>.<verb>`, such as `servers.build`. */
  name: string
  collection: CollectionDefinition<T>
  steps: readonly Step<T>[]
  /** The step that fails when the request that began it is to fail; by default the last. */
  failingStep?: string
  /** What failing means for the record. */
  fail(record: T, failure: Failure, context: StepContext): Partial<T> | undefined
}

/** A lifecycle whose record type does not matter, for lists of them. */
export type AnyLifecycle = Pick<Lifecycle<StoredRecord>, 'name'> & { steps: readonly { name: string }[] }

/** Declares a lifecycle, keeping the record type of its collection. */
export const defineLifecycle = <T extends StoredRecord, I extends string, S extends string>(
  lifecycle: Omit<Lifecycle<T>, 'collection'> & { collection: CollectionDefinition<T, I, S> },
  // The engine only needs the record type; which indexes the collection has does not matter to it.
): Lifecycle<T> => lifecycle as unknown as Lifecycle<T>

interface TransitionRecord extends StoredRecord {
  lifecycle: string
  step: string
  resourceId: string
  kind: string
  /** Epoch milliseconds; null while held. */
  at: number | null
  payload: Readonly<Record<string, unknown>>
  /** What fails, and at which step. */
  failure: (Failure & { step: string }) | null
}

export const transitions = defineCollection<TransitionRecord>()({
  kind: '_transitions',
  internal: true,
  order: (r) => r.at ?? Number.MAX_SAFE_INTEGER,
  indexes: { resource: (r) => `${r.kind}/${r.resourceId}` },
})

/** What a rule does to a transition before it is scheduled. */
export interface TransitionEffect {
  hold?: boolean
  delayMs?: number
  failure?: Failure
}

export interface LifecycleOptions {
  /** Time of a step by `<lifecycle>.<step>`, `<lifecycle>` (each of its steps) or `*`, in milliseconds. */
  durationsMs: Readonly<Record<string, number>>
  /** Asked when a step is scheduled: does a rule hold, delay or fail it? */
  ruleFor: (transition: string, resourceId: string) => TransitionEffect | undefined
}

/** Schedules and applies transitions. They are records of the store, so snapshots and resets carry them. */
export class LifecycleEngine implements Lifecycles {
  readonly #context: () => CloudContext
  readonly #options: LifecycleOptions
  readonly #known = new Map<string, Lifecycle<StoredRecord>>()
  #requested: RequestedFailure | undefined

  constructor(context: () => CloudContext, options: LifecycleOptions) {
    this.#context = context
    this.#options = options
  }

  register(lifecycles: readonly AnyLifecycle[]): void {
    // A registry of all kinds: each lifecycle only ever sees records of its own collection.
    for (const one of lifecycles as readonly unknown[] as readonly Lifecycle<StoredRecord>[]) {
      this.#known.set(one.name, one)
    }
  }

  /** Names of all transitions, `<lifecycle>.<step>`. */
  names(): string[] {
    return [...this.#known.values()].flatMap((one) => one.steps.map((step) => `${one.name}.${step.name}`))
  }

  /** Throws when a duration is set for something that is no lifecycle and no step: it would have no effect. */
  checkDurations(): void {
    const known = new Set(['*', ...this.#known.keys(), ...this.names()])
    const unknown = Object.keys(this.#options.durationsMs).filter((name) => !known.has(name))
    if (unknown.length === 0) return
    const lifecycles = [...this.#known.keys()].join(', ')
    throw new RangeError(`no lifecycle or step for a duration: ${unknown.join(', ')}; lifecycles: ${lifecycles}`)
  }

  /** Starts a lifecycle for a resource; its first step is applied when due, never within the same request. */
  start({ name }: { readonly name: string }, id: string, payload: Readonly<Record<string, unknown>> = {}): void {
    const lifecycle = this.#known.get(name)
    if (!lifecycle) throw new Error(`lifecycle ${name} is not registered`)
    const step = lifecycle.failingStep ?? lifecycle.steps.at(-1)?.name ?? ''
    this.#schedule(name, 0, id, payload, this.#requested ? { ...this.#requested.take(), step } : null)
  }

  /** Drops everything pending for a resource, for example when it is deleted while being built. */
  cancel<T extends StoredRecord, I extends string, S extends string>(
    collection: CollectionDefinition<T, I, S>,
    id: string,
  ): void {
    const pending = this.#context().store.of(transitions)
    for (const one of pending.where({ resource: `${collection.kind}/${id}` })) pending.delete(one.id)
  }

  /** Lets held transitions go on now; answers how many. */
  release(resourceId?: string): number {
    const { store, clock } = this.#context()
    const held = store
      .of(transitions)
      .all()
      .filter((one) => one.at === null && (resourceId === undefined || one.resourceId === resourceId))
    for (const one of held) store.of(transitions).update(one.id, { at: clock.now() })
    return held.length
  }

  /** Applies all transitions that are due, in order of time. Called before each request and after each advance. */
  settle(): void {
    const { store, clock } = this.#context()
    const pending = store.of(transitions)
    const now = clock.now()
    for (let next = pending.first(); next && next.at !== null && next.at <= now; next = pending.first()) {
      const due = next
      clock.at(next.at, () => store.atomically(() => this.#apply(due)))
    }
  }

  /** When the next transition is due, in epoch milliseconds. */
  nextAt(): number | undefined {
    return this.#context().store.of(transitions).first()?.at ?? undefined
  }

  /** While `work` runs, every lifecycle that starts will fail this way. */
  failing<R>(failure: RequestedFailure | undefined, work: () => R): R {
    this.#requested = failure
    try {
      return work()
    } finally {
      this.#requested = undefined
    }
  }

  #apply(transition: TransitionRecord): void {
    const context = this.#context()
    context.store.of(transitions).delete(transition.id)
    const lifecycle = this.#known.get(transition.lifecycle)
    const records = lifecycle && context.store.of(lifecycle.collection)
    const record = records?.get(transition.resourceId)
    const index = lifecycle?.steps.findIndex((step) => step.name === transition.step) ?? -1
    const step = lifecycle?.steps[index]
    if (!lifecycle || !records || !record || !step) return
    const stepContext = { context, payload: transition.payload }
    if (transition.failure?.step === step.name) {
      const changes = lifecycle.fail(record, transition.failure, stepContext)
      if (changes && records.has(record.id)) records.update(record.id, changes)
      return
    }
    const changes = step.apply(record, stepContext)
    if (changes === 'stop') return
    if (changes === 'again') {
      this.#schedule(lifecycle.name, index, record.id, transition.payload, transition.failure)
      return
    }
    if (changes && records.has(record.id)) records.update(record.id, changes)
    if (index + 1 < lifecycle.steps.length && records.has(record.id)) {
      this.#schedule(lifecycle.name, index + 1, record.id, transition.payload, transition.failure)
    }
  }

  #schedule(
    name: string,
    index: number,
    id: string,
    payload: Readonly<Record<string, unknown>>,
    failure: TransitionRecord['failure'],
  ): void {
    const { store, clock, ids } = this.#context()
    const lifecycle = this.#known.get(name)
    const step = lifecycle?.steps[index]
    if (!lifecycle || !step) return
    const transition = `${name}.${step.name}`
    const rule = this.#options.ruleFor(transition, id)
    const durations = this.#options.durationsMs
    const afterMs = durations[transition] ?? durations[name] ?? durations['*'] ?? step.afterMs
    store.of(transitions).insert({
      id: ids.hex(),
      lifecycle: name,
      step: step.name,
      kind: lifecycle.collection.kind,
      resourceId: id,
      at: rule?.hold ? null : clock.now() + afterMs + (rule?.delayMs ?? 0),
      payload,
      failure: rule?.failure ? { ...rule.failure, step: step.name } : failure,
    })
  }
}
