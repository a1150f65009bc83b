import type { TestUser } from '../cloud-under-test.ts'
import type { Service } from '../probe.ts'
import type { Generated } from './generate.ts'
import { preparedNames } from './prepare.ts'
import type { PublishedRoute } from './published.ts'

const inexact = ['name__contains', 'name__icontains', 'name__startswith', 'name__endswith', 'name__nosuch']

/** Query keys that a service reads, by the path of a list; of services that publish no schema of their queries. */
const ownKeys: Readonly<Partial<Record<Service, Readonly<Record<string, readonly string[]>>>>> = {
  // keystone/api: the lists of `build_driver_hints` and `query_filter_is_true`
  identity: {
    '/domains': ['name', 'enabled', 'tags'],
    '/projects': [
      ...['domain_id', 'enabled', 'name', 'parent_id', 'is_domain', 'tags', 'tags-any', 'not-tags', 'not-tags-any'],
      'description',
      ...inexact,
    ],
    '/projects/{target_project}': [
      ...['parents_as_list', 'parents_as_ids', 'subtree_as_list', 'subtree_as_ids', 'include_limits'],
    ],
    '/users': [
      'domain_id',
      'enabled',
      'idp_id',
      'name',
      'protocol_id',
      'unique_id',
      'password_expires_at',
      'email',
      ...inexact,
    ],
    '/users/{target_user}/projects': ['domain_id', 'enabled', 'name'],
    '/users/{target_user}/groups': ['name', 'description'],
    '/users/{user}/projects': ['domain_id', 'enabled', 'name'],
    '/groups': ['domain_id', 'name', 'description', ...inexact],
    '/groups/{group}/users': ['domain_id', 'enabled', 'name', 'password_expires_at'],
    '/roles': ['name', 'domain_id', 'description'],
    '/regions': ['parent_region_id', 'description'],
    '/services': ['type', 'name', 'enabled', ...inexact],
    '/endpoints': ['interface', 'service_id', 'region_id', 'enabled', 'url'],
    '/role_assignments': [
      ...['user.id', 'group.id', 'role.id', 'scope.domain.id', 'scope.project.id', 'scope.system', 'effective'],
      ...['scope.OS-INHERIT:inherited_to', 'include_subtree', 'include_names'],
    ],
    '/auth/projects': ['name', 'enabled'],
    '/auth/domains': ['name'],
  },
  // glance/api/v2: the attributes of an image, and what the database reads of the filters
  image: {
    '/images': [
      ...['id', 'name', 'status', 'container_format', 'disk_format', 'owner', 'checksum', 'protected', 'os_hidden'],
      ...['os_hash_algo', 'os_hash_value', 'size_min', 'size_max', 'size', 'virtual_size', 'min_disk', 'min_ram'],
      ...['created_at', 'updated_at', 'visibility', 'member_status', 'tag', 'tags', 'changes-since', 'is_public'],
      ...['deleted', 'deleted_at', 'x', 'properties', 'locations', 'self', 'file', 'schema', 'direct_url'],
    ],
    '/images/{image}/members': ['member_status', 'status'],
    '/images/{image}/tasks': ['status', 'type'],
    '/tasks': ['status', 'type', 'id'],
  },
  // cinder/api and cinder/db/sqlalchemy/models.py: an administrator filters by any column
  'block-storage': {
    '/volumes/detail': [
      ...['name', 'status', 'metadata', 'bootable', 'migration_status', 'availability_zone', 'group_id', 'size'],
      ...['created_at', 'updated_at', 'consumes_quota', 'all_tenants', 'with_count', 'id', 'display_name', 'host'],
      ...['display_description', 'user_id', 'project_id', 'snapshot_id', 'source_volid', 'volume_type_id', 'name~'],
      ...['multiattach', 'deleted', 'attach_status', 'use_quota', 'glance_metadata', 'volume_type', 'nosuch'],
    ],
    '/volumes/summary': ['all_tenants', 'name'],
    '/snapshots/detail': [
      ...['name', 'status', 'volume_id', 'metadata', 'availability_zone', 'consumes_quota', 'all_tenants', 'id'],
      ...['with_count', 'display_name', 'user_id', 'project_id', 'volume_size', 'progress', 'host', 'nosuch'],
    ],
    '/attachments/detail': [
      ...[
        'volume_id',
        'status',
        'instance_id',
        'attach_status',
        'all_tenants',
        'instance_uuid',
        'project_id',
        'nosuch',
      ],
    ],
    '/types': ['is_public', 'extra_specs', 'name', 'description', 'id', 'all_tenants', 'nosuch'],
    '/limits': ['project_id', 'tenant_id'],
    '/os-quota-sets/{project}': ['usage'],
    '/os-availability-zone': ['name'],
  },
  // octavia/common/data_models.py: the fields by which the database filters
  'load-balancer': {
    '/loadbalancers': [
      ...['name', 'description', 'project_id', 'tenant_id', 'provisioning_status', 'operating_status', 'enabled'],
      ...['topology', 'vip', 'listeners', 'pools', 'server_group_id', 'created_at', 'updated_at', 'provider', 'tags'],
      ...['flavor_id', 'availability_zone', 'admin_state_up', 'vip_address', 'vip_subnet_id', 'vip_port_id', 'id'],
      ...['vip_network_id', 'vip_qos_policy_id', 'tags-any', 'not-tags', 'not-tags-any', 'additional_vips'],
    ],
    '/listeners': [
      ...['id', 'name', 'description', 'project_id', 'default_pool_id', 'loadbalancer_id', 'load_balancer_id'],
      ...['protocol', 'protocol_port', 'connection_limit', 'admin_state_up', 'default_tls_container_ref', 'peer_port'],
      ...['insert_headers', 'timeout_client_data', 'timeout_member_connect', 'timeout_member_data', 'tags'],
      ...['timeout_tcp_inspect', 'client_ca_tls_container_ref', 'client_authentication', 'allowed_cidrs', 'l7policies'],
      ...['client_crl_container_ref', 'tls_ciphers', 'tls_versions', 'alpn_protocols', 'pools', 'sni_container_refs'],
    ],
    '/pools': [
      ...['id', 'name', 'description', 'project_id', 'protocol', 'lb_algorithm', 'admin_state_up', 'members'],
      ...['session_persistence', 'loadbalancer_id', 'listeners', 'healthmonitor_id', 'tls_container_ref', 'tags'],
      ...['ca_tls_container_ref', 'crl_container_ref', 'tls_enabled', 'tls_ciphers', 'tls_versions', 'alpn_protocols'],
      ...['listener_id', 'l7policies', 'operating_status', 'created_at'],
    ],
    '/pools/{pool}/members': [
      ...['id', 'name', 'project_id', 'pool_id', 'address', 'ip_address', 'protocol_port', 'weight', 'backup', 'tags'],
      ...['subnet_id', 'monitor_address', 'monitor_port', 'admin_state_up', 'provisioning_status', 'created_at'],
    ],
    '/healthmonitors': [
      ...['id', 'name', 'project_id', 'pool_id', 'type', 'delay', 'timeout', 'max_retries', 'max_retries_down'],
      ...['http_method', 'url_path', 'expected_codes', 'admin_state_up', 'http_version', 'domain_name', 'description'],
      ...['rise_threshold', 'fall_threshold', 'tags'],
    ],
    '/l7policies': [
      ...['id', 'name', 'description', 'project_id', 'listener_id', 'action', 'redirect_pool_id', 'redirect_url'],
      ...['redirect_prefix', 'redirect_http_code', 'position', 'admin_state_up', 'rules', 'l7rules', 'tags'],
    ],
    '/l7policies/{l7policy}/rules': [
      ...['id', 'type', 'compare_type', 'key', 'value', 'invert', 'admin_state_up', 'l7policy_id', 'tags', 'name'],
    ],
    '/providers': ['name'],
    '/flavors': ['id', 'name', 'description', 'enabled', 'flavor_profile_id', 'nosuch'],
    '/flavorprofiles': ['id', 'name', 'provider_name', 'flavor_data', 'nosuch'],
    '/availabilityzones': ['name', 'description', 'enabled', 'availability_zone_profile_id', 'nosuch'],
    '/availabilityzoneprofiles': ['id', 'name', 'provider_name', 'availability_zone_data', 'nosuch'],
  },
}

