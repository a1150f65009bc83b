import type { Difference } from './compare.ts'
import type { Service } from './probe.ts'
import type { Release } from './recording.ts'

/** A difference that stays, why, and what somebody could wrongly conclude from the fake. */
export interface KeptDifference {
  readonly service: Service
  /** All when left out. */
  readonly releases?: readonly Release[]
  /** Names of the probes it is seen in. */
  readonly probes: readonly string[]
  /** Where in the answer; everywhere when left out. */
  readonly at?: RegExp
  readonly what: string
  readonly why: string
  readonly wrongConclusion: string
}

export const keptDifferences: readonly KeptDifference[] = [
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
  {
    service: 'identity',
    probes: ['unscoped and revoked tokens / a revoked token as subject'],
    at: /^body\.error\.message$/,
    what: 'A revoked token as subject is refused in the words for a token that was never issued.',
    why: 'The fake forgets revoked tokens; status and form are the same.',
    wrongConclusion: 'Nothing, unless the words of this refusal are looked at.',
  },
  {
    service: 'compute',
    releases: ['2025.1'],
    probes: ['volumes of a server / detach again'],
    what: 'A second detach right after the volume became available is 404; the real Nova of 2025.1 said 400.',
    why: 'Nova still listed the attachment for about half a second; the fake removes it together with the state of the volume.',
    wrongConclusion: 'That an attachment is gone from Nova as soon as Cinder shows the volume as available.',
  },
  {
    service: 'load-balancer',
    releases: ['2025.1'],
    probes: ['life of a load balancer / member: while pending', 'life of a load balancer / members'],
    what: 'A second member right behind the first is refused as long as the pool is pending; the real cloud took it.',
    why: 'Its worker had finished the first one: nothing is set up there. The fake keeps the pool pending for a moment.',
    wrongConclusion: 'That a pool is always pending after a change. Both answers have to be expected.',
  },
  {
    service: 'compute',
    releases: ['2026.2'],
    probes: ['bad servers / group no uuid'],
    what: 'A scheduler hint `group` that is no UUID is refused in the words of the releases before.',
    why: 'The hint may be a list there, which no client sends.',
    wrongConclusion: 'Nothing, unless the words of this refusal are looked at.',
  },
]

/** Parts of routes that are modelled otherwise: 501, in the words of the service and in the journal. */
export const notModelledInPart: readonly string[] = [
  'identity: methods of a login other than password, token and application credential; system scope and inherited roles; changes of the services, endpoints and regions that the fake is made of.',
  'compute: images of servers that boot from a volume.',
  'image: the import methods `web-download` and `copy-image`; downloads, unless uploads are kept (`keepUploads`).',
  'load-balancer: traffic: statistics stay 0 and members are never probed.',
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
export const isKept = (
  release: Release,
  service: Service,
  probe: string,
  { at }: Difference,
): KeptDifference | undefined =>
  keptDifferences.find(
    (one) =>
      one.service === service &&
      (one.releases === undefined || one.releases.includes(release)) &&
      one.probes.includes(probe) &&
      (one.at === undefined || one.at.test(at)),
  )
