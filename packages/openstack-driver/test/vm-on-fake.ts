import { agentId, type CreateVm, type NetworkSpecs, stemcellCid, type VmCid } from '@openstack-cpi/cpi-core'
import { made } from './cinder-on-fake.ts'
import type { DriverOnFake } from './driver-on-fake.ts'
import { manual } from './network-specs.ts'

/** An answer of the cloud's API, as a test reads it. */
export type Answer = Readonly<Record<string, unknown>>

/** Configuration that VMs of these tests are made with. */
export const vmDefaults = { default_key_name: 'bosh', default_security_groups: ['bosh'] }

/** Id of something in the seed, by its name. */
export function idOf({ cloud }: DriverOnFake, kind: string, name: string): string {
  const found = (cloud.state()[kind] ?? []).find((record) => Reflect.get(record, 'name') === name)
  if (found === undefined) throw new Error(`the cloud has no ${name} among its ${kind}`)
  return found.id
}

/** A manual network on a network of the seed. */
export function manualOn(
  driver: DriverOnFake,
  network: string,
  ip: string,
  given: Parameters<typeof manual>[1] & { readonly name?: string } = {},
) {
  const { name = 'default', cloudProperties = {}, ...rest } = given
  const net_id = idOf(driver, 'networks', network)
  return manual(name, { ip, default: ['dns', 'gateway'], ...rest, cloudProperties: { net_id, ...cloudProperties } })
}

export interface GivenVm {
  readonly cloudProperties?: CreateVm['cloudProperties']
  readonly networks?: NetworkSpecs
  readonly disks?: CreateVm['disks']
  readonly env?: CreateVm['env']
}

/** A request for a small VM with one manual network, unless told otherwise. */
export function vmRequest(driver: DriverOnFake, given: GivenVm = {}): CreateVm {
  return {
    agentId: agentId('8a1f7e3c-0d0e-4a51-9c79-0c6f0a2b1d44'),
    stemcell: stemcellCid(idOf(driver, 'images', 'tiny-image')),
    cloudProperties: { instance_type: 'm1.tiny', ...given.cloudProperties },
    networks: given.networks ?? [manualOn(driver, 'bosh-net', '10.10.1.7')],
    disks: given.disks ?? [],
    env: given.env ?? {},
  }
}

/** A VM made by the driver. */
export function givenVm(driver: DriverOnFake, given: GivenVm = {}, how?: Parameters<DriverOnFake['call']>[0]) {
  return driver.call(how).createVm(vmRequest(driver, given))
}

/** Runs a call that has to fail and answers its error. */
export async function failureOf(work: Promise<unknown>): Promise<Error & { code?: string; okToRetry?: boolean }> {
  try {
    await work
  } catch (error) {
    if (error instanceof Error) return error
    throw error
  }
  throw new Error('it did not fail')
}

/** GET from the cloud's API, as user `bosh`. */
export async function read({ cloud }: DriverOnFake, path: string, user = 'bosh'): Promise<Answer> {
  const response = await cloud.fetch(`${cloud.url}/${path}`, { headers: { 'x-auth-token': await cloud.token(user) } })
  if (!response.ok) throw new Error(`GET ${path}: ${response.status} ${await response.text()}`)
  return (await response.json()) as Answer // an object, by the API's contract
}

/** POST to the cloud's API, as user `bosh`. */
export async function post({ cloud }: DriverOnFake, path: string, body: unknown): Promise<Answer> {
  const headers = { 'x-auth-token': await cloud.token('bosh'), 'content-type': 'application/json' }
  const response = await cloud.fetch(`${cloud.url}/${path}`, { method: 'POST', headers, body: JSON.stringify(body) })
  if (!response.ok) throw new Error(`POST ${path}: ${response.status} ${await response.text()}`)
  const text = await response.text()
  return (text === '' ? {} : JSON.parse(text)) as Answer // as above
}

/** A server as Nova shows it. */
export async function serverOf(driver: DriverOnFake, vm: VmCid): Promise<Answer> {
  return (await read(driver, `compute/v2.1/servers/${vm}`))['server'] as Answer // as above
}

/** The ports bound to a server. */
export async function portsOf(driver: DriverOnFake, vm: VmCid): Promise<readonly Answer[]> {
  return (await read(driver, `network/v2.0/ports?device_id=${vm}`))['ports'] as readonly Answer[] // as above
}

/** What the agent of the only server would read. */
export function agentSettingsOf(driver: DriverOnFake): Answer {
  const userData = made(driver, 'servers')[0]?.['user_data']
  return JSON.parse(Buffer.from(String(userData), 'base64').toString('utf8')) as Answer // written by the driver
}

/** Kinds of which the cloud has something that it had not at the start, with how many. */
export function leftBehind({ cloud }: DriverOnFake): Readonly<Record<string, number>> {
  const kinds = Object.entries(cloud.leftovers()).map(([kind, records]) => [kind, records.length] as const)
  return Object.fromEntries(kinds.filter(([kind, count]) => count > 0 && kind !== 'tokens'))
}
