import { createHash } from 'node:crypto'
import type { Call } from '../../kernel/call.ts'
import { notModelled } from '../../kernel/not-modelled.ts'
import { pythonStr } from '../../kernel/python-repr.ts'
import { attributeForbidden, type Body } from './attribute.ts'
import { inconsistentInput, internalError, neutronError, overQuota } from './neutron-errors.ts'
import { checkKept, checkShareable } from './rbac-checks.ts'
import { type RbacAction, type RbacObjectType, type RbacPolicyRecord, rbacPolicies } from './rbac-records.ts'
import { addressScopes, networks, subnetPools } from './records.ts'
import type { StoredObjects } from './stored-objects.ts'

/** In the order in which lists have them. */
const objectTypes: readonly RbacObjectType[] = [
  'network',
  'qos_policy',
  'security_group',
  'address_scope',
  'subnetpool',
  'address_group',
]

/** The type of an object in its usual form. */
export const toObjectType = (value: unknown): RbacObjectType => {
  if (typeof value !== 'string') throw internalError()
  const type = objectTypes.find((one) => one === value.trim().toLowerCase())
  if (type) return type
  throw inconsistentInput(`'${pythonStr(value)}' is not a valid RBAC object type`)
}

const view = ({ id, project_id, action, object_id, target_tenant, object_type }: RbacPolicyRecord) => ({
  ...{ id, project_id, action, object_id, target_tenant, object_type },
  tenant_id: project_id,
})

/** An id that stays the same, of the policy that an attribute of an object implies. */
const impliedId = (objectId: string, action: RbacAction): string => {
  const hex = createHash('sha256').update(`${objectId}/${action}`).digest('hex')
  return [hex.slice(0, 8), hex.slice(8, 12), `4${hex.slice(13, 16)}`, `8${hex.slice(17, 20)}`, hex.slice(20, 32)].join(
    '-',
  )
}

/** The policies for everybody that attributes imply: `shared` and `router:external`. */
const implied = (call: Call): RbacPolicyRecord[] => {
  const policy = (
    object_type: RbacObjectType,
    { id, project_id }: { id: string; project_id: string },
    action: RbacAction = 'access_as_shared',
  ): RbacPolicyRecord => ({
    ...{ id: impliedId(id, action), project_id, object_type, object_id: id, action },
    target_tenant: '*',
  })
  const { store } = call
  const open = store.of(networks).where({ public: 'yes' })
  const all = [
    ...open.filter((one) => one.shared).map((one) => policy('network', one)),
    ...open
      .filter((one) => one['router:external'] && one.isExternalByPolicy !== true)
      .map((one) => policy('network', one, 'access_as_external')),
    ...[...store.of(addressScopes).all()].filter((one) => one.shared).map((one) => policy('address_scope', one)),
    ...[...store.of(subnetPools).all()].filter((one) => one.shared).map((one) => policy('subnetpool', one)),
  ]
  return all.filter(({ object_id, action }) => store.of(rbacPolicies).count('access', `${object_id}/${action}/*`) === 0)
}

const allPolicies = (call: Call): RbacPolicyRecord[] =>
  [...call.store.of(rbacPolicies).all(), ...implied(call)].sort(
    (a, b) => objectTypes.indexOf(a.object_type) - objectTypes.indexOf(b.object_type) || (a.id < b.id ? -1 : 1),
  )

/** The policies that count for a project's quota. */
export const policiesOfProject = (call: Call, projectId: string): readonly RbacPolicyRecord[] =>
  allPolicies(call).filter(({ project_id }) => project_id === projectId)

const found = (call: Call, id: string): RbacPolicyRecord => {
  const policy = allPolicies(call).find((one) => one.id === id)
  if (!policy) throw internalError()
  return policy
}

/** Keeps the attribute of an object in step with the policies for everybody. */
const setAttribute = (call: Call, policy: RbacPolicyRecord, isGranted: boolean): void => {
  const { object_type, object_id: id, action, target_tenant } = policy
  if (action === 'access_as_external') setExternal(call, policy, isGranted)
  if (target_tenant !== '*' || action !== 'access_as_shared') return
  if (object_type === 'network') call.store.of(networks).update(id, { shared: isGranted })
  if (object_type === 'address_scope') call.store.of(addressScopes).update(id, { shared: isGranted })
  if (object_type === 'subnetpool') call.store.of(subnetPools).update(id, { shared: isGranted })
}

