import type { JsonObject } from '@openstack-cpi/cpi-core'
import type { FakeOpenStack } from 'fake-openstack'

/** What a scenario prepares the cloud with. */
export interface Fixture {
  readonly cloud: FakeOpenStack
  /** Path of a file with a stemcell's image. */
  readonly stemcellPath: string
  /** Runs a CPI call that has to succeed; returns its result. `directorUuid`: as another director. */
  call(method: string, args: readonly unknown[], how?: CallAs): Promise<unknown>
  /** Sends an API request, as the CPI's user by default; returns the body of the response. */
  api(method: string, path: string, body?: unknown, user?: string): Promise<Readonly<Record<string, unknown>>>
  /** Id of a resource of the cloud, by its name. */
  idOf(kind: string, name: string): string
}

export interface CallAs {
  readonly openstack?: JsonObject
  readonly directorUuid?: string
}

/** A fixture whose calls are made by `call`. */
export const createFixture = (cloud: FakeOpenStack, stemcellPath: string, call: Fixture['call']): Fixture => ({
  cloud,
  stemcellPath,
  call,
  api: async (method, path, body, user = 'bosh') => {
    const response = await cloud.fetch(`${cloud.url}/${path}`, {
      method,
      headers: { 'x-auth-token': await cloud.token(user), 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    const text = await response.text()
    if (!response.ok) throw new Error(`fixture: ${method} ${path}: ${response.status} ${text}`)
    return text === '' ? {} : JSON.parse(text)
  },
  idOf: (kind, name) => {
    const found = (cloud.state()[kind] ?? []).find((record) => Reflect.get(record, 'name') === name)
    if (found === undefined) throw new Error(`fixture: the cloud has no ${name} among its ${kind}`)
    return found.id
  },
})

/** A manual network on a network of the seed. */
export const manualNetwork = (fixture: Pick<Fixture, 'idOf'>, network: string, ip: string, more: JsonObject = {}) => ({
  type: 'manual',
  ip,
  netmask: '255.255.252.0',
  gateway: ip.includes(':') ? 'fd00:40::1' : ip.replace(/\.\d+\.\d+$/, '.0.1'),
  dns: ['192.0.2.53'],
  default: ['dns', 'gateway'],
  cloud_properties: { net_id: fixture.idOf('networks', network) },
  ...more,
})

/** Id in the body of a response: `{"port": {"id": …}}`. */
export const idIn = (body: Readonly<Record<string, unknown>>, key: string): string =>
  String(Reflect.get(Object(body[key]), 'id'))
