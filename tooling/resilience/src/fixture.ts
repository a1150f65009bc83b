import type { JsonObject } from '@openstack-cpi/cpi-core'
import { type FakeApi, fakeApi } from '@openstack-cpi/harness/fake-api'
import type { FakeOpenStack } from 'fake-openstack'

/** What a scenario prepares the cloud with. */
export interface Fixture extends FakeApi {
  readonly cloud: FakeOpenStack
  /** Path of a file with a stemcell's image. */
  readonly stemcellPath: string
  /** Runs a CPI call that has to succeed; returns its result. `directorUuid`: as another director. */
  call(method: string, args: readonly unknown[], how?: CallAs): Promise<unknown>
}

export interface CallAs {
  readonly openstack?: JsonObject
  readonly directorUuid?: string
}

/** A fixture whose calls are made by `call`. */
export const createFixture = (cloud: FakeOpenStack, stemcellPath: string, call: Fixture['call']): Fixture => ({
  ...fakeApi(cloud),
  cloud,
  stemcellPath,
  call,
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
