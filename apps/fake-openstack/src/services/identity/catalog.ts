import type { TokenRecord } from '../../kernel/auth.ts'
import type { Call } from '../../kernel/call.ts'
import type { CatalogService } from '../../kernel/cloud-context.ts'
import { interfaces, placePath } from '../../kernel/endpoint-place.ts'
import { endpoints, type ServiceRecord, services } from './records.ts'

/** The catalog of a token: every service in every region, at the address by which the client reached the cloud. */
export const catalogFor = (call: Call, token: TokenRecord, options: { isOwnOnly?: boolean } = {}): CatalogEntry[] => {
  const own = ownCatalog(call, token)
  if (options.isOwnOnly || (call.store.of(services).size === 0 && call.store.of(endpoints).size === 0)) return own
  const added = call.store
    .of(services)
    .all()
    .filter((service) => service.enabled)
    .map(({ id, type, name }: ServiceRecord): CatalogEntry => ({ endpoints: [], id, type, name }))
  return [...own, ...added].map((service) => ({
    ...service,
    endpoints: [...service.endpoints, ...addedEndpoints(call, token, service.id)],
  }))
}

export interface CatalogEntry {
  id: string
  type: string
  name: string
  endpoints: { id: string; interface: string; region_id: string | null; region: string | null; url: string }[]
}

const addedEndpoints = (call: Call, token: TokenRecord, serviceId: string): CatalogEntry['endpoints'] =>
  call.store
    .of(endpoints)
    .where({ service: serviceId })
    .filter((endpoint) => endpoint.enabled)
    .map(({ id, interface: kind, region_id, url }) => ({
      id,
      interface: kind,
      region_id,
      url: url.replaceAll(/[%$]\((project_id|tenant_id)\)s/g, token.project?.id ?? ''),
      region: region_id,
    }))

const ownCatalog = (call: Call, token: TokenRecord): CatalogEntry[] =>
  call.context.catalog.map((service) => ({
    endpoints: call.context.settings.regions.flatMap((region) =>
      interfaces.map((kind) => ({
        id: stableId(`${service.type}/${region}/${kind}`),
        interface: kind,
        region_id: region,
        url: endpointUrl(call, service, placePath(call.context.settings, region, kind), token.project?.id ?? ''),
        region,
      })),
    ),
    id: stableId(service.type),
    type: service.type,
    name: service.project,
  }))

const endpointUrl = (call: Call, service: CatalogService, place: string, projectId: string): string =>
  `${call.origin}${place}${service.prefix}${service.catalogPath.replace('%(project_id)s', projectId)}`

/** 32 hex digits made of a name, so that catalog ids stay the same without being stored. */
const stableId = (name: string): string => {
  let id = ''
  for (let round = 0; round < 4; round += 1) {
    let hash = 0x811c9dc5 ^ round
    for (const letter of name) hash = Math.imul(hash ^ letter.charCodeAt(0), 0x01000193)
    id += (hash >>> 0).toString(16).padStart(8, '0')
  }
  return id
}