/** A network is external as long as one policy says so. */
const setExternal = (call: Call, { object_id: id, target_tenant }: RbacPolicyRecord, isGranted: boolean): void => {
  const all = call.store.of(networks)
  const network = all.get(id)
  const isForAll = network?.['router:external'] === true && network.isExternalByPolicy !== true
  if (isGranted) {
    all.update(id, { 'router:external': true, isExternalByPolicy: target_tenant !== '*' && !isForAll })
    return
  }
  if (target_tenant !== '*' && isForAll) return
  const others = call.store.of(rbacPolicies).where({ object: id })
  const isLeft = others.some(({ action }) => action === 'access_as_external')
  all.update(id, { 'router:external': isLeft, isExternalByPolicy: isLeft })
}

const refuseEverybody = (call: Call, body: Body, refuse: () => Error): void => {
  if (!call.isAdmin && body.get<string>('target_tenant') === '*') throw refuse()
}

const createForbidden = () => {
  const names = ['object_type', 'object_id', 'target_tenant', 'action']
  const rule = names.reduce((all, name) => `(${all} and rule:create_rbac_policy:${name})`, 'rule:create_rbac_policy')
  return neutronError(403, 'PolicyNotAuthorized', `${rule} is disallowed by policy`)
}

const checkAction = (type: RbacObjectType, action: string): void => {
  const valid = type === 'network' ? ['access_as_shared', 'access_as_external'] : ['access_as_shared']
  if (valid.includes(action)) return
  const shown = valid.length === 1 ? `('${valid[0]}',)` : `('${valid.join("', '")}')`
  const message = `Invalid action '${action}' for object type '${type}'. Valid actions: ${shown}`
  throw neutronError(400, 'InvalidActionForType', message)
}

const checkQuota = (call: Call, projectId: string): void => {
  const used = policiesOfProject(call, projectId).length
  if (call.context.quotas.exceeded('network', projectId, 'rbac_policy', used, 1)) throw overQuota('rbac_policy')
}

const checkUnique = (call: Call, policy: RbacPolicyRecord): void => {
  const isSame = (one: RbacPolicyRecord): boolean =>
    one.id !== policy.id &&
    (['object_id', 'action', 'target_tenant'] as const).every((name) => one[name] === policy[name])
  if (!allPolicies(call).some(isSame)) return
  throw neutronError(409, 'DuplicateRbacPolicy', 'An RBAC policy already exists with those values.')
}

const create = (call: Call, body: Body) => {
  refuseEverybody(call, body, createForbidden)
  checkQuota(call, body.project_id)
  const object_type = body.get<RbacObjectType>('object_type') ?? 'network'
  if (object_type === 'qos_policy') return notModelled(call)
  const action = body.get<RbacAction>('action') ?? 'access_as_shared'
  const object_id = body.get<string>('object_id') ?? ''
  checkAction(object_type, action)
  checkShareable(call, { object_type, object_id, action })
  const policy: RbacPolicyRecord = {
    id: call.context.ids.uuid(),
    project_id: body.project_id,
    object_type,
    object_id,
    action,
    target_tenant: body.get<string>('target_tenant') ?? '',
  }
  checkUnique(call, policy)
  setAttribute(call, policy, true)
  return view(call.store.of(rbacPolicies).insert(policy))
}

const withdraw = (call: Call, policy: RbacPolicyRecord): void => {
  if (call.store.of(rbacPolicies).has(policy.id)) call.store.of(rbacPolicies).delete(policy.id)
  setAttribute(call, policy, false)
}

/** RBAC policies: their owners see and change them. https://docs.openstack.org/api-ref/network/v2/#rbac-policies */
export const rbacPolicyObjects: StoredObjects = {
  all: (call) => (call.isAdmin ? allPolicies(call) : policiesOfProject(call, call.projectId)).map(view),
  find: (call, id) => {
    const policy = allPolicies(call).find((one) => one.id === id)
    return policy && (call.isAdmin || policy.project_id === call.projectId) ? view(policy) : undefined
  },
  create,
  update: (call, id, body) => {
    refuseEverybody(call, body, () => attributeForbidden('update', 'rbac_policy', 'target_tenant'))
    const policy = found(call, id)
    const changed = { ...policy, target_tenant: body.get<string>('target_tenant') ?? policy.target_tenant }
    checkKept(call, policy, changed.target_tenant)
    checkUnique(call, changed)
    withdraw(call, policy)
    setAttribute(call, changed, true)
    return view(call.store.of(rbacPolicies).insert(changed))
  },
  remove: (call, id) => {
    const policy = found(call, id)
    checkKept(call, policy)
    withdraw(call, policy)
  },
}