/** Keys with a form of their own, or that many lists share. */
const shared: readonly string[] = [
  'limit',
  'marker',
  'offset',
  'sort',
  'sort_key',
  'sort_dir',
  'fields',
  'page_reverse',
]

const versions: Readonly<Partial<Record<Service, readonly (string | undefined)[]>>> = {
  'block-storage': [undefined, '3.30', '3.45', '3.70'],
}

/** Query keys by the path of a list. */
export type Lists = Readonly<Record<string, readonly string[]>>

/** The lists of a service: Neutron publishes its keys, the others have a table here. Nova's schemas are in the fake. */
export const listsOf = (service: Service, routes: readonly PublishedRoute[]): Lists => {
  const lists = service === 'network' ? publishedKeys(routes) : (ownKeys[service] ?? {})
  return Object.fromEntries(Object.entries(lists).map(([path, keys]) => [path, [...keys, ...shared]]))
}

/** Every query key of every list of a service, with values that match something, nothing, or cannot be read. */
export class KeyGenerator {
  readonly #all: readonly Generated[]

  constructor(service: Service, lists: Lists) {
    this.#all = Object.entries(lists).flatMap(([path, keys]) =>
      [undefined, ...new Set(keys)].flatMap((key) => requestsOf(service, path, key)),
    )
  }

  get count(): number {
    return this.#all.length
  }

  at(number: number): Generated {
    const generated = this.#all[number]
    if (!generated) throw new RangeError(`there are only ${this.#all.length} requests`)
    return generated
  }
}

