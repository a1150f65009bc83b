import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type CloudDescription, readCloudDescription } from '@openstack-cpi/harness/cloud-description'
import { type CpiConfigOptions, writeCpiConfig } from '@openstack-cpi/harness/cpi-config'
import { type CreatedVm, createVmArguments } from '@openstack-cpi/harness/create-vm'
import { Director, type DirectorOptions } from '@openstack-cpi/harness/director'
import { type Inventory, TenantView } from '@openstack-cpi/harness/tenant'
import { afterAll, beforeAll, expect, inject } from 'vitest'

export interface CloudFixture {
  readonly cloud: CloudDescription
  /** The tenant `bosh`, seen with plain HTTP. */
  readonly view: TenantView
  /** A private folder, removed at the end. */
  readonly folder: string
  /** With the usual configuration for the cloud. */
  readonly director: Director
  /** With another configuration, or more in the environment of its calls; `openstack` lays keys over the section. */
  directorWith(options: CpiConfigOptions & Pick<DirectorOptions, 'environment'>): Promise<Director>
  /** Creates a VM with such a configuration; see `createVmArguments`. */
  createVm(
    params: Parameters<typeof createVmArguments>[1],
    openstack?: CpiConfigOptions['openstack'],
  ): Promise<CreatedVm>
  deleteVm(vm: string): Promise<unknown>
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
    const directorWith: CloudFixture['directorWith'] = async ({ environment = {}, ...options }) =>
      new Director({
        configFile: await writeCpiConfig(folder, cloud, options),
        environment,
        ...(options.tls && cloud.ca_file ? { caFile: cloud.ca_file } : {}),
      })
    const director = await directorWith({})
    fixture = {
      cloud,
      view,
      folder,
      director,
      directorWith,
      createVm: async (params, openstack = {}) =>
        (await (await directorWith({ openstack })).ask('create_vm', createVmArguments(cloud, params))) as CreatedVm,
      deleteVm: (vm) => director.ask('delete_vm', [vm]),
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
