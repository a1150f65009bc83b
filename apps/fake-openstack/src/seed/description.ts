import type { CloudContext } from '../kernel/cloud-context.ts'
import { volumeTypes } from '../services/block-storage/records.ts'
import { flavors, keypairs } from '../services/compute/records.ts'
import { nameKey, projects, users } from '../services/identity/records.ts'
import { images } from '../services/image/records.ts'
import { floatingIps, networks, routers, securityGroups, subnets } from '../services/network/records.ts'
import { defaultDomainId } from './identity.ts'
import { type Seed, SeedError } from './schema.ts'

/** Files that belong to a description; null where there is none. */
export interface DescriptionFiles {
  cloudsYaml: string | null
  openrc: string | null
  privateKey: string | null
  publicKey: string | null
}

/** Where a cloud listens. */
export interface CloudListeners {
  url: string
  /** The listener behind TLS, and the file of the authority that signed its certificate. */
  tls?: { url: string; caFile: string | null }
}

/**
 * The cloud description file: what a test suite has to know of a cloud, in the schema that every cloud's description
 * has, so that a suite does not know which one it talks to.
 */
export const describeCloud = (
  context: CloudContext,
  seed: Seed,
  { url, tls }: CloudListeners,
  files: DescriptionFiles,
) => {
  const who = seed.description ?? firstUser(seed)
  const user = credentials(context, seed, who.user)
  const external = networkNamed(context, (network) => network['router:external'])
  return {
    release: context.settings.release,
    auth_url: `${url}/identity/v3`,
    region: seed.regions[0] ?? '',
    domain: 'Default',
    tls_auth_url: tls ? `${tls.url}/identity/v3` : null,
    tls_endpoints: tls ? endpoints(context, tls.url, user.project_id) : null,
    ca_file: tls?.caFile ?? null,
    clouds_yaml: files.cloudsYaml,
    openrc: files.openrc,
    admin: who.admin === undefined ? null : asUser(credentials(context, seed, who.admin)),
    user,
    small_user: who.smallUser === undefined ? null : smallUser(context, seed, who.smallUser),
    other_user: who.otherUser === undefined ? null : withoutId(credentials(context, seed, who.otherUser)),
    endpoints: endpoints(context, url, user.project_id),
    availability_zones: { compute: context.settings.computeZones, volume: context.settings.volumeZones },
    flavors: byName(context.store.of(flavors).all(), ({ id, ram, disk, ephemeral, vcpus }) => ({
      id,
      ram,
      disk,
      ephemeral,
      vcpus,
    })),
    external_network: external && {
      id: external.id,
      name: external.name,
      subnet_id: context.store.of(subnets).find({ network: external.id })?.id ?? null,
      cidr: context.store.of(subnets).find({ network: external.id })?.cidr ?? null,
    },
    floating_ips: context.store
      .of(floatingIps)
      .where({ project: user.project_id })
      .map((floatingIp) => floatingIp.floating_ip_address)
      .sort(),
    networks: byName(context.store.of(networks).where({ project: user.project_id }), (network) => ({
      id: network.id,
      subnets: byName(context.store.of(subnets).where({ network: network.id }), ({ id, cidr, gateway_ip }) => ({
        id,
        cidr,
        gateway: gateway_ip,
      })),
    })),
    router: reference(context.store.of(routers).find({ project: user.project_id })),
    security_groups: byName(context.store.of(securityGroups).where({ project: user.project_id }), ({ id }) => id),
    keypair: {
      name: context.store.of(keypairs).find({ user: user.user_id })?.name ?? null,
      private_key: files.privateKey,
      public_key: files.publicKey,
    },
    image: reference(context.store.of(images).first()),
    volume_types: byName(context.store.of(volumeTypes).all(), ({ id }) => id),
  }
}

/** Who the description is for when the seed does not say: the first user who may do something. */
const firstUser = (seed: Seed): NonNullable<Seed['description']> => {
  const user = seed.users.find(({ roles }) => Object.keys(roles).length > 0)
  if (!user) throw new SeedError('the seed has no user with a project: no user could log in')
  return { user: user.name }
}

export type CloudDescription = ReturnType<typeof describeCloud>

const endpoints = (context: CloudContext, url: string, projectId: string): Record<string, string> =>
  Object.fromEntries(
    context.catalog.map(({ type, prefix, catalogPath }) => [
      type,
      `${url}${prefix}${catalogPath.replace('%(project_id)s', projectId)}`.replace(/\/$/, ''),
    ]),
  )

/** Name, password and project of a user of the seed: the project in which the user has a role. */
export const credentials = (context: CloudContext, seed: Seed, name: string) => {
  const seeded = seed.users.find((one) => one.name === name)
  const projectName = Object.keys(seeded?.roles ?? {})[0]
  const user = context.store.of(users).find({ name: nameKey(defaultDomainId, name) })
  const project = context.store.of(projects).find({ name: nameKey(defaultDomainId, projectName ?? '') })
  if (!seeded || !user || !project) throw new SeedError(`bad seed: there is no user ${name} with a project`)
  return { name, password: seeded.password, project: project.name, project_id: project.id, user_id: user.id }
}

type Credentials = ReturnType<typeof credentials>

const asUser = ({ name, password, project }: Credentials) => ({ user: name, password, project })
const withoutId = ({ user_id: _, ...rest }: Credentials) => rest

/** Quota names of the description, and where each is kept. */
const quotaNames = [
  ['instances', 'compute', 'instances'],
  ['cores', 'compute', 'cores'],
  ['ram', 'compute', 'ram'],
  ['volumes', 'block-storage', 'volumes'],
  ['gigabytes', 'block-storage', 'gigabytes'],
  ['ports', 'network', 'port'],
  ['floatingips', 'network', 'floatingip'],
] as const

const smallUser = (context: CloudContext, seed: Seed, name: string) => {
  const user = credentials(context, seed, name)
  const quota = quotaNames.map(([key, service, resource]) => [
    key,
    context.quotas.limit(service, user.project_id, resource),
  ])
  return {
    ...withoutId(user),
    network_id: context.store.of(networks).find({ project: user.project_id })?.id ?? null,
    quota: Object.fromEntries(quota),
  }
}

const networkNamed = (context: CloudContext, matches: (network: { 'router:external': boolean }) => boolean) =>
  context.store.of(networks).all().find(matches) ?? null

const reference = (record: { id: string; name: string | null } | undefined) =>
  record ? { id: record.id, name: record.name } : null

const byName = <T extends { name: string }, R>(records: readonly T[], of: (record: T) => R): Record<string, R> =>
  Object.fromEntries(records.map((record) => [record.name, of(record)]))
