import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type CloudDescription, readCloudDescription } from './cloud-description.ts'
import { type CpiConfigOptions, writeCpiConfig } from './cpi-config.ts'
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

  async close(): Promise<void> {
    await rm(this.folder, { recursive: true })
  }
}
