import { adminFlag, commonAttributes, textAttribute } from './attribute.ts'
import { neutronError } from './neutron-errors.ts'
import { isSharedWith, removePolicies } from './rbac-access.ts'
import { oneOf, toBoolean, toInteger } from './readers.ts'
import type { AddressScopeRecord } from './records.ts'
import { addressScopes } from './records.ts'
import { changesOf, newRecord, type Resource } from './resource.ts'

/** What the tables of address scopes have not: a description, tags, times and revisions. */
const hides = ['description', 'tags', 'created_at', 'updated_at', 'revision_number']

const { id, tenant_id, project_id } = commonAttributes

/** Address scopes. https://docs.openstack.org/api-ref/network/v2/#address-scopes */
export const addressScopeResource: Resource<AddressScopeRecord, 'name' | 'nameKey' | 'project', never> = {
  name: 'address_scope',
  plural: 'address_scopes',
  path: 'address-scopes',
  collection: addressScopes,
  notFound: (scopeId) => neutronError(404, 'AddressScopeNotFound', `Address scope ${scopeId} could not be found.`),
  knowsMarkers: false,
  attributes: {
    id,
    tenant_id,
    project_id,
    name: textAttribute(255),
    shared: { ...adminFlag, convert: toBoolean, sort: true },
    ip_version: { post: 'required', convert: toInteger, validate: oneOf(4, 6), filter: true, sort: true },
  },
  indexes: { name: 'nameKey', project_id: 'project' },
  isVisible: (call, scope) => scope.project_id === call.projectId || isSharedWith(call, scope, call.projectId),
  scopes: () => [{}],
  view: (call, scope) => ({
    name: scope.name,
    ip_version: scope.ip_version,
    shared: isSharedWith(call, scope, call.projectId),
  }),
  hides,
  create: (call, body) =>
    call.store.of(addressScopes).insert({
      ...newRecord(call, body, 0),
      name: body.get<string>('name') ?? '',
      ip_version: body.get<4 | 6>('ip_version') ?? 4,
      shared: body.get<boolean>('shared') ?? false,
    }),
  update: (call, scope, body) => {
    if (scope.shared && body.get<boolean>('shared') === false) {
      const reason = "Shared address scope can't be unshared"
      throw neutronError(400, 'AddressScopeUpdateError', `Unable to update address scope ${scope.id} : ${reason}.`)
    }
    const changes = changesOf(body, ['name', 'shared'])
    return call.store.of(addressScopes).update(scope.id, changes as Partial<AddressScopeRecord>) // its own attributes
  },
  remove: (call, scope) => {
    removePolicies(call, scope.id)
    call.store.of(addressScopes).delete(scope.id)
  },
}