/** The keys that the schemas of the queries name, by the path of a list of which no object is named. */
const publishedKeys = (routes: readonly PublishedRoute[]): Record<string, readonly string[]> => {
  const lists: Record<string, string[]> = {}
  for (const { method, path, schemas } of routes) {
    if (method !== 'GET' || path.includes(':')) continue
    const keys = schemas.filter(({ part }) => part === 'query').flatMap(({ schema }) => propertiesOf(schema))
    if (keys.length > 0) lists[path] = [...new Set([...(lists[path] ?? []), ...keys])]
  }
  return lists
}

const propertiesOf = (schema: Readonly<Record<string, unknown>>): string[] =>
  Object.keys((schema['properties'] ?? {}) as object)

/** Where only administrators list, or list nothing but what is theirs, one user is enough. */
const usersOf: Readonly<Partial<Record<Service, readonly TestUser[]>>> = {
  identity: ['admin'],
  'load-balancer': ['bosh'],
}

/** The list with each value of a key; without a key the whole list. */
const requestsOf = (service: Service, path: string, key: string | undefined): Generated[] => {
  const users = usersOf[service] ?? (['bosh', 'admin'] as const)
  const queries =
    key === undefined ? [''] : valuesOf(service, key).map((value) => `?${encodeURIComponent(key)}=${value}`)
  return users.flatMap((as) =>
    (versions[service] ?? [undefined]).flatMap((version) =>
      queries.map((query): Generated => {
        const request = { service, method: 'GET', path: path + query, as }
        return {
          request: version === undefined ? request : { ...request, version },
          route: `GET ${path}`,
          what: [decodeURIComponent(query), ...(version === undefined ? [] : [`version ${version}`])],
        }
      }),
    ),
  )
}

const hasManyKeys: readonly Service[] = ['network', 'load-balancer']

const valuesOf = (service: Service, key: string): string[] => {
  const [base = '', comparison] = key.split('__')
  const placeholders = ['project', 'user', ...preparedNames(service)]
  const named = placeholders.find((one) => [`${one}_id`, `${one}.id`, `scope.${one}.id`].includes(base))
  return [
    ...(hasManyKeys.includes(service) ? ['nosuch', '0', '{name}'] : ['nosuch', '{unknown}', '', 'true', '0', '{name}']),
    ...(named === undefined ? [] : [`{${named}}`]),
    ...(base === 'id' ? placeholders.map((one) => `{${one}}`) : []),
    ...(comparison === undefined ? [] : ['PAR']),
  ]
}
