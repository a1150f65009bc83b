import { responseOf } from './adapters/broken-answer.ts'
import type { Listener, ListenOptions } from './adapters/http.ts'
import { createCloud, type FakeOpenStackOptions } from './cloud.ts'
import type { Cloud, Snapshot } from './cloud-interface.ts'
import type { CloudState } from './cloud-state.ts'
import { type Credentials, credentialsOf } from './credentials.ts'
import type { FakeOpenStack } from './fake-interface.ts'
import { type Guest, guestOf } from './guest/guest-view.ts'
import type { CloudContext } from './kernel/cloud-context.ts'
import type { FaultRule } from './kernel/fault-rule.ts'
import type { StoreContent } from './kernel/store.ts'
import { refuseUnknownOptions } from './option-names.ts'
import { type FaultPresetName, presetRule } from './presets/fault-presets.ts'
import { defaultDomainId } from './seed/identity.ts'
import { nameKey, projects, users } from './services/identity/records.ts'

/** A fake with its parts, for the command line and the tests of this package. */
export interface FakeWithParts extends FakeOpenStack, Pick<Cloud, 'context'> {
  readonly store: CloudContext['store']
}

/** Creates a fake with its parts; see `createFakeOpenStack`. */
export const createFakeWithParts = (options: FakeOpenStackOptions = {}): FakeWithParts => {
  refuseUnknownOptions(options)
  const cloud = createCloud(options)
  const { context } = cloud
  const origin = options.origin ?? 'http://openstack.test'

  const fetchFromCloud = async (input: Request | string | URL, init?: RequestInit): Promise<Response> => {
    const request = input instanceof Request && init === undefined ? input : new Request(input, init)
    return responseOf(await cloud.exchange(request), request.signal)
  }

  const listeners: Listener[] = []

  const listen = async (listenOptions: ListenOptions = {}): Promise<Listener & { authUrl: string }> => {
    const { serveHttp } = await import('./adapters/http.ts')
    const listener = await serveHttp(cloud.exchange, () => context.clock.now(), listenOptions)
    listeners.push(listener)
    return { ...listener, authUrl: `${listener.url}/identity/v3` }
  }

  const findUser = (name: string) => {
    const user = context.store.of(users).find({ name: nameKey(defaultDomainId, name) })
    if (!user) throw new Error(`the cloud has no user ${name}`)
    return user
  }

  const token = async (userName: string, projectName = userName): Promise<string> => {
    const user = findUser(userName)
    const domain = { id: defaultDomainId }
    const response = await fetchFromCloud(`${origin}/identity/v3/auth/tokens`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        auth: {
          identity: { methods: ['password'], password: { user: { id: user.id, password: user.password } } },
          scope: { project: { name: projectName, domain } },
        },
      }),
    })
    const subject = response.headers.get('x-subject-token')
    if (subject === null)
      throw new Error(`no token for ${userName} in ${projectName}: ${response.status} ${await response.text()}`)
    return subject
  }

  return {
    fetch: fetchFromCloud,
    exchange: cloud.exchange,
    listen,
    close: async (): Promise<void> => {
      await Promise.all(listeners.splice(0).map((listener) => listener.close()))
    },
    url: origin,
    authUrl: `${origin}/identity/v3`,
    clock: context.clock,
    lifecycle: context.lifecycle,
    store: context.store,
    context,
    seed: cloud.seed,
    journal: cloud.journal,
    faults: cloud.faults,
    addPreset: (name: FaultPresetName, changes?: Partial<Omit<FaultRule, 'do'>>): string =>
      cloud.faults.add(presetRule(name, context.clock.now(), changes)),
    state: (): CloudState => {
      context.lifecycle.settle()
      return context.store.content() as StoreContent & CloudState // every kind that a service declares
    },
    guest: (serverId: string): Guest => {
      const guest = guestOf(context, serverId)
      if (guest === undefined) throw new Error(`there is no guest of a server ${serverId}`)
      return guest
    },
    token,
    credentials: (name?: string): Credentials => credentialsOf(cloud.seed, `${origin}/identity/v3`, name),
    userId: (name: string): string => findUser(name).id,
    projectId: (name: string): string => {
      const project = context.store.of(projects).find({ name: nameKey(defaultDomainId, name) })
      if (!project) throw new Error(`the cloud has no project ${name}`)
      return project.id
    },
    runUntil: (predicate: () => boolean): void => {
      context.lifecycle.settle()
      while (!predicate()) {
        const next = context.lifecycle.nextAt()
        if (next === undefined) throw new Error('runUntil: no transition is pending, and the condition does not hold')
        context.clock.advance(Math.max(0, next - context.clock.now()))
      }
    },
    leftovers: cloud.leftovers,
    unmodelled: cloud.unmodelled,
    reset: cloud.reset,
    checkpoint: () => {
      const { store, clock, ids } = context
      const content = store.checkpoint()
      const then = { clock: clock.state(), ids: ids.counter }
      return () => {
        store.revert(content)
        clock.restore(then.clock)
        ids.counter = then.ids
      }
    },
    snapshot: (): Snapshot => cloud.snapshot(),
    restore: (snapshot: Snapshot): void => cloud.restore(snapshot),
  }
}

/**
 * An OpenStack in memory: identity, compute, image, block storage, network and load balancer over one state. Each call
 * makes another cloud; nothing is shared between them. Throws a `TypeError` for an option that does not exist.
 */
export const createFakeOpenStack: (options?: FakeOpenStackOptions) => FakeOpenStack = createFakeWithParts
