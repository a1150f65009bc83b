import type { Call } from '../../kernel/call.ts'
import type { Reply } from '../../kernel/dialect.ts'
import { isObject } from '../../kernel/json-schema.ts'
import { accepted, created } from '../../kernel/reply.ts'
import type { Route } from '../../kernel/service.ts'
import { invalid, postValues, readPost, type Values } from './fields.ts'
import { checkSubnet, insertMember, memberForm } from './member-operations.ts'
import { commonView, mustGet, sharedFilters } from './octavia-resource.ts'
import { getPool } from './pools.ts'
import { beginPoolChange } from './provisioning.ts'
import { type MemberRecord, members, type PoolRecord, pools } from './records.ts'
import { memberExists, unknown, unknownPoolInPath } from './refusals.ts'
import { rulesOf } from './release-rules.ts'
import {
  changeable,
  changesOf,
  type Kind,
  pendingDelete,
  removalOf,
  resourceRoutes,
  updateOf,
} from './resource-routes.ts'

const memberView = (call: Call, record: MemberRecord): Record<string, unknown> => ({
  ...commonView(record),
  name: record.name,
  address: record.address,
  protocol_port: record.protocol_port,
  weight: record.weight,
  backup: record.backup,
  subnet_id: record.subnet_id,
  monitor_address: record.monitor_address,
  monitor_port: record.monitor_port,
  ...rulesOf(call).newFields.member,
})

const kind: Kind<MemberRecord, 'project' | 'loadBalancer' | 'pool' | 'place'> = {
  title: 'Member',
  plural: 'members',
  collection: members,
  view: memberView,
  isBelow: true,
  indexes: {},
  filterable: [
    ...sharedFilters,
    ...['name', 'pool_id', 'ip_address'],
    'address',
    'protocol_port',
    'weight',
    'backup',
    'subnet_id',
    'monitor_address',
    'monitor_port',
  ],
  path: '/pools/:pool/members',
  form: memberForm,
  scope: (call) => ({ pool: poolOf(call).id }),
  find: (call, id) => memberOf(call, poolOf(call), id),
}

const poolOf = (call: Call): PoolRecord => {
  const id = call.param('pool')
  if (!call.store.of(pools).has(id)) throw unknownPoolInPath(call, id)
  return getPool(call, id)
}

const memberOf = (call: Call, pool: PoolRecord, id = call.param('id')): MemberRecord => {
  const member = mustGet(call, kind, id)
  if (member.pool_id === pool.id) return member
  throw unknown(call, 'Member', member.id)
}

const create = (call: Call): Reply => {
  const pool = poolOf(call)
  const values = readPost(call, memberForm)
  const subnetId = values.get<string | null>('subnet_id')
  if (subnetId !== null) checkSubnet(call, subnetId)
  beginPoolChange(call, pool, 'Pool')
  const place = { address: values.get<string>('address'), port: values.get<number>('protocol_port') }
  if (call.store.of(members).count('place', `${pool.id}/${place.address}/${place.port}`) > 0) {
    throw memberExists(call, pool.id, place.address, place.port)
  }
  return created({ member: memberView(call, insertMember(call, pool, values)) })
}

/** Makes the pool's members those of the body; with `additive_only` none is removed. */
const replace = (call: Call): Reply => {
  const pool = poolOf(call)
  const wanted = readMembers(call)
  const isAdditive = ['true', '1', 'yes', 'on', 't', 'y'].includes(
    (call.query.get('additive_only') ?? '').toLowerCase(),
  )
  for (const values of wanted) {
    const subnetId = values.get<string | null>('subnet_id')
    if (subnetId !== null) checkSubnet(call, subnetId)
  }
  beginPoolChange(call, pool, 'Pool')
  const all = call.store.of(members)
  const kept = new Set<string>()
  for (const values of wanted) {
    const place = `${pool.id}/${values.get<string>('address')}/${values.get<number>('protocol_port')}`
    const known = all.find({ place })
    if (known) {
      all.update(known.id, {
        ...changesOf<MemberRecord>(values, changeable(memberForm)),
        provisioning_status: 'PENDING_UPDATE',
      })
      kept.add(known.id)
    } else kept.add(insertMember(call, pool, values).id)
  }
  for (const member of isAdditive ? [] : all.where({ pool: pool.id })) {
    if (!kept.has(member.id)) all.update(member.id, pendingDelete)
  }
  return accepted()
}

const readMembers = (call: Call): Values[] => {
  const body = call.rawJson
  const sent = isObject(body) ? body['members'] : undefined
  if (!Array.isArray(sent)) throw invalid('members_', body ?? null, 'unable to convert to MembersRootPUT')
  return sent.map((member: unknown) => {
    if (!isObject(member)) throw invalid('members_', member, 'unable to convert to MemberFullPOST')
    return postValues(member, { ...memberForm, argument: 'members_', root: 'members' }, body)
  })
}

const begin = (call: Call): void => beginPoolChange(call, poolOf(call), 'Pool')

/** Members of pools. https://docs.openstack.org/api-ref/load-balancer/v2/#members */
export const memberRoutes: Route[] = [
  ...resourceRoutes(kind, { create, update: updateOf(kind, { begin }), remove: removalOf(kind, { begin }) }),
  { method: 'PUT', path: kind.path, operation: 'members.replace', handle: replace },
]
