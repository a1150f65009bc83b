import * as z from 'zod'

/** A seed that cannot be applied; the message says which part is wrong. */
export class SeedError extends Error {
  override readonly name = 'SeedError'
}

const limits = z.record(z.string(), z.number().int())

const project = z.strictObject({
  name: z.string(),
  description: z.string().default(''),
  /** Limits that differ from the service's defaults, by service and resource; -1 is no limit. */
  quotas: z
    .strictObject({
      compute: limits.default({}),
      'block-storage': limits.default({}),
      network: limits.default({}),
      image: limits.default({}),
      'load-balancer': limits.default({}),
    })
    .prefault({}),
})

const user = z.strictObject({
  name: z.string(),
  password: z.string(),
  /** Role names by project name. */
  roles: z.record(z.string(), z.array(z.string())),
})

const flavor = z.strictObject({
  id: z.string(),
  name: z.string(),
  ramMiB: z.number().int(),
  vcpus: z.number().int(),
  diskGiB: z.number().int(),
  ephemeralGiB: z.number().int().default(0),
  swapMiB: z.number().int().default(0),
  isPublic: z.boolean().default(true),
  description: z.string().nullable().default(null),
  extraSpecs: z.record(z.string(), z.string()).default({}),
})

const subnet = z.strictObject({
  name: z.string(),
  cidr: z.string(),
  gateway: z.string().nullable().optional(),
  dhcp: z.boolean().default(true),
  /** Address and router advertisement mode of an IPv6 subnet. */
  ipv6Mode: z.enum(['slaac', 'dhcpv6-stateful', 'dhcpv6-stateless']).nullable().default(null),
  dnsNameservers: z.array(z.string()).default([]),
  allocationPools: z.array(z.strictObject({ start: z.string(), end: z.string() })).optional(),
})

const network = z.strictObject({
  name: z.string(),
  /** Project that owns it. */
  project: z.string(),
  external: z.boolean().default(false),
  shared: z.boolean().default(false),
  subnets: z.array(subnet).default([]),
})

const securityGroupRule = z.strictObject({
  direction: z.enum(['ingress', 'egress']).default('ingress'),
  ethertype: z.enum(['IPv4', 'IPv6']).default('IPv4'),
  protocol: z.string().nullable().default(null),
  portMin: z.number().int().nullable().default(null),
  portMax: z.number().int().nullable().default(null),
  remoteCidr: z.string().nullable().default(null),
  /** Name of a group of the same project. */
  remoteGroup: z.string().nullable().default(null),
})

const image = z.strictObject({
  name: z.string(),
  project: z.string(),
  visibility: z.enum(['public', 'private', 'shared', 'community']).default('public'),
  diskFormat: z.string().default('raw'),
  containerFormat: z.string().default('bare'),
  /** Content: this many zero bytes. */
  sizeBytes: z.number().int(),
  /** Hashes of the content, where they are known; computed otherwise. */
  md5: z.string().optional(),
  sha512: z.string().optional(),
  minDiskGiB: z.number().int().default(0),
  minRamMiB: z.number().int().default(0),
  properties: z.record(z.string(), z.string()).default({}),
})

/** What a cloud is made of before the first request; the form of a seed file (YAML or JSON). */
export const seedSchema = z.strictObject({
  version: z.literal(1).default(1),
  regions: z.array(z.string()).min(1).default(['RegionOne']),
  availabilityZones: z
    .strictObject({
      /** Hosts by zone. */
      compute: z.record(z.string(), z.array(z.string())).default({ nova: ['compute-nova'] }),
      volume: z.array(z.string()).default(['nova']),
    })
    .prefault({}),
  projects: z.array(project).default([]),
  users: z.array(user).default([]),
  flavors: z.array(flavor).default([]),
  keypairs: z.array(z.strictObject({ name: z.string(), user: z.string(), publicKey: z.string() })).default([]),
  images: z.array(image).default([]),
  volumeTypes: z
    .array(
      z.strictObject({
        name: z.string(),
        description: z.string().nullable().default(null),
        isPublic: z.boolean().default(true),
        isDefault: z.boolean().default(false),
        extraSpecs: z.record(z.string(), z.string()).default({}),
      }),
    )
    .default([]),
  networks: z.array(network).default([]),
  routers: z
    .array(
      z.strictObject({
        name: z.string(),
        project: z.string(),
        externalNetwork: z.string().nullable().default(null),
        /** Names of subnets. */
        subnets: z.array(z.string()).default([]),
      }),
    )
    .default([]),
  securityGroups: z
    .array(
      z.strictObject({
        name: z.string(),
        project: z.string(),
        description: z.string().default(''),
        rules: z.array(securityGroupRule).default([]),
      }),
    )
    .default([]),
  floatingIps: z
    .array(z.strictObject({ project: z.string(), network: z.string(), address: z.string().optional() }))
    .default([]),
  /** Who is who in the cloud description file; without it `user` is the first one with a project. */
  description: z
    .strictObject({
      user: z.string(),
      smallUser: z.string().optional(),
      otherUser: z.string().optional(),
      admin: z.string().optional(),
    })
    .optional(),
})

/** A seed as users write it. */
export type SeedInput = z.input<typeof seedSchema>
/** A seed with all defaults filled in. */
export type Seed = z.output<typeof seedSchema>

/** Checks a seed; a mistake is named with its place. */
export const parseSeed = (input: unknown): Seed => {
  const result = seedSchema.safeParse(input)
  if (!result.success) throw new SeedError(`bad seed: ${z.prettifyError(result.error)}`)
  return result.data
}
