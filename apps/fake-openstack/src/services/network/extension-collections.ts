import type { Route } from '../../kernel/service.ts'
import { agentNotFound } from './agents.ts'
import type { Attributes } from './attribute.ts'
import { listZones, zoneAttributes } from './availability-zones.ts'
import { type ExtensionCollection, extensionCollectionRoutes } from './extension-collection.ts'
import { flavorObjects, serviceProfileObjects } from './flavors.ts'
import { ipAvailabilities, ipAvailabilityOf } from './ip-availability.ts'
import { networkNotFound, neutronError } from './neutron-errors.ts'
import { rbacPolicyObjects, toObjectType } from './rbac-policies.ts'
import { notEmptyString, string, toBoolean, uuid, uuidList } from './readers.ts'
import { networks } from './records.ts'
import { listServiceProviders } from './service-providers.ts'
import { trunkObjects } from './trunks.ts'

const post = { post: 'optional' } as const
const change = { post: 'optional', put: true } as const
const required = { post: 'required' } as const

/** Marks attributes as filters and as sort keys. */
const attributesOf = (filters: readonly string[], sortable: readonly string[], written: Attributes = {}): Attributes =>
  Object.fromEntries(
    [...new Set([...filters, ...sortable, ...Object.keys(written)])].map((name) => [
      name,
      {
        ...written[name],
        ...(filters.includes(name) ? { filter: true as const } : {}),
        ...(sortable.includes(name) ? { sort: true as const } : {}),
        ...(['shared', 'alive', 'admin_state_up', 'enabled'].includes(name) ? { convert: toBoolean } : {}),
      },
    ]),
  )

const owners = ['tenant_id', 'project_id']
const ownedBy = { tenant_id: post, project_id: post } as const
const tags = ['tags', 'tags-any', 'not-tags', 'not-tags-any', 'description', 'revision_number']
const missing = (type: string, words: string) => (id: string) => neutronError(404, type, words.replace('%', id))

const collections: readonly ExtensionCollection[] = [
  {
    paths: ['agents'],
    key: 'agents',
    singular: 'agent',
    attributes: attributesOf(
      ['admin_state_up', 'agent_type', 'alive', 'availability_zone', 'binary', 'description', 'host', 'id', 'topic'],
      [],
      { admin_state_up: { put: true }, description: { put: true } },
    ),
    notFound: agentNotFound,
    isUnpaged: true,
  },
  {
    paths: ['availability_zones'],
    key: 'availability_zones',
    singular: 'availability_zone',
    attributes: zoneAttributes,
    list: listZones,
  },
  {
    paths: ['service-providers'],
    key: 'service_providers',
    singular: 'service_provider',
    attributes: { service_type: {}, name: {}, default: {} },
    list: listServiceProviders,
  },
  {
    paths: ['rbac-policies'],
    key: 'rbac_policies',
    singular: 'rbac_policy',
    attributes: attributesOf(['id', 'object_id', 'object_type', 'target_tenant', 'action', ...owners], [], {
      object_type: { ...required, convert: toObjectType },
      object_id: { ...required, validate: uuid },
      target_tenant: { ...required, put: true, validate: notEmptyString },
      action: required,
      ...ownedBy,
    }),
    notFound: missing('RbacPolicyNotFound', 'RBAC policy of type unknown with ID % not found'),
    hasNoPages: true,
    isChangedByOwners: true,
    stored: rbacPolicyObjects,
  },
  {
    paths: ['trunks'],
    key: 'trunks',
    singular: 'trunk',
    attributes: attributesOf(
      ['admin_state_up', 'id', 'name', 'port_id', ...owners, ...tags],
      ['admin_state_up', 'id', 'name', 'port_id', 'status', ...owners],
      {
        admin_state_up: change,
        name: { ...change, validate: string(255) },
        description: { ...change, validate: string(255) },
        port_id: { ...required, validate: uuid },
        sub_ports: post,
        ...ownedBy,
      },
    ),
    notFound: missing('TrunkNotFound', 'Trunk % could not be found.'),
    isChangedByOwners: true,
    stored: trunkObjects,
  },
  {
    paths: ['flavors'],
    key: 'flavors',
    singular: 'flavor',
    attributes: attributesOf(
      ['description', 'enabled', 'id', 'name', 'service_type'],
      ['description', 'enabled', 'id', 'name', 'service_type'],
      {
        name: { ...change, validate: string(255) },
        description: change,
        service_type: required,
        service_profiles: { ...change, validate: uuidList },
        enabled: change,
        tenant_id: post,
        project_id: post,
      },
    ),
    notFound: missing('FlavorNotFound', 'Flavor % could not be found.'),
    isMadeByAdmins: true,
    stored: flavorObjects,
  },
  {
    paths: ['service_profiles', 'service-profiles'],
    key: 'service_profiles',
    singular: 'service_profile',
    attributes: attributesOf(
      ['description', 'driver', 'enabled', 'id'],
      ['description', 'driver', 'enabled', 'id', 'metainfo'],
      {
        description: change,
        driver: { ...change, validate: string(1024) },
        metainfo: change,
        enabled: change,
        tenant_id: post,
        project_id: post,
      },
    ),
    notFound: missing('ServiceProfileNotFound', 'Service Profile % could not be found.'),
    isMadeByAdmins: true,
    isHidden: true,
    stored: serviceProfileObjects,
  },
  {
    paths: ['network-ip-availabilities'],
    key: 'network_ip_availabilities',
    singular: 'network_ip_availability',
    attributes: attributesOf(['ip_version', 'network_id', 'network_name', ...owners], ['network_id']),
    notFound: networkNotFound,
    hiddenFromTenants: (call, id) => call.store.of(networks).has(id),
    listOfAdmin: ipAvailabilities,
    primaryKey: 'network_id',
    showToAdmin: (call, id) => {
      const network = call.store.of(networks).get(id)
      return network && ipAvailabilityOf(call, network)
    },
  },
]

/** Collections of Neutron in which the fake makes nothing, and what is not found in them. */
export const extensionCollectionsRoutes: readonly Route[] = collections.flatMap(extensionCollectionRoutes)
