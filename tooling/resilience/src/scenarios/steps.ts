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

/**
 * Prepares a cloud step by step, and keeps the results of steps by their names.
 * @param how whose API requests and CPI calls they are; default: the CPI's user, and the director of the scenarios
 */
export function preparationIn(
  fixture: Fixture,
  how: CallAs & { readonly user?: string } = {},
  given: Readonly<Record<string, string>> = {},
) {
  const results = new Map(Object.entries({ stemcell: fixture.stemcellPath, ...given }))

  /** Puts ids for `<kind name>`, and results of steps for their names. */
  const resolve = <T>(value: T): T => {
    const insert = (_: string, word: string, name?: string): string => {
      const found = name === undefined ? results.get(word) : fixture.idOf(word, name)
      if (found === undefined) throw new Error(`no step before has made <${word}>`)
      return found
    }
    return JSON.parse(JSON.stringify(value), (_, part: unknown) =>
      typeof part === 'string' ? part.replaceAll(/<(\w+)(?: ([^>]+))?>/g, insert) : part,
    )
  }

  /** A request for a small VM, unless told otherwise. */
  const vmRequest = ({ properties, networks, openstack }: VmParams): CpiRequest => {
    const args = [
      '8a1f7e3c-0d0e-4a51-9c79-0c6f0a2b1d44',
      '<images tiny-image>',
      { instance_type: 'm1.tiny', ...properties },
      Object.fromEntries(Object.entries(resolve(networks)).map(([name, one]) => [name, toNetwork(one)])),
      [],
      { bosh: { group: 'director-deployment-web', tags: { team: 'x' } } },
    ]
    return { method: 'create_vm', arguments: resolve(args), openstack: { ...keyPairAndGroup, ...openstack } }
  }

  const call = async (name: string, { method, arguments: args, openstack }: CpiRequest): Promise<void> => {
    const as = { ...how, openstack: { ...openstack, ...how.openstack } }
    const result = await fixture.call(method, resolve(args), as)
    results.set(name, String(Array.isArray(result) ? result[0] : result)) // contract §6.4, §6.21
  }

  const take = async (list: readonly Step[]): Promise<void> => {
    for (const { vm, call: words, api, user = how.user, as = 'result', advance } of list) {
      if (vm !== undefined) await call('vm', vmRequest(vm))
      if (words !== undefined) await call(as, { method: String(words[0]), arguments: words.slice(1) })
      if (api !== undefined) {
        const [method, path, body] = resolve(api)
        const [resource] = Object.values(await fixture.api(method, path, body, user))
        results.set(as, String(Reflect.get(Object(resource), 'id')))
      }
      if (advance !== undefined) fixture.cloud.clock.advance(advance)
    }
  }
  return { resolve, vmRequest, take }
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
