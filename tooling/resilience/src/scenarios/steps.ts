import type { JsonObject } from '@openstack-cpi/cpi-core'
import type { CpiRequest } from '../cpi-request.ts'
import { type CallAs, type Fixture, manualNetwork } from '../fixture.ts'
import { makeAdministrator } from './administrator.ts'
import { createPools } from './pools.ts'

/** What is special about a VM. */
export interface VmParams {
  /** Cloud properties of the VM type, besides the smallest flavor. */
  readonly properties?: JsonObject
  /** Default: one manual network. */
  readonly networks?: Readonly<Record<string, JsonObject>>
  readonly openstack?: JsonObject
}

/** One step of a preparation. Its result is called like the step. */
export interface Step {
  /** A VM that its director knows. */
  readonly vm?: VmParams
  /** A VM whose `create_vm` has just ended: it has no metadata of the director yet. Its result is called `vm`. */
  readonly unfinished_vm?: VmParams
  /** A disk with these cloud properties. */
  readonly disk?: JsonObject
  /** A disk that is attached to the VM. Its result is called `disk`. */
  readonly attached_disk?: object
  /** A load balancer with these pools. */
  readonly pools?: readonly string[]
  /** A port on bosh-net, made without the CPI. */
  readonly port?: JsonObject
  /** Gives the CPI's user the role of an administrator. */
  readonly administrator?: true
  /** Any CPI call. Its result is called `result`. */
  readonly call?: readonly [method: string, ...args: unknown[]]
  /** Any API request. The id in its response is called `result`. */
  readonly api?: readonly [method: string, path: string, body?: unknown]
  /** Time that passes. */
  readonly advance?: string
  /** Another name of the result of a call or an API request. */
  readonly as?: string
}

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

  async take(step: Step): Promise<void> {
    if (step.vm !== undefined) {
      await this.#createVm(step.vm)
      await this.#call('result', 'set_vm_metadata', ['<vm>', { deployment: 'cf', job: 'db', index: 0 }])
    }
    if (step.unfinished_vm !== undefined) await this.#createVm(step.unfinished_vm)
    if (step.disk !== undefined) await this.#call('disk', 'create_disk', [1024, step.disk])
    if (step.attached_disk !== undefined) {
      await this.#call('disk', 'create_disk', [1024, {}, '<vm>'])
      await this.#call('result', 'attach_disk', ['<vm>', '<disk>'])
    }
    if (step.pools !== undefined) await createPools(this.#fixture, step.pools)
    if (step.administrator) await makeAdministrator(this.#fixture)
    if (step.call !== undefined) await this.#call(step.as ?? 'result', step.call[0], step.call.slice(1))
    if (step.port !== undefined) {
      const port = { network_id: '<networks bosh-net>', ...step.port }
      await this.#api('result', 'POST', 'network/v2.0/ports', { port })
    }
    if (step.api !== undefined) await this.#api(step.as ?? 'result', ...step.api)
    if (step.advance !== undefined) this.#fixture.cloud.clock.advance(step.advance)
  }

  /** A request for a small VM, unless told otherwise. */
  vmRequest({
    properties,
    networks = { default: { manual: 'bosh-net', ip: '10.10.1.7' } },
    openstack,
  }: VmParams): CpiRequest {
    const args = [
      '8a1f7e3c-0d0e-4a51-9c79-0c6f0a2b1d44',
      '<images tiny-image>',
      { instance_type: 'm1.tiny', ...properties },
      Object.fromEntries(
        Object.entries(this.resolve(networks)).map(([name, network]) => [name, this.#network(network)]),
      ),
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

  async #createVm(params: VmParams): Promise<void> {
    const { method, arguments: args, openstack = {} } = this.vmRequest(params)
    await this.#call('vm', method, args, openstack)
  }

  async #call(name: string, method: string, args: readonly unknown[], openstack: JsonObject = {}): Promise<void> {
    const how = { ...this.#how, openstack: { ...openstack, ...this.#how.openstack } }
    const result = await this.#fixture.call(method, this.resolve(args), how)
    this.#results.set(name, String(Array.isArray(result) ? result[0] : result)) // contract §6.4, §6.21
  }

  async #api(name: string, method: string, path: string, body?: unknown): Promise<void> {
    const sent = body === undefined ? undefined : this.resolve(body)
    const made = await this.#fixture.api(method, this.resolve(path), sent, this.#how.user)
    const [resource] = Object.values(made)
    this.#results.set(name, String(Reflect.get(Object(resource), 'id')))
  }

  #network({ manual, dynamic, vip, ip, ...more }: JsonObject): object {
    if (typeof manual === 'string') return manualNetwork(this.#fixture, manual, String(ip), more)
    if (typeof dynamic === 'string') return { type: 'dynamic', cloud_properties: { net_id: `<networks ${dynamic}>` } }
    return { type: 'vip', ip: vip, cloud_properties: {}, ...more }
  }
}
