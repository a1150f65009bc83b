import type { Call } from '../../kernel/call.ts'
import { isObject } from '../../kernel/json-schema.ts'
import { created, noContent } from '../../kernel/reply.ts'
import type { Route } from '../../kernel/service.ts'
import type { Body } from './attribute.ts'
import { internalError, malformed, neutronError } from './neutron-errors.ts'
import { flavors, type NetworkFlavorRecord, type ServiceProfileRecord, serviceProfiles } from './records.ts'
import { changesOf } from './resource.ts'
import type { StoredObjects } from './stored-objects.ts'

/** The plug-ins of Neutron that a flavor may be for. */
const serviceTypes: readonly unknown[] = [
  ...['CORE', 'L3_ROUTER_NAT', 'FLAVORS', 'FLOATINGIPPOOL', 'TAG'],
  ...['timestamp', 'trunk', 'revision_plugin', 'auto-allocated-topology', 'network-ip-availability'],
]

const flavorView = ({ id, name, description, service_type, enabled, service_profiles }: NetworkFlavorRecord) => ({
  ...{ id, name, description, service_type, enabled, service_profiles },
})

/** Neutron's flavors: everybody sees them, and the profiles that a body names are not looked at. */
export const flavorObjects: StoredObjects = {
  all: (call) => call.store.of(flavors).all().map(flavorView),
  find: (call, id) => {
    const flavor = call.store.of(flavors).get(id)
    return flavor && flavorView(flavor)
  },
  create: (call, body) => {
    const service_type = body.get<string>('service_type') ?? ''
    if (!serviceTypes.includes(service_type)) {
      throw neutronError(400, 'InvalidServiceType', `Invalid service type: ${service_type}.`)
    }
    const flavor = call.store.of(flavors).insert({
      id: call.context.ids.uuid(),
      name: body.get<string>('name') ?? '',
      description: body.get<string>('description') ?? '',
      service_type,
      enabled: body.get<boolean>('enabled') ?? true,
      service_profiles: [],
    })
    return flavorView(flavor)
  },
  update: (call, id, body) => {
    const changes = changesOf(body, ['name', 'description', 'enabled'])
    return flavorView(call.store.of(flavors).update(id, changes as Partial<NetworkFlavorRecord>)) // its own attributes
  },
  remove: (call, id) => {
    call.store.of(flavors).delete(id)
  },
}

const profileView = ({ id, description, driver, enabled, metainfo }: ServiceProfileRecord) => ({
  ...{ id, description, driver, enabled, metainfo },
})

/** No driver can be loaded here. */
const checkDriver = (body: Body): void => {
  const driver = body.get<string>('driver') ?? ''
  if (driver === '') return
  throw neutronError(404, 'ServiceProfileDriverNotFound', `Service Profile driver ${driver} could not be found.`)
}

const checkUnused = (call: Call, id: string): void => {
  if (call.store.of(flavors).count('profile', id) === 0) return
  throw neutronError(409, 'ServiceProfileInUse', `Service Profile ${id} is used by some service instance.`)
}

/** Neutron's service profiles: only administrators see them. */
export const serviceProfileObjects: StoredObjects = {
  all: (call) => (call.isAdmin ? call.store.of(serviceProfiles).all().map(profileView) : []),
  find: (call, id) => {
    const profile = call.store.of(serviceProfiles).get(id)
    return profile && profileView(profile)
  },
  create: (call, body) => {
    if (!body.get('driver') && !body.get('metainfo')) {
      throw neutronError(400, 'ServiceProfileEmpty', 'Service Profile needs either a driver or metainfo.')
    }
    checkDriver(body)
    const profile = call.store.of(serviceProfiles).insert({
      id: call.context.ids.uuid(),
      description: body.get<string>('description') ?? '',
      driver: '',
      metainfo: body.get<string>('metainfo') ?? '',
      enabled: body.get<boolean>('enabled') ?? true,
    })
    return profileView(profile)
  },
  update: (call, id, body) => {
    checkDriver(body)
    checkUnused(call, id)
    const changes = changesOf(body, ['description', 'metainfo', 'enabled'])
    return profileView(call.store.of(serviceProfiles).update(id, changes as Partial<ServiceProfileRecord>)) // its own
  },
  remove: (call, id) => {
    checkUnused(call, id)
    call.store.of(serviceProfiles).delete(id)
  },
}

const requireAdmin = (call: Call, verb: 'create' | 'delete'): void => {
  if (call.isAdmin) return
  throw neutronError(403, 'PolicyNotAuthorized', `rule:${verb}_flavor_service_profile is disallowed by policy`)
}

/** Gives a flavor a profile. Neutron fails where it finds either of them missing. */
const associate = (call: Call) => {
  const raw = call.rawJson
  if (!isObject(raw) || Object.keys(raw).length === 0) throw malformed('Resource body required')
  const asked = raw['service_profile']
  if (!isObject(asked)) throw malformed("Unable to find 'service_profile' in request body")
  const id = asked['id']
  if (typeof id !== 'string') throw malformed("Failed to parse request. Required attribute 'id' not specified")
  requireAdmin(call, 'create')
  const flavor = call.store.of(flavors).get(call.param('id'))
  if (!flavor || !call.store.of(serviceProfiles).has(id)) throw internalError()
  if (flavor.service_profiles.includes(id)) {
    const message = `Service Profile ${id} is already associated with flavor ${flavor.id}.`
    throw neutronError(409, 'FlavorServiceProfileBindingExists', message)
  }
  call.store.of(flavors).update(flavor.id, { service_profiles: [...flavor.service_profiles, id] })
  return created({ service_profile: { id: flavor.id } })
}

const disassociate = (call: Call) => {
  requireAdmin(call, 'delete')
  const [flavorId, id] = [call.param('id'), call.param('profile')]
  const profiles = call.store.of(flavors).get(flavorId)?.service_profiles ?? []
  if (!profiles.includes(id)) {
    const message = `Service Profile ${id} is not associated with flavor ${flavorId}.`
    throw neutronError(404, 'FlavorServiceProfileBindingNotFound', message)
  }
  call.store.of(flavors).update(flavorId, { service_profiles: profiles.filter((one) => one !== id) })
  return noContent()
}

const path = '/flavors/:id/service_profiles'

/** https://docs.openstack.org/api-ref/network/v2/#networking-flavors-framework-v2-0-current-flavor-service-profile */
export const flavorProfileRoutes: readonly Route[] = [
  { method: 'POST', path, operation: 'flavors.associate', handle: associate },
  { method: 'DELETE', path: `${path}/:profile`, operation: 'flavors.disassociate', handle: disassociate },
]
