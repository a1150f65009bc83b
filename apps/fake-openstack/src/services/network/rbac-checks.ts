import type { ApiError } from '../../kernel/api-error.ts'
import type { Call } from '../../kernel/call.ts'
import { inconsistentInput, internalError, networkNotFound, neutronError } from './neutron-errors.ts'
import { projectsSharing, sharingInUse } from './rbac-access.ts'
import { type RbacObjectType, type RbacPolicyRecord, rbacPolicies } from './rbac-records.ts'
import {
  addressGroups,
  addressScopes,
  type NetworkRecord,
  networks,
  ports,
  routers,
  securityGroups,
  subnetPools,
  subnets,
} from './records.ts'

/** Neutron names the method that refused, with a number that differs from process to process. */
const failed = (method: string, error: ApiError | string): string =>
  `Callback ${method}-8735142907513 failed with "${typeof error === 'string' ? error : error.message}"`

const methods = {
  access_as_shared: 'neutron.plugins.ml2.plugin.NeutronDbPluginV2.validate_network_rbac_policy_change',
  access_as_external: 'neutron.plugins.ml2.plugin.External_net_db_mixin._process_ext_policy_create',
} as const

const externalInUse = 'neutron.plugins.ml2.plugin.External_net_db_mixin._validate_ext_not_in_use_by_tenant'

/** The modules of Neutron's objects. */
const modules: Readonly<Record<string, string>> = {
  security_group: 'securitygroup',
  address_scope: 'address_scope',
  subnetpool: 'subnetpool',
  address_group: 'address_group',
}

const methodOf = (type: RbacObjectType): string =>
  `neutron.objects.${modules[type]}.RbacNeutronDbObjectMixin.validate_rbac_policy_change`

const notOwner = (what: 'networks' | 'objects') =>
  inconsistentInput(`Only admins can manipulate policies on ${what} they do not own`)

const objectOf = ({ store }: Call, type: RbacObjectType, id: string): { readonly project_id: string } | undefined => {
  switch (type) {
    case 'network':
      return store.of(networks).get(id)
    case 'security_group':
      return store.of(securityGroups).get(id)
    case 'address_scope':
      return store.of(addressScopes).get(id)
    case 'subnetpool':
      return store.of(subnetPools).get(id)
    case 'address_group':
      return store.of(addressGroups).get(id)
    case 'qos_policy':
      return undefined
  }
}

const isOwner = (call: Call, object: { readonly project_id: string }): boolean =>
  call.isAdmin || object.project_id === call.projectId

/** Refuses a policy for an object that does not exist or is another project's. */
export const checkShareable = (
  call: Call,
  { object_type, object_id, action }: Pick<RbacPolicyRecord, 'object_type' | 'object_id' | 'action'>,
): void => {
  const object = objectOf(call, object_type, object_id)
  if (object_type === 'network') {
    if (!object) throw inconsistentInput(failed(methods[action], networkNotFound(object_id)))
    if (!isOwner(call, object)) throw inconsistentInput(failed(methods[action], notOwner('networks')))
    return
  }
  if (!object && call.isAdmin) throw internalError()
  if (!object) {
    throw inconsistentInput(failed(methodOf(object_type), "'NoneType' object is not subscriptable"))
  }
  if (!isOwner(call, object)) throw inconsistentInput(failed(methodOf(object_type), notOwner('objects')))
}

const inUse = (objectId: string, details: string) =>
  neutronError(
    409,
    'RbacPolicyInUse',
    `RBAC policy on object ${objectId} cannot be removed because other objects depend on it.\nDetails: ${details}`,
  )

/**
 * Refuses to end a policy, or to change its project, while others depend on it. @param target the project after a
 * change
 */
export const checkKept = (call: Call, policy: RbacPolicyRecord, target?: string): void => {
  const { object_type, object_id, action } = policy
  const object = objectOf(call, object_type, object_id)
  if (!object) return
  const method = object_type === 'network' ? methods[action] : methodOf(object_type)
  if (target !== undefined && action === 'access_as_shared' && !isOwner(call, object)) {
    throw inUse(object_id, failed(method, notOwner(object_type === 'network' ? 'networks' : 'objects')))
  }
  if (target === policy.target_tenant) return
  if (action === 'access_as_external') {
    checkGateways(call, policy, target)
    return
  }
  if (object.project_id === policy.target_tenant || (object_type !== 'network' && target === '*')) return
  const users = usersOf(call, object_type, object_id)
  if (!areLeftOut(call, policy, object_type === 'network' ? object.project_id : undefined, users)) return
  const details =
    object_type === 'network' ? sharingInUse(object_id) : inUse(object_id, `project_id=${policy.target_tenant}`)
  throw inUse(object_id, failed(method, details))
}

/** The projects that use an object that is shared. */
const usersOf = ({ store }: Call, type: RbacObjectType, id: string): readonly string[] => {
  switch (type) {
    case 'network':
      return store
        .of(ports)
        .where({ network: id })
        .map((port) => port.project_id)
    case 'security_group':
      return store
        .of(ports)
        .where({ securityGroup: id })
        .map((port) => port.project_id)
    case 'subnetpool':
      return store
        .of(subnets)
        .where({ subnetpool: id })
        .map((subnet) => subnet.project_id)
    default:
      return []
  }
}

/** Whether one of the users has access by this policy only. */
const areLeftOut = (
  call: Call,
  { object_id, target_tenant }: RbacPolicyRecord,
  owner: string | undefined,
  users: readonly string[],
): boolean => {
  if (target_tenant === '*') {
    const allowed = [owner, ...projectsSharing(call, object_id)]
    return users.some((user) => !allowed.includes(user))
  }
  return !isSharedWithAll(call, object_id) && users.includes(target_tenant)
}

const isSharedWithAll = ({ store }: Call, id: string): boolean =>
  [store.of(networks).get(id), store.of(addressScopes).get(id), store.of(subnetPools).get(id)].some(
    (object) => object?.shared === true,
  ) || store.of(rbacPolicies).count('access', `${id}/access_as_shared/*`) > 0

/** Refuses to take an external network from projects whose routers have their gateways there. */
const checkGateways = (call: Call, { object_id: id, target_tenant }: RbacPolicyRecord, target?: string): void => {
  const network = call.store.of(networks).get(id)
  if (!network) return
  const attached = call.store
    .of(routers)
    .all()
    .filter((router) => router.external_gateway_info?.network_id === id)
    .map((router) => router.project_id)
  if (!isTakenFrom(call, network, target_tenant, target, attached)) return
  const details = 'There are routers attached to this network that depend on this policy for access.'
  throw inUse(id, failed(externalInUse, inUse(id, details)))
}

const isTakenFrom = (
  call: Call,
  network: NetworkRecord,
  from: string,
  target: string | undefined,
  attached: readonly string[],
): boolean => {
  if (from !== '*') return network.isExternalByPolicy === true && attached.includes(from)
  if (network.is_default) {
    const details = 'Default external networks must be shared to everyone.'
    throw inUse(network.id, failed(externalInUse, inUse(network.id, details)))
  }
  const own = call.store
    .of(rbacPolicies)
    .where({ object: network.id })
    .filter(({ action }) => action === 'access_as_external')
    .map(({ target_tenant }) => target_tenant)
  return attached.some((project) => ![...own, target].includes(project))
}
