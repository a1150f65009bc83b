import { readFile } from 'node:fs/promises'
import { z } from 'zod/mini'

const subnet = z.object({ id: z.string(), cidr: z.string(), gateway: z.nullable(z.string()) })
const tenant = z.object({ name: z.string(), password: z.string(), project: z.string(), project_id: z.string() })

/**
 * The cloud description file: what a suite must know of a cloud, and all it may know. The reference cloud's
 * `fixtures.json` and the fake's `--ready-file` both have this form.
 */
const cloudDescription = z.object({
  /** OpenStack release, for example `2025.1`; a cloud that is not ours need not tell. */
  release: z.optional(z.string()),
  /** Versions of the services' packages. */
  versions: z.optional(z.record(z.string(), z.string())),
  auth_url: z.string(),
  /** Keystone behind TLS with a private CA; null where the cloud has no such listener. */
  tls_auth_url: z.nullable(z.string()),
  ca_file: z.nullable(z.string()),
  region: z.string(),
  domain: z.string(),
  /** Who may set things back that the cloud has lost; a cloud that is not ours names nobody. */
  admin: z.optional(z.object({ user: z.string(), password: z.string(), project: z.string() })),
  user: tenant,
  /** A project with quotas of one instance, one volume of 2 GiB, three ports. */
  small_user: z.extend(tenant, { network_id: z.string() }),
  other_user: tenant,
  flavors: z.record(
    z.string(),
    z.object({ id: z.string(), ram: z.number(), disk: z.number(), ephemeral: z.number(), vcpus: z.number() }),
  ),
  external_network: z.object({ id: z.string(), name: z.string() }),
  floating_ips: z.array(z.string()),
  networks: z.record(z.string(), z.object({ id: z.string(), subnets: z.record(z.string(), subnet) })),
  router: z.object({ id: z.string(), name: z.string() }),
  security_groups: z.record(z.string(), z.string()),
  keypair: z.object({ name: z.string(), public_key: z.optional(z.string()) }),
  image: z.object({ id: z.string(), name: z.string() }),
  volume_types: z.record(z.string(), z.string()),
  availability_zones: z.object({ compute: z.record(z.string(), z.array(z.string())), volume: z.array(z.string()) }),
  endpoints: z.record(z.string(), z.string()),
  /** Of a zone whose servers really boot. */
  guests: z.optional(z.object({ zone: z.string(), router: z.object({ id: z.string() }) })),
  /** Flavors that this cloud calls otherwise than the suites do, by the suites' names. */
  stand_ins: z.optional(z.record(z.string(), z.string())),
})

export type CloudDescription = z.infer<typeof cloudDescription>
export type Tenant = z.infer<typeof tenant>

/** What the described cloud calls a flavor that a suite knows under `name`. */
export const nameIn = (cloud: CloudDescription, name: string): string => cloud.stand_ins?.[name] ?? name

/** Reads a description file; throws with the offending keys when it is not one. */
export async function readCloudDescription(file: string): Promise<CloudDescription> {
  return z.parse(cloudDescription, JSON.parse(await readFile(file, 'utf8')))
}
