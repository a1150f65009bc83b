import { ApiError, badRequest, conflict, notFound } from '../../kernel/api-error.ts'
import type { Call } from '../../kernel/call.ts'
import type { CollectionDefinition } from '../../kernel/collection.ts'
import { octaviaDialect } from '../../kernel/dialects/octavia.ts'
import { created, noContent, ok } from '../../kernel/reply.ts'
import type { Route } from '../../kernel/service.ts'
import { boolean, type Fields, type Form, readPost, readPut, text, uuid } from './fields.ts'
import { type ListedResource, octaviaList, picked } from './octavia-resource.ts'
import { checkProvider, checkProviderData } from './providers.ts'
import {
  availabilityZoneProfiles,
  availabilityZones,
  flavorProfiles,
  flavors,
  loadBalancers,
  type ProfileRecord,
  type TemplateRecord,
} from './records.ts'

/** What is particular to flavors or to availability zones; everything else is alike. */
interface Template {
  readonly kind: 'flavor' | 'availability_zone'
  readonly path: string
  /** As refusals call one: `Flavor`, `flavor`. */
  readonly title: string
  readonly name: string
  readonly plural: string
  readonly collection: CollectionDefinition<TemplateRecord, 'name' | 'profile', never>
  readonly profilePath: string
  readonly profileRoot: string
  readonly profilesKey: string
  readonly profileTitle: string
  /** As the refusals of a change and of a deletion call a profile. */
  readonly profileInUse: string
  readonly profiles: CollectionDefinition<ProfileRecord, 'name', never>
  /** Key of the profile's data: `flavor_data`. */
  readonly data: string
  /** A flavor is looked up by its id, a zone by its name. */
  readonly isById: boolean
}

const templates: readonly Template[] = [
  {
    kind: 'flavor',
    path: '/flavors',
    title: 'Flavor',
    name: 'flavor',
    plural: 'flavors',
    collection: flavors,
    profilePath: '/flavorprofiles',
    profileRoot: 'flavorprofile',
    profilesKey: 'flavorprofiles',
    profileTitle: 'Flavor Profile',
    profileInUse: 'Flavor profile',
    profiles: flavorProfiles,
    data: 'flavor_data',
    isById: true,
  },
  {
    kind: 'availability_zone',
    path: '/availabilityzones',
    title: 'Availability Zone',
    name: 'availability zone',
    plural: 'availability_zones',
    collection: availabilityZones,
    profilePath: '/availabilityzoneprofiles',
    profileRoot: 'availability_zone_profile',
    profilesKey: 'availability_zone_profiles',
    profileTitle: 'Availability Zone Profile',
    profileInUse: 'Availability Zone Profile',
    profiles: availabilityZoneProfiles,
    data: 'availability_zone_data',
    isById: false,
  },
]

const requireAdmin = (call: Call): void => {
  if (!call.isAdmin) throw octaviaDialect.forbidden('')
}

/** The flavor or zone that a load balancer asks for; unknown and disabled ones are refused with 400. */
export const checkTemplate = (call: Call, kind: Template['kind'], value: string): TemplateRecord => {
  const template = templates.find((one) => one.kind === kind)
  const record = template && templateOf(call, template, value)
  if (!record) throw badRequest(`Validation failure: Invalid ${kind === 'flavor' ? 'flavor_id' : 'availability zone'}.`)
  if (!record.enabled) throw badRequest(`The selected ${kind} is not allowed in this deployment: ${value}`)
  return record
}

const templateOf = (call: Call, { collection, isById }: Template, place: string): TemplateRecord | undefined => {
  const all = call.store.of(collection)
  return isById ? all.get(place) : all.find({ name: place })
}

const profileRoutes = (template: Template): Route[] => {
  const { profiles, profileRoot: root, profilePath: path, profileTitle, data } = template
  const fields: Fields = {
    name: { read: text(), put: true, isRequired: true },
    provider_name: { read: text(), put: true, isRequired: true },
    [data]: { read: text(4096), put: true, isRequired: true },
  }
  const form: Form = { argument: `${template.kind}_profile_`, root, fields, firstRead: data, isAdminOnly: true }
  const view = (_: Call, record: ProfileRecord) => ({
    id: record.id,
    name: record.name,
    provider_name: record.provider_name,
    [data]: record.data,
  })
  const listed: ListedResource<ProfileRecord, 'name'> = {
    plural: template.profilesKey,
    links: `${root}_links`,
    collection: profiles,
    view,
    indexes: { name: 'name' },
    filterable: ['id', 'name', 'provider_name', data],
    isShared: true,
  }
  const find = (call: Call, title = profileTitle): ProfileRecord => {
    const record = call.store.of(profiles).get(call.param('id'))
    if (!record) throw notFound(`${title} ${call.param('id')} not found.`)
    return record
  }
  const refuseInUse = (call: Call, record: ProfileRecord): void => {
    if (call.store.of(template.collection).count('profile', record.id) === 0) return
    throw conflict(`${template.profileInUse} ${record.id} is in use and cannot be modified.`)
  }
  const operation = `${root}s`
  return [
    {
      method: 'GET',
      path,
      operation: `${operation}.list`,
      handle: (call) => {
        requireAdmin(call)
        return ok(octaviaList(call, listed))
      },
    },
    {
      method: 'POST',
      path,
      operation: `${operation}.create`,
      handle: (call) => {
        const values = readPost(call, form)
        requireAdmin(call)
        const provider_name = values.get<string>('provider_name')
        checkProvider(provider_name)
        const content = values.get<string>(data)
        checkProviderData(call, template.kind, provider_name, content, data)
        const record = call.store
          .of(profiles)
          .insert({ id: call.context.ids.uuid(), name: values.get<string>('name'), provider_name, data: content })
        return created({ [root]: view(call, record) })
      },
    },
    {
      method: 'GET',
      path: `${path}/:id`,
      operation: `${operation}.show`,
      handle: (call) => {
        requireAdmin(call)
        return ok({ [root]: picked(call, view(call, find(call))) })
      },
    },
    {
      method: 'PUT',
      path: `${path}/:id`,
      operation: `${operation}.update`,
      handle: (call) => {
        const values = readPut(call, form)
        requireAdmin(call)
        const before = find(call)
        if (values.has('provider_name') || values.has(data)) refuseInUse(call, before)
        const provider_name = values.has('provider_name') ? values.get<string>('provider_name') : before.provider_name
        const content = values.has(data) ? values.get<string>(data) : before.data
        if (values.has('provider_name')) checkProvider(provider_name)
        // Octavia names the key of a flavor for both kinds here.
        if (values.has(data)) checkProviderData(call, template.kind, provider_name, content, 'flavor_data')
        const name = values.has('name') ? values.get<string>('name') : before.name
        const record = call.store.of(profiles).update(before.id, { name, provider_name, data: content })
        return ok({ [root]: view(call, record) })
      },
    },
    {
      method: 'DELETE',
      path: `${path}/:id`,
      operation: `${operation}.delete`,
      handle: (call) => {
        requireAdmin(call)
        const record = find(call, template.profileInUse)
        refuseInUse(call, record)
        call.store.of(profiles).delete(record.id)
        return noContent()
      },
    },
  ]
}

