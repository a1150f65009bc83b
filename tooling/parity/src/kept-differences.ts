import type { Difference } from './compare.ts'
import type { Service } from './probe.ts'

/** A difference that stays, why, and what somebody could wrongly conclude from the fake. */
export interface KeptDifference {
  readonly service: Service
  /** Names of the probes it is seen in. */
  readonly probes: readonly string[]
  /** Where in the answer; everywhere when left out. */
  readonly at?: RegExp
  readonly what: string
  readonly why: string
  readonly wrongConclusion: string
}

const unknownRoute = (service: Service, probes: readonly string[]): KeptDifference => ({
  service,
  probes,
  what: 'A route that the fake does not know answers 501; the real service answers 404.',
  why: 'A 404 could mean that the service has no such route, or that the fake forgot it. 501 tells.',
  wrongConclusion: 'That a client falls back correctly on a service without the route: it never sees the 404 here.',
})

export const keptDifferences: readonly KeptDifference[] = [
  unknownRoute('identity', ['requests / unknown path']),
  unknownRoute('compute', ['requests / unknown collection']),
  unknownRoute('image', ['requests / unknown path']),
  unknownRoute('block-storage', ['discovery / unknown collection']),
  unknownRoute('network', ['requests / unknown collection']),
  {
    service: 'compute',
    probes: ['requests / extension'],
    at: /^body\.extension\.description$/,
    what: 'Extensions of compute have their name as description.',
    why: 'Nobody decides anything by the description.',
    wrongConclusion: 'Nothing, unless descriptions are shown to people.',
  },
  {
    service: 'network',
    probes: ['requests / extension'],
    at: /^body\.extension\.description$/,
    what: 'Extensions of network have their name as description.',
    why: 'Nobody decides anything by the description.',
    wrongConclusion: 'Nothing, unless descriptions are shown to people.',
  },
  {
    service: 'compute',
    probes: ['requests / flavors, sorted'],
    at: /^body\.flavors\[\d\]\./,
    what: 'Flavors that are equal by the sort key come in the order of their ids, not of their age.',
    why: 'The database breaks such ties by a number that nobody sees.',
    wrongConclusion: 'That ties of a sorted list are in a certain order. Nobody should rely on it.',
  },
  {
    service: 'compute',
    probes: ['life of a server / password'],
    what: '`os-server-password` is not modelled (501).',
    why: 'Only an agent inside a Windows guest sets a password, and no guest runs here.',
    wrongConclusion: 'That a cloud has no such route.',
  },
]

/** What users of the services may look for and not find: 501, in the words of the service and in the journal. */
export const notModelled: readonly string[] = [
  'identity: federation, OAuth, trusts, EC2 and other credentials, policies, limits, MFA; system scope, inherited roles, domain roles and implied roles.',
  'compute: migration, evacuation, remote consoles, diagnostics, tenant usage, `restore`, the old network proxies (`os-networks`, `os-floating-ips`), images of servers that boot from a volume; making aggregates.',
  'image: the import methods `web-download` and `copy-image`, metadata definitions, cache and tasks of admins; downloads, unless uploads are kept (`keepUploads`).',
  'block-storage: backups, groups and consistency groups, transfers, messages, storage connections, migration, pools and services as admins see them; making volume types and their specs.',
  'network: trunks, RBAC policies, address scopes and groups, port forwarding, conntrack helpers and flavors, beyond empty lists; QoS, VPN, metering and segments are absent, as on the reference cloud.',
  'load-balancer: amphorae, failover; traffic: statistics stay 0 and members are never probed.',
]

/** What the comparison itself leaves out, for everybody to know. */
export const notCompared: readonly string[] = [
  'Ids, times, addresses, MACs, host names, key material, checksums and request ids: only their notation is compared.',
  'How long a state lasts: the fake is about as fast as the reference cloud, and durations are options.',
  'States that pass within milliseconds, which a poll may miss on the real cloud.',
  'The excerpt of the JSON schema that Keystone and Glance print behind a complaint about a body; the complaint itself is compared.',
  'The catalog beyond its form: the fake has no placement service and no second name for block storage.',
  'Counters (usage, revision and serial numbers), beyond being numbers, and the order of links and other sets.',
  'Headers that clients do not look at: date, server, length, connection.',
]

/** Whether one of the kept differences covers this one. */
export const isKept = (service: Service, probe: string, { at }: Difference): KeptDifference | undefined =>
  keptDifferences.find(
    (one) => one.service === service && one.probes.includes(probe) && (one.at === undefined || one.at.test(at)),
  )
