import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { CloudDescription, Tenant } from './cloud-description.ts'

export interface CpiConfigOptions {
  readonly tenant?: Tenant
  /** Use the TLS listener of the cloud; the CA then comes as the second argument. */
  readonly tls?: boolean
  /** Laid over the `openstack` section, key by key. */
  readonly openstack?: Readonly<Record<string, unknown>>
}

/** A CPI configuration as a release job renders it, for one tenant of a described cloud. */
export function cpiConfig(cloud: CloudDescription, options: CpiConfigOptions = {}) {
  const tenant = options.tenant ?? cloud.user
  return {
    cloud: {
      plugin: 'openstack',
      properties: {
        openstack: {
          auth_url: options.tls ? cloud.tls_auth_url : cloud.auth_url,
          username: tenant.name,
          api_key: tenant.password,
          project: tenant.project,
          domain: cloud.domain,
          region: cloud.region,
          state_timeout: 120,
          wait_resource_poll_interval: 1,
          default_key_name: cloud.keypair.name,
          default_security_groups: ['bosh'],
          ...options.openstack,
        },
        agent: { mbus: 'https://mbus:mbus-password@0.0.0.0:6868', ntp: ['0.pool.ntp.org'] },
        registry: { endpoint: 'http://unused', user: 'unused', password: 'unused' },
      },
    },
  }
}

let sequence = 0

/** Writes a configuration file into a folder, readable by its owner only; returns its path. */
export async function writeCpiConfig(
  folder: string,
  cloud: CloudDescription,
  options: CpiConfigOptions = {},
): Promise<string> {
  const file = join(folder, `cpi-${sequence++}.json`)
  await writeFile(file, JSON.stringify(cpiConfig(cloud, options), null, 2), { mode: 0o600 })
  return file
}