const templateRoutes = (template: Template): Route[] => {
  const { kind, collection, path, title } = template
  const key = `${kind}_profile_id`
  const fields: Fields = {
    name: { read: text(), isRequired: true, ...(template.isById ? { put: true } : {}) },
    description: { read: text(), put: true, fallback: '' },
    enabled: { read: boolean, put: true, fallback: true },
    [key]: { read: uuid, isRequired: true },
  }
  const form: Form = { argument: `${kind}_`, root: kind, fields, firstRead: key, isAdminOnly: true }
  const view = (_: Call, record: TemplateRecord) => ({
    ...(template.isById ? { id: record.id } : {}),
    name: record.name,
    description: record.description,
    enabled: record.enabled,
    [key]: record.profile_id,
  })
  const listed: ListedResource<TemplateRecord, 'name' | 'profile'> = {
    plural: template.plural,
    links: `${template.plural}_links`,
    collection,
    view,
    indexes: { name: 'name', [key]: 'profile' },
    filterable: [...(template.isById ? ['id'] : []), 'name', 'description', 'enabled', key],
    isShared: true,
  }
  const find = (call: Call): TemplateRecord => {
    const record = templateOf(call, template, call.param('id'))
    if (!record) throw notFound(`${title} ${call.param('id')} not found.`)
    return record
  }
  return [
    { method: 'GET', path, operation: `${template.plural}.list`, handle: (call) => ok(octaviaList(call, listed)) },
    {
      method: 'POST',
      path,
      operation: `${template.plural}.create`,
      handle: (call) => {
        const values = readPost(call, form)
        requireAdmin(call)
        const name = values.get<string>('name')
        const all = call.store.of(collection)
        if (all.find({ name })) throw conflict(`A ${template.name} of ${name} already exists.`)
        const profile_id = values.get<string>(key)
        // The database refuses this, not Octavia; its words name tables and columns.
        if (!call.store.of(template.profiles).has(profile_id)) throw new ApiError(500, foreignKey(template))
        const record = all.insert({
          id: call.context.ids.uuid(),
          name,
          description: values.get<string>('description'),
          enabled: values.get<boolean>('enabled'),
          profile_id,
        })
        return created({ [kind]: view(call, record) })
      },
    },
    {
      method: 'GET',
      path: `${path}/:id`,
      operation: `${template.plural}.show`,
      handle: (call) => ok({ [kind]: picked(call, view(call, find(call))) }),
    },
    {
      method: 'PUT',
      path: `${path}/:id`,
      operation: `${template.plural}.update`,
      handle: (call) => {
        const values = readPut(call, form)
        requireAdmin(call)
        const { id } = find(call)
        const record = call.store.of(collection).update(id, (before) => ({
          name: values.has('name') ? values.get<string>('name') : before.name,
          description: values.has('description') ? values.get<string>('description') : before.description,
          enabled: values.has('enabled') ? values.get<boolean>('enabled') : before.enabled,
        }))
        return ok({ [kind]: view(call, record) })
      },
    },
    {
      method: 'DELETE',
      path: `${path}/:id`,
      operation: `${template.plural}.delete`,
      handle: (call) => {
        requireAdmin(call)
        const record = find(call)
        const users = kind === 'flavor' ? { flavor: record.id } : { zone: record.name }
        if (call.store.of(loadBalancers).find(users)) {
          throw conflict(`${title} ${call.param('id')} is in use and cannot be modified.`)
        }
        call.store.of(collection).delete(record.id)
        return noContent()
      },
    },
  ]
}

const foreignKey = ({ kind }: Template): string =>
  `(pymysql.err.IntegrityError) (1452, 'Cannot add or update a child row: a foreign key constraint fails (\`octavia\`.\`${kind}\`)')`

/** https://docs.openstack.org/api-ref/load-balancer/v2/#flavors and #availability-zones, with their profiles. */
export const flavorRoutes: readonly Route[] = templates.flatMap((template) => [
  ...profileRoutes(template),
  ...templateRoutes(template),
])
