import type { Call } from '../../kernel/call.ts'
import { type Block, blockAt, blockHolds, blocksOverlap, formatBlock, parseAddress, parseBlock } from './addresses.ts'
import { adminFlag, type Body, commonAttributes, textAttribute } from './attribute.ts'
import { badResourceRequest, neutronError } from './neutron-errors.ts'
import { isSharedWith, removePolicies } from './rbac-access.ts'
import { cidr, nonNegative, notEmptyString, orNull, toBoolean, toInteger, uuid } from './readers.ts'
import { type SubnetPoolRecord, type SubnetRecord, subnetPools, subnets } from './records.ts'
import { changesOf, newRecord, type Resource } from './resource.ts'

const subnetPoolNotFound = (id: string) =>
  neutronError(404, 'SubnetPoolNotFound', `Subnet pool ${id} could not be found.`)

const prefixLength = {
  post: 'optional',
  put: true,
  convert: toInteger,
  validate: nonNegative,
  filter: true,
  sort: true,
} as const

/** Subnet pools. https://docs.openstack.org/api-ref/network/v2/#subnet-pools */
export const subnetPoolResource: Resource<SubnetPoolRecord, 'name' | 'nameKey' | 'project', never> = {
  name: 'subnetpool',
  plural: 'subnetpools',
  path: 'subnetpools',
  collection: subnetPools,
  notFound: subnetPoolNotFound,
  knowsMarkers: false,
  quota: 'subnetpool',
  attributes: {
    ...commonAttributes,
    name: { post: 'required', put: true, validate: notEmptyString, filter: true, sort: true },
    description: textAttribute(255),
    prefixes: { post: 'required', put: true, validate: prefixList },
    default_quota: prefixLength,
    ip_version: { filter: true, sort: true },
    default_prefixlen: prefixLength,
    min_prefixlen: prefixLength,
    max_prefixlen: prefixLength,
    is_default: { ...adminFlag, sort: true },
    shared: { post: 'optional', default: false, convert: toBoolean, filter: true, sort: true, isSetByAdminOnly: true },
    address_scope_id: {
      post: 'optional',
      put: true,
      validate: orNull(uuid),
      filter: true,
      sort: true,
      isUnmodelled: true,
    },
  },
  indexes: { name: 'nameKey', project_id: 'project' },
  isVisible: (call, pool) => pool.project_id === call.projectId || isSharedWith(call, pool, call.projectId),
  scopes: () => [{}],
  view: (call, pool) => ({
    name: pool.name,
    prefixes: pool.prefixes,
    ip_version: pool.ip_version,
    min_prefixlen: pool.min_prefixlen,
    max_prefixlen: pool.max_prefixlen,
    default_prefixlen: pool.default_prefixlen,
    default_quota: pool.default_quota,
    address_scope_id: null,
    shared: isSharedWith(call, pool, call.projectId),
    is_default: pool.is_default,
  }),
  // Neutron answers with what it wrote: numbers as numbers, and nothing that is null.
  viewOfUpdate: (view) =>
    Object.fromEntries(
      Object.entries(view)
        .filter(([, value]) => value !== null)
        .map(([name, value]) => [name, name.endsWith('_prefixlen') ? Number(value) : value]),
    ),
  create: (call, body) => {
    const prefixes = (body.get<string[]>('prefixes') ?? []).map((prefix) => formatBlock(mustBe(prefix)))
    const version = versionOf(prefixes)
    const bits = version === 4 ? 32 : 128
    const min = body.get<number>('min_prefixlen') ?? (version === 4 ? 8 : 64)
    const max = body.get<number>('max_prefixlen') ?? bits
    const usual = body.get<number>('default_prefixlen') ?? min
    checkBounds({ min_prefixlen: min, max_prefixlen: max, default_prefixlen: usual, bits })
    return call.store.of(subnetPools).insert({
      ...newRecord(call, body, 0),
      name: body.get<string>('name') ?? '',
      prefixes,
      ip_version: version,
      min_prefixlen: String(min),
      max_prefixlen: String(max),
      default_prefixlen: String(usual),
      default_quota: body.get<number>('default_quota') ?? null,
      address_scope_id: null,
      shared: body.get<boolean>('shared') ?? false,
      is_default: body.get<boolean>('is_default') ?? false,
    })
  },
  update: (call, pool, body) => updatePool(call, pool, body),
  remove: (call, pool) => {
    if (call.store.of(subnets).count('subnetpool', pool.id) > 0) {
      throw neutronError(
        400,
        'SubnetPoolDeleteError',
        'Unable to delete subnet pool: Subnet pool has existing allocations.',
      )
    }
    removePolicies(call, pool.id)
    call.store.of(subnetPools).delete(pool.id)
  },
}

/** Refuses prefix lengths out of order, in the order in which Neutron compares them. */
const checkBounds = ({
  bits,
  ...lengths
}: Readonly<Record<'min_prefixlen' | 'max_prefixlen' | 'default_prefixlen' | 'bits', number>>): void => {
  const refuse = (one: keyof typeof lengths, other: keyof typeof lengths): never => {
    throw neutronError(
      400,
      'IllegalSubnetPoolPrefixBounds',
      `Illegal prefix bounds: ${one}=${lengths[one]}, ${other}=${lengths[other]}.`,
    )
  }
  if (lengths.min_prefixlen > lengths.max_prefixlen) refuse('min_prefixlen', 'max_prefixlen')
  if (lengths.max_prefixlen > bits) {
    throw neutronError(
      400,
      'IllegalSubnetPoolPrefixBounds',
      `Illegal prefix bounds: max_prefixlen=${lengths.max_prefixlen}, ip_version_max=${bits}.`,
    )
  }
  if (lengths.min_prefixlen > lengths.default_prefixlen) refuse('default_prefixlen', 'min_prefixlen')
  if (lengths.default_prefixlen > lengths.max_prefixlen) refuse('default_prefixlen', 'max_prefixlen')
}

