import { defineCollection, type StoredRecord } from '../../kernel/collection.ts'

/** What RBAC policies can be for. */
export type RbacObjectType =
  | 'network'
  | 'security_group'
  | 'address_scope'
  | 'subnetpool'
  | 'address_group'
  | 'qos_policy'

export type RbacAction = 'access_as_shared' | 'access_as_external'

/** Gives a project, or with `*` every project, access to an object. */
export interface RbacPolicyRecord extends StoredRecord {
  project_id: string
  object_type: RbacObjectType
  object_id: string
  action: RbacAction
  target_tenant: string
}

/** RBAC policies that were created as such; those that follow from the attributes of networks are not stored. */
export const rbacPolicies = defineCollection<RbacPolicyRecord>()({
  kind: 'rbac_policies',
  order: (r) => r.id,
  indexes: {
    project: (r) => r.project_id,
    object: (r) => r.object_id,
    target: (r) => r.target_tenant,
    access: (r) => `${r.object_id}/${r.action}/${r.target_tenant}`,
  },
})
