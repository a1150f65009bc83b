import { responseOf } from './adapters/broken-answer.ts'
import type { Listener, ListenOptions } from './adapters/http.ts'
import { createCloud, type FakeOpenStackOptions } from './cloud.ts'
import type { Snapshot } from './cloud-interface.ts'
import { type Credentials, credentialsOf } from './credentials.ts'
import { type Guest, guestOf } from './guest/guest-view.ts'
import type { FaultRule } from './kernel/fault-rule.ts'
import { refuseUnknownOptions } from './option-names.ts'
import { type FaultPresetName, presetRule } from './presets/fault-presets.ts'
import { defaultDomainId } from './seed/identity.ts'
import { nameKey, projects, users } from './services/identity/records.ts'

/**
 * An OpenStack in memory: identity, compute, image, block storage, network and load balancer over one state. Each call
 * makes another cloud; nothing is shared between them.
 */
export const createFakeOpenStack = (options: FakeOpenStackOptions = {}) => {
  refuseUnknownOptions(options)
  const cloud = createCloud(options)
  const { context } = cloud
  const origin = options.origin ?? 'http://openstack.test'

  const fetchFromCloud = async (input: Request | string | URL, init?: RequestInit): Promise<Response> => {
    const request = input instanceof Request && init === undefined ? input : new Request(input, init)
    return responseOf(await cloud.exchange(request), request.signal)
  }

  const listeners: Listener[] = []

  /** Opens a port on the loopback interface; several may be open. */
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

  /** A token of a user of the seed for the project of the same name (or another), got through the API. */
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
    /** Answers a request in process, as the cloud would over HTTP. */
    fetch: fetchFromCloud,
    /** As `fetch`, but telling cut connections and answers apart, for transports of your own. */
    exchange: cloud.exchange,
    listen,
    /** Closes all ports; the state stays. */
    close: async (): Promise<void> => {
      await Promise.all(listeners.splice(0).map((listener) => listener.close()))
    },
    /** Address of the cloud for in-process clients. */
    url: origin,
    authUrl: `${origin}/identity/v3`,
    /** Time: `advance('30s')`, `now()`, `setMode`. */
    clock: context.clock,
    lifecycle: context.lifecycle,
    store: context.store,
    context,
    seed: cloud.seed,
    journal: cloud.journal,
    faults: cloud.faults,
    /** Adds one of OpenStack's well-known faults by name, aimed elsewhere or repeated if asked; answers the rule's id. */
    addPreset: (name: FaultPresetName, changes?: Partial<Omit<FaultRule, 'do'>>): string =>
      cloud.faults.add(presetRule(name, context.clock.now(), changes)),
    /** All resources by kind, with everything applied that is due. */
    state: () => {
      context.lifecycle.settle()
      return context.store.content()
    },
    /** What the guest of a server sees: disks, config drive, metadata. Throws for a server that has no guest. */
    guest: (serverId: string): Guest => {
      const guest = guestOf(context, serverId)
      if (guest === undefined) throw new Error(`there is no guest of a server ${serverId}`)
      return guest
    },
    token,
    /** Login of a user of the seed, by default of the user that the cloud description is about. */
    credentials: (name?: string): Credentials => credentialsOf(cloud.seed, `${origin}/identity/v3`, name),
    userId: (name: string): string => findUser(name).id,
    projectId: (name: string): string => {
      const project = context.store.of(projects).find({ name: nameKey(defaultDomainId, name) })
      if (!project) throw new Error(`the cloud has no project ${name}`)
      return project.id
    },
    /** Advances the clock from transition to transition until the predicate holds; throws when nothing more will happen. */
    runUntil: (predicate: () => boolean): void => {
      context.lifecycle.settle()
      while (!predicate()) {
        const next = context.lifecycle.nextAt()
        if (next === undefined) throw new Error('runUntil: no transition is pending, and the condition does not hold')
        context.clock.advance(Math.max(0, next - context.clock.now()))
      }
    },
    leftovers: cloud.leftovers,
    /** What the real services have and the fake has not, and which requests asked for it. */
    unmodelled: cloud.unmodelled,
    reset: cloud.reset,
    snapshot: (): Snapshot => cloud.snapshot(),
    restore: (snapshot: Snapshot): void => cloud.restore(snapshot),
  }
}

export type FakeOpenStack = ReturnType<typeof createFakeOpenStack>
