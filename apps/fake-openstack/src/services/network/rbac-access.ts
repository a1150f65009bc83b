import type { Store } from '../../kernel/store.ts'
import { neutronError } from './neutron-errors.ts'
import { type RbacAction, type RbacObjectType, rbacPolicies } from './rbac-records.ts'
import { type NetworkRecord, ports, subnets } from './records.ts'

/** A request, or the cloud itself. */
interface Holder {
  readonly store: Store
}

const isGranted = ({ store }: Holder, id: string, action: RbacAction, projectId: string): boolean =>
  [projectId, '*'].some((target) => store.of(rbacPolicies).count('access', `${id}/${action}/${target}`) > 0)

/** Whether an object is shared with the project, by its attribute or by a policy. */
export const isSharedWith = (
  holder: Holder,
  object: { readonly id: string; readonly shared?: boolean },
  projectId: string,
): boolean => object.shared === true || isGranted(holder, object.id, 'access_as_shared', projectId)

/** Whether the network is external, and for the project. */
export const isExternalFor = (holder: Holder, network: NetworkRecord, projectId: string): boolean =>
  network['router:external'] &&
  (network.isExternalByPolicy !== true || isGranted(holder, network.id, 'access_as_external', projectId))

/** Whether the project sees the network: as its owner, shared with it, or external. */
export const seesNetwork = (holder: Holder, network: NetworkRecord, projectId: string): boolean =>
  network.project_id === projectId ||
  isSharedWith(holder, network, projectId) ||
  isExternalFor(holder, network, projectId)

/** Ids of the objects of a type to which policies give the project access. */
export const grantedIds = ({ store }: Holder, type: RbacObjectType, projectId: string): string[] => {
  const all = store.of(rbacPolicies)
  const granted = [...all.where({ target: projectId }), ...all.where({ target: '*' })]
  return [...new Set(granted.filter((one) => one.object_type === type).map((one) => one.object_id))]
}

/** Deletes the policies of an object: all, or those with the action and the target. */
export const removePolicies = (
  { store }: Holder,
  objectId: string,
  which: { readonly action?: RbacAction; readonly target?: string } = {},
): void => {
  for (const policy of store.of(rbacPolicies).where({ object: objectId })) {
    if (which.action !== undefined && policy.action !== which.action) continue
    if (which.target !== undefined && policy.target_tenant !== which.target) continue
    store.of(rbacPolicies).delete(policy.id)
  }
}

/** The projects that single policies share an object with. */
export const projectsSharing = ({ store }: Holder, objectId: string): string[] =>
  store
    .of(rbacPolicies)
    .where({ object: objectId })
    .filter(({ action, target_tenant }) => action === 'access_as_shared' && target_tenant !== '*')
    .map(({ target_tenant }) => target_tenant)

/** @param name of the network, or its id where Neutron says that */
export const sharingInUse = (name: string) =>
  neutronError(
    409,
    'InvalidSharedSetting',
    `Unable to reconfigure sharing settings for network ${name}. Multiple tenants are using it.`,
  )

/** Refuses to end the sharing of a network with everybody while others have ports or subnets on it. */
export const checkUnsharable = (holder: Holder, network: NetworkRecord): void => {
  const onIt = { network: network.id }
  const used = holder.store.of(ports).where(onIt)
  const owners = [
    ...used.filter((port) => !port.device_owner.startsWith('network:')),
    ...holder.store.of(subnets).where(onIt),
  ]
  const allowed = [network.project_id, ...projectsSharing(holder, network.id)]
  if (owners.some(({ project_id }) => !allowed.includes(project_id))) throw sharingInUse(network.name)
}
