import { defineCollection, type StoredRecord } from '../../kernel/collection.ts'

export type ProvisioningStatus = 'ACTIVE' | 'PENDING_CREATE' | 'PENDING_UPDATE' | 'PENDING_DELETE' | 'ERROR' | 'DELETED'

export type OperatingStatus = 'ONLINE' | 'OFFLINE' | 'DRAINING' | 'DEGRADED' | 'ERROR' | 'NO_MONITOR'

/** What all resources of Octavia have. */
export interface OctaviaRecord extends StoredRecord {
  project_id: string
  provisioning_status: ProvisioningStatus
  operating_status: OperatingStatus
  admin_state_up: boolean
  /** Epoch milliseconds. */
  created_at: number
  /** Null until the first change is through. */
  updated_at: number | null
  tags: readonly string[]
}

/** What belongs to a load balancer, and changes only with it. */
export interface ChildRecord extends OctaviaRecord {
  load_balancer_id: string
}

interface Named {
  name: string
  description: string
}

export interface LoadBalancerRecord extends OctaviaRecord, Named {
  vip_address: string
  vip_port_id: string
  vip_subnet_id: string
  vip_network_id: string
  /** False for a port that the user brought along; it stays when the load balancer goes. */
  ownsVipPort: boolean
  provider: string
  flavor_id: string | null
  availability_zone: string | null
}

export interface ListenerRecord extends ChildRecord, Named {
  protocol: string
  protocol_port: number
  connection_limit: number
  default_pool_id: string | null
  default_tls_container_ref: string | null
  sni_container_refs: readonly string[]
  insert_headers: Readonly<Record<string, string>>
  /** Milliseconds. */
  timeout_client_data: number
  timeout_member_connect: number
  timeout_member_data: number
  timeout_tcp_inspect: number
  client_authentication: string
  allowed_cidrs: readonly string[] | null
}

export interface SessionPersistence {
  type: string
  cookie_name: string | null
  persistence_timeout: number | null
  persistence_granularity: string | null
}

export interface PoolRecord extends ChildRecord, Named {
  protocol: string
  lb_algorithm: string
  session_persistence: SessionPersistence | null
  tls_enabled: boolean
}

export interface MemberRecord extends ChildRecord {
  name: string
  pool_id: string
  address: string
  protocol_port: number
  weight: number
  backup: boolean
  subnet_id: string | null
  monitor_address: string | null
  monitor_port: number | null
}

export interface HealthMonitorRecord extends ChildRecord {
  name: string
  pool_id: string
  type: string
  /** Seconds. */
  delay: number
  timeout: number
  max_retries: number
  max_retries_down: number
  http_method: string | null
  url_path: string | null
  expected_codes: string | null
  http_version: number | null
  domain_name: string | null
}

export interface L7PolicyRecord extends ChildRecord, Named {
  listener_id: string
  action: string
  redirect_pool_id: string | null
  redirect_url: string | null
  redirect_prefix: string | null
  redirect_http_code: number | null
  position: number
}

export interface L7RuleRecord extends ChildRecord {
  l7policy_id: string
  type: string
  compare_type: string
  key: string | null
  value: string
  invert: boolean
}

const ofLoadBalancer = (record: ChildRecord): string => record.load_balancer_id

export const loadBalancers = defineCollection<LoadBalancerRecord>()({
  kind: 'loadbalancers',
  indexes: {
    name: (r) => r.name,
    project: (r) => r.project_id,
    flavor: (r) => r.flavor_id,
    zone: (r) => r.availability_zone,
  },
})

export const listeners = defineCollection<ListenerRecord>()({
  kind: 'listeners',
  indexes: {
    name: (r) => r.name,
    project: (r) => r.project_id,
    loadBalancer: ofLoadBalancer,
    defaultPool: (r) => r.default_pool_id,
  },
})

export const pools = defineCollection<PoolRecord>()({
  kind: 'pools',
  indexes: { name: (r) => r.name, project: (r) => r.project_id, loadBalancer: ofLoadBalancer },
})

export const members = defineCollection<MemberRecord>()({
  kind: 'members',
  indexes: {
    project: (r) => r.project_id,
    loadBalancer: ofLoadBalancer,
    pool: (r) => r.pool_id,
    /** What may exist once in a pool. */
    place: (r) => `${r.pool_id}/${r.address}/${r.protocol_port}`,
  },
})

export const healthMonitors = defineCollection<HealthMonitorRecord>()({
  kind: 'healthmonitors',
  indexes: { project: (r) => r.project_id, loadBalancer: ofLoadBalancer, pool: (r) => r.pool_id },
})

export const l7Policies = defineCollection<L7PolicyRecord>()({
  kind: 'l7policies',
  indexes: { project: (r) => r.project_id, loadBalancer: ofLoadBalancer, listener: (r) => r.listener_id },
})

export const l7Rules = defineCollection<L7RuleRecord>()({
  kind: 'l7rules',
  indexes: { project: (r) => r.project_id, loadBalancer: ofLoadBalancer, policy: (r) => r.l7policy_id },
})

/** All that belongs to load balancers. */
export const children = [listeners, pools, members, healthMonitors, l7Policies, l7Rules] as const

/** A flavor or an availability zone of Octavia. */
export interface TemplateRecord extends StoredRecord {
  name: string
  description: string
  enabled: boolean
  profile_id: string
}

/** What a provider makes of a flavor or zone. */
export interface ProfileRecord extends StoredRecord {
  name: string
  provider_name: string
  /** A JSON object, as text. */
  data: string
}

const profileCollection = (kind: string) =>
  defineCollection<ProfileRecord>()({ kind, indexes: { name: (r) => r.name } })
const templateCollection = (kind: string) =>
  defineCollection<TemplateRecord>()({ kind, indexes: { name: (r) => r.name, profile: (r) => r.profile_id } })

export const flavorProfiles = profileCollection('load_balancer_flavor_profiles')
export const flavors = templateCollection('load_balancer_flavors')
export const availabilityZoneProfiles = profileCollection('load_balancer_zone_profiles')
export const availabilityZones = templateCollection('load_balancer_zones')

/** Statistics of something through which nothing flows. */
export const noTraffic = {
  bytes_in: 0,
  bytes_out: 0,
  active_connections: 0,
  total_connections: 0,
  request_errors: 0,
} as const
