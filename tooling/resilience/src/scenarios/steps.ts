import type { JsonObject } from '@openstack-cpi/cpi-core'
import * as z from 'zod'
import type { CpiRequest } from '../cpi-request.ts'
import type { CallAs, Fixture } from '../fixture.ts'

export const jsonObject = z.record(z.string(), z.json())

/** What is special about a VM. */
export const vmParams = z.strictObject({
  /** Cloud properties of the VM type, besides the smallest flavor. */
  properties: jsonObject.optional(),
  networks: z.record(z.string(), jsonObject).default({ default: { manual: 'bosh-net', ip: '10.10.1.7' } }),
  openstack: jsonObject.optional(),
})
type VmParams = z.output<typeof vmParams>

/** One step of a preparation. */
const step = z.strictObject({
  /** A VM whose `create_vm` has just ended: it has no metadata of the director yet. Its result is called `vm`. */
  vm: vmParams.optional(),
  /** Any CPI call. Its result is called `result`. */
  call: z.array(z.json()).optional(),
  /** Any API request: method, path and body. The id in its response is called `result`. */
  api: z.union([z.tuple([z.string(), z.string()]), z.tuple([z.string(), z.string(), z.json()])]).optional(),
  /** Whose API request it is. */
  user: z.string().optional(),
  /** Another name of the result of a call or an API request. */
  as: z.string().optional(),
  /** Time that passes afterwards. */
  advance: z.string().optional(),
})

type Step = z.output<typeof step>

/** Steps in order. Lists in the list are steps that several preparations share. */
export const steps = z.preprocess((list) => (Array.isArray(list) ? list.flat(9) : list), z.array(step))

const keyPairAndGroup: JsonObject = { default_key_name: 'bosh', default_security_groups: ['bosh'] }

/** The circumstances of a call while they are prepared: the cloud, and results of steps by their names. */
export class Preparation {
  readonly #fixture: Fixture
  readonly #how: CallAs & { readonly user?: string }
  readonly #results: Map<string, string>

  /** @param how whose API requests and CPI calls they are; default: the CPI's user, and the director of the scenarios */
  constructor(
    fixture: Fixture,
    how: CallAs & { readonly user?: string } = {},
    results: Readonly<Record<string, string>> = {},
  ) {
    this.#fixture = fixture
    this.#how = how
    this.#results = new Map(Object.entries({ stemcell: fixture.stemcellPath, ...results }))
  }

  async take(list: readonly Step[]): Promise<void> {
    for (const one of list) await this.#take(one)
  }

  async #take({ as = 'result', ...step }: Step): Promise<void> {
    if (step.vm !== undefined) {
      const { arguments: args, openstack } = this.vmRequest(step.vm)
      await this.#call('vm', 'create_vm', args, openstack)
    }
    if (step.call !== undefined) await this.#call(as, String(step.call[0]), step.call.slice(1))
    if (step.api !== undefined) await this.#api(as, step.api, step.user)
    if (step.advance !== undefined) this.#fixture.cloud.clock.advance(step.advance)
  }

  /** A request for a small VM, unless told otherwise. */
  vmRequest({ properties, networks, openstack }: VmParams): CpiRequest {
    const args = [
      '8a1f7e3c-0d0e-4a51-9c79-0c6f0a2b1d44',
      '<images tiny-image>',
      { instance_type: 'm1.tiny', ...properties },
      Object.fromEntries(Object.entries(this.resolve(networks)).map(([name, one]) => [name, toNetwork(one)])),
      [],
      { bosh: { group: 'director-deployment-web', tags: { team: 'x' } } },
    ]
    return { method: 'create_vm', arguments: this.resolve(args), openstack: { ...keyPairAndGroup, ...openstack } }
  }

  /** Puts ids for `<kind name>`, and results of steps for their names. */
  resolve<T>(value: T): T {
    const insert = (_: string, word: string, name?: string): string => {
      const found = name === undefined ? this.#results.get(word) : this.#fixture.idOf(word, name)
      if (found === undefined) throw new Error(`no step before has made <${word}>`)
      return found
    }
    return JSON.parse(JSON.stringify(value), (_, part: unknown) =>
      typeof part === 'string' ? part.replaceAll(/<(\w+)(?: ([^>]+))?>/g, insert) : part,
    )
  }

  async #call(name: string, method: string, args: readonly unknown[], openstack: JsonObject = {}): Promise<void> {
    const how = { ...this.#how, openstack: { ...openstack, ...this.#how.openstack } }
    const result = await this.#fixture.call(method, this.resolve(args), how)
    this.#results.set(name, String(Array.isArray(result) ? result[0] : result)) // contract §6.4, §6.21
  }

  async #api(
    name: string,
    [method, path, body]: readonly [string, string, unknown?],
    user = this.#how.user,
  ): Promise<void> {
    const sent = body === undefined ? undefined : this.resolve(body)
    const made = await this.#fixture.api(method, this.resolve(path), sent, user)
    const [resource] = Object.values(made)
    this.#results.set(name, String(Reflect.get(Object(resource), 'id')))
  }
}

/** A network of `create_vm`: manual on a network of the cloud, dynamic, or a floating IP. */
function toNetwork({ manual, dynamic, vip, ip, ...more }: JsonObject): JsonObject {
  if (typeof dynamic === 'string') return { type: 'dynamic', cloud_properties: { net_id: `<networks ${dynamic}>` } }
  if (typeof manual !== 'string') return { type: 'vip', ip: vip ?? null, cloud_properties: {}, ...more }
  const address = String(ip)
  return {
    type: 'manual',
    ip: address,
    netmask: '255.255.252.0',
    gateway: address.includes(':') ? 'fd00:40::1' : address.replace(/\.\d+\.\d+$/, '.0.1'),
    dns: ['192.0.2.53'],
    default: ['dns', 'gateway'],
    cloud_properties: { net_id: `<networks ${manual}>` },
    ...more,
  }
}