const updatePool = (call: Call, pool: SubnetPoolRecord, body: Body): SubnetPoolRecord => {
  const changes = changesOf(body, ['name', 'description', 'is_default', 'default_quota'])
  for (const key of ['min_prefixlen', 'max_prefixlen', 'default_prefixlen']) {
    if (body.has(key)) changes[key] = String(body.get<number>(key))
  }
  const wanted = body.get<string[]>('prefixes')?.map((prefix) => mustBe(prefix))
  if (wanted) {
    const covered = pool.prefixes.every((prefix) =>
      wanted.some((block) => block.first <= mustBe(prefix).first && block.last >= mustBe(prefix).last),
    )
    if (!covered) {
      throw neutronError(
        400,
        'IllegalSubnetPoolPrefixUpdate',
        'Illegal update to prefixes: Existing prefixes must be a subset of the new prefixes.',
      )
    }
    changes['prefixes'] = wanted.map(formatBlock)
  }
  return call.store.of(subnetPools).update(pool.id, changes as Partial<SubnetPoolRecord>) // its own attributes
}

/** A block of a pool: the asked one, or the first free one of the wanted (or the pool's default) length. */
export const blockFromPool = (
  call: Call,
  poolId: string,
  version: 4 | 6,
  wanted: { block: Block | undefined; prefixlen: number | undefined; gateway: string | null | undefined },
): Block => {
  const pool = call.store.of(subnetPools).get(poolId)
  if (!pool || !(call.isAdmin || subnetPoolResource.isVisible(call, pool))) throw subnetPoolNotFound(poolId)
  if (pool.ip_version !== version) {
    throw badResourceRequest('subnets', `Cannot allocate IPv${version} subnet from IPv${pool.ip_version} subnet pool`)
  }
  const prefix = wanted.block?.prefix ?? wanted.prefixlen ?? Number(pool.default_prefixlen)
  checkLength(prefix, pool)
  const used = call.store
    .of(subnets)
    .where({ subnetpool: poolId })
    .map((subnet) => mustBe(subnet.cidr))
  const prefixes = pool.prefixes.map(mustBe)
  const gateway = wanted.gateway ? parseAddress(wanted.gateway) : undefined
  const asked = wanted.block ?? (gateway && blockAt(gateway, prefix))
  const isFree = (block: Block): boolean => used.every((other) => !blocksOverlap(other, block))
  if (asked) {
    const isInside = prefixes.some((one) => blockHolds(one, { ...asked, value: asked.first }) && asked.last <= one.last)
    if (isInside && isFree(asked)) return asked
    throw allocationFailed('Cannot allocate requested subnet from the available set of prefixes')
  }
  const size = 1n << BigInt((version === 4 ? 32 : 128) - prefix)
  for (const one of prefixes) {
    for (let first = one.first; first + size - 1n <= one.last; first += size) {
      const block = { version, prefix, first, last: first + size - 1n }
      if (isFree(block)) return block
    }
  }
  throw allocationFailed(`Insufficient prefix space to allocate subnet size /${prefix}`)
}

const checkLength = (prefix: number, pool: SubnetPoolRecord): void => {
  if (prefix < Number(pool.min_prefixlen)) {
    throw neutronError(
      400,
      'MinPrefixSubnetAllocationError',
      `Unable to allocate subnet with prefix length ${prefix}, minimum allowed prefix is ${pool.min_prefixlen}.`,
    )
  }
  if (prefix > Number(pool.max_prefixlen)) {
    throw neutronError(
      400,
      'MaxPrefixSubnetAllocationError',
      `Unable to allocate subnet with prefix length ${prefix}, maximum allowed prefix is ${pool.max_prefixlen}.`,
    )
  }
}

/** All subnets of one family on a network come from one pool, or none does. */
export const checkPoolAffinity = (siblings: readonly SubnetRecord[], poolId: string | null, version: 4 | 6): void => {
  if (siblings.every((subnet) => subnet.ip_version !== version || subnet.subnetpool_id === poolId)) return
  throw neutronError(
    400,
    'NetworkSubnetPoolAffinityError',
    'Subnets hosted on the same network must be allocated from the same subnet pool.',
  )
}

const allocationFailed = (reason: string) =>
  neutronError(500, 'SubnetAllocationError', `Failed to allocate subnet: ${reason}.`)

function prefixList(value: unknown): string | undefined {
  if (!Array.isArray(value)) return `'${String(value)}' is not a list`
  for (const prefix of value as readonly unknown[]) {
    const reason = cidr(prefix)
    if (reason !== undefined) return reason
  }
  return undefined
}

const versionOf = (prefixes: readonly string[]): 4 | 6 => {
  const versions = new Set(prefixes.map((prefix) => mustBe(prefix).version))
  const [version] = versions
  if (version === undefined) throw neutronError(400, 'EmptySubnetPoolPrefixList', 'Empty subnet pool prefix list.')
  if (versions.size > 1) {
    throw neutronError(400, 'PrefixVersionMismatch', 'Cannot mix IPv4 and IPv6 prefixes in a subnet pool.')
  }
  return version
}

/** A block whose form has been checked before. */
const mustBe = (text: string): Block => {
  const block = parseBlock(text)
  if (!block) throw new Error(`${text} is no block`)
  return block
}
