import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type CloudDescription, readCloudDescription } from '@openstack-cpi/harness/cloud-description'
import { type CpiConfigOptions, writeCpiConfig } from '@openstack-cpi/harness/cpi-config'
import { Director } from '@openstack-cpi/harness/director'
import { type Inventory, TenantView } from '@openstack-cpi/harness/tenant'
import { afterAll, beforeAll, expect, inject } from 'vitest'

export interface CloudFixture {
  readonly cloud: CloudDescription
  /** The tenant `bosh`, seen with plain HTTP. */
  readonly view: TenantView
  /** A private folder, removed at the end. */
  readonly folder: string
  /** A director with a configuration for the cloud; `openstack` lays keys over the section. */
  director(options?: CpiConfigOptions): Promise<Director>
}

/**
 * Gives a test file its cloud, and fails the file when the tenant afterwards does not hold exactly what it held
 * before.
 */
export function useCloud(): () => CloudFixture {
  let fixture: CloudFixture | undefined
  let before: Inventory | undefined

  beforeAll(async () => {
    const cloud = await readCloudDescription(inject('descriptionFile'))
    const folder = await mkdtemp(join(tmpdir(), 'openstack-cpi-e2e-'))
    const view = await TenantView.login(cloud)
    before = await view.inventory()
    fixture = {
      cloud,
      view,
      folder,
      director: async (options = {}) =>
        new Director({
          configFile: await writeCpiConfig(folder, cloud, options),
          ...(options.tls && cloud.ca_file ? { caFile: cloud.ca_file } : {}),
        }),
    }
  })

  afterAll(async () => {
    if (!fixture) return
    await rm(fixture.folder, { recursive: true })
    expect(await fixture.view.inventory()).toEqual(before)
  })

  return () => {
    if (!fixture) throw new Error('the cloud is there only inside tests')
    return fixture
  }
}

/** A manual network of the description, with an address of the caller's choice. */
export function manualNetwork(cloud: CloudDescription, name: string, ip: string): Record<string, unknown> {
  const network = cloud.networks[name]
  const subnet = network && Object.values(network.subnets)[0]
  if (!network || !subnet) throw new Error(`the cloud has no network ${name}`)
  return {
    type: 'manual',
    ip,
    netmask: '255.255.252.0',
    gateway: subnet.gateway,
    dns: ['192.0.2.53'],
    default: ['dns', 'gateway'],
    cloud_properties: { net_id: network.id },
  }
}
