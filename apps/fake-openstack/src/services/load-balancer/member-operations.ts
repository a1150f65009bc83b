import { badRequest } from '../../kernel/api-error.ts'
import type { Call } from '../../kernel/call.ts'
import { isSharedWith } from '../network/rbac-access.ts'
import { networks, subnets } from '../network/records.ts'
import { address, boolean, type Fields, integer, postValues, text, textList, uuid, type Values } from './fields.ts'
import { checkQuota, newRecord } from './new-record.ts'
import { type MemberRecord, members, type PoolRecord } from './records.ts'

const memberFields: Fields = {
  name: { read: text(), put: true, fallback: '' },
  admin_state_up: { read: boolean, put: true, fallback: true },
  address: { read: address, isRequired: true },
  protocol_port: { read: integer(1, 65_535), isRequired: true },
  weight: { read: integer(0, 256), put: true, fallback: 1 },
  backup: { read: boolean, put: true, fallback: false },
  subnet_id: { read: uuid },
  project_id: { read: text() },
  tenant_id: { read: text() },
  monitor_port: { read: integer(1, 65_535), put: true },
  monitor_address: { read: address, put: true },
  tags: { read: textList, put: true, fallback: [] },
}

/** The form of a member's body. */
export const memberForm = { argument: 'member_', root: 'member', type: 'MemberRootPOST', fields: memberFields }

/** Adds a member as it was sent as part of something larger. */
export const storeMember = (call: Call, pool: PoolRecord, sent: Record<string, unknown>): MemberRecord =>
  insertMember(call, pool, postValues(sent, memberForm, call.rawJson))

/** Stores a member whose form has been checked; an unknown subnet is refused. */
export const insertMember = (call: Call, pool: PoolRecord, values: Values): MemberRecord => {
  checkQuota(call, members, { name: 'member', title: 'Member' }, pool.project_id)
  const subnet_id = values.get<string | null>('subnet_id')
  if (subnet_id !== null) checkSubnet(call, subnet_id)
  return call.store.of(members).insert({
    ...newRecord(call, values, pool.project_id),
    operating_status: 'NO_MONITOR',
    load_balancer_id: pool.load_balancer_id,
    pool_id: pool.id,
    name: values.get<string>('name'),
    address: values.get<string>('address'),
    protocol_port: values.get<number>('protocol_port'),
    weight: values.get<number>('weight'),
    backup: values.get<boolean>('backup'),
    subnet_id,
    monitor_address: values.get<string | null>('monitor_address'),
    monitor_port: values.get<number | null>('monitor_port'),
  })
}

/** Refuses a subnet that the caller's Neutron would not show. */
export const checkSubnet = (call: Call, id: string): void => {
  const subnet = call.store.of(subnets).get(id)
  const network = subnet && call.store.of(networks).get(subnet.network_id)
  const owners = [subnet?.project_id, network?.project_id]
  if (subnet && (call.isAdmin || owners.includes(call.projectId))) return
  if (network && isSharedWith(call, network, call.projectId)) return
  throw badRequest(`Subnet ${id} not found.`)
}
