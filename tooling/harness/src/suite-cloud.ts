import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type CloudDescription, readCloudDescription } from './cloud-description.ts'
import { type CpiConfigOptions, writeCpiConfig } from './cpi-config.ts'
import { type CreatedVm, createVmArguments, type VmParams } from './create-vm.ts'
import { Director, type DirectorOptions } from './director.ts'
import { TenantView } from './tenant.ts'

/** A cloud as the tests of a suite use it. */
export class SuiteCloud {
  readonly cloud: CloudDescription
  /** The tenant `bosh`, seen with plain HTTP. */
  readonly view: TenantView
  /** A private folder, removed by `close`. */
  readonly folder: string

  protected constructor(cloud: CloudDescription, view: TenantView, folder: string) {
    this.cloud = cloud
    this.view = view
    this.folder = folder
  }

  static async open(descriptionFile: string): Promise<SuiteCloud> {
    const cloud = await readCloudDescription(descriptionFile)
    const folder = await mkdtemp(join(tmpdir(), 'openstack-cpi-suite-'))
    return new this(cloud, await TenantView.login(cloud), folder)
  }

  /** With another configuration, or more in the environment of its calls; `openstack` lays keys over the section. */
  readonly directorWith = async ({
    environment = {},
    ...options
  }: CpiConfigOptions & Pick<DirectorOptions, 'environment'> = {}): Promise<Director> =>
    new Director({
      configFile: await writeCpiConfig(this.folder, this.cloud, options),
      environment,
      ...(options.tls && this.cloud.ca_file ? { caFile: this.cloud.ca_file } : {}),
    })

  /** Creates a VM with such a configuration; see `createVmArguments`. */
  readonly createVm = async (
    params: VmParams,
    openstack: NonNullable<CpiConfigOptions['openstack']> = {},
  ): Promise<CreatedVm> => {
    const director = await this.directorWith({ openstack })
    return (await director.ask('create_vm', createVmArguments(this.cloud, params))) as CreatedVm // API version 3
  }

  readonly deleteVm = async (vm: string): Promise<void> => {
    await (await this.directorWith()).ask('delete_vm', [vm])
  }

  async close(): Promise<void> {
    await rm(this.folder, { recursive: true })
  }
}
