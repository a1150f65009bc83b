import type { StoredRecord } from './kernel/collection.ts'
import type { QuotaRecord } from './kernel/quotas.ts'
import type * as blockStorage from './services/block-storage/records.ts'
import type * as compute from './services/compute/records.ts'
import type * as identity from './services/identity/records.ts'
import type * as image from './services/image/records.ts'
import type * as loadBalancer from './services/load-balancer/records.ts'
import type * as network from './services/network/records.ts'

type Records<T extends StoredRecord> = readonly Readonly<T>[]

/**
 * The resources of a cloud by kind, each kind in the order of its lists. The records are the cloud's own: read only, and
 * of use until the next request. They hold what the services keep, which is not always what a response shows (times are
 * epoch milliseconds, a server has `vm_state` and `task_state`).
 */
export interface CloudState {
  readonly domains: Records<identity.DomainRecord>
  readonly projects: Records<identity.ProjectRecord>
  readonly users: Records<identity.UserRecord>
  readonly groups: Records<identity.GroupRecord>
  readonly group_memberships: Records<identity.MembershipRecord>
  readonly roles: Records<identity.RoleRecord>
  readonly role_assignments: Records<identity.AssignmentRecord>
  readonly application_credentials: Records<identity.ApplicationCredentialRecord>
  /** Added ones; those of the cloud itself are in the catalog. */
  readonly regions: Records<identity.RegionRecord>
  readonly services: Records<identity.ServiceRecord>
  readonly endpoints: Records<identity.EndpointRecord>
  /** Limits that differ from the defaults. */
  readonly quotas: Records<QuotaRecord>
  readonly flavors: Records<compute.FlavorRecord>
  readonly keypairs: Records<compute.KeypairRecord>
  readonly server_groups: Records<compute.ServerGroupRecord>
  readonly servers: Records<compute.ServerRecord>
  readonly images: Records<image.ImageRecord>
  readonly image_members: Records<image.ImageMemberRecord>
  readonly image_tasks: Records<image.ImageTaskRecord>
  readonly volumes: Records<blockStorage.VolumeRecord>
  readonly snapshots: Records<blockStorage.SnapshotRecord>
  readonly volume_types: Records<blockStorage.VolumeTypeRecord>
  readonly volume_attachments: Records<blockStorage.AttachmentRecord>
  readonly networks: Records<network.NetworkRecord>
  readonly subnets: Records<network.SubnetRecord>
  readonly subnetpools: Records<network.SubnetPoolRecord>
  readonly ports: Records<network.PortRecord>
  readonly routers: Records<network.RouterRecord>
  readonly floatingips: Records<network.FloatingIpRecord>
  readonly security_groups: Records<network.SecurityGroupRecord>
  readonly security_group_rules: Records<network.SecurityGroupRuleRecord>
  readonly loadbalancers: Records<loadBalancer.LoadBalancerRecord>
  readonly listeners: Records<loadBalancer.ListenerRecord>
  readonly pools: Records<loadBalancer.PoolRecord>
  readonly members: Records<loadBalancer.MemberRecord>
  readonly healthmonitors: Records<loadBalancer.HealthMonitorRecord>
  readonly l7policies: Records<loadBalancer.L7PolicyRecord>
  readonly l7rules: Records<loadBalancer.L7RuleRecord>
  readonly load_balancer_flavors: Records<loadBalancer.TemplateRecord>
  readonly load_balancer_flavor_profiles: Records<loadBalancer.ProfileRecord>
  readonly load_balancer_zones: Records<loadBalancer.TemplateRecord>
  readonly load_balancer_zone_profiles: Records<loadBalancer.ProfileRecord>
  /** By a name that is only known at run time. */
  readonly [kind: string]: Records<StoredRecord>
}
