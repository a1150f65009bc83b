import type { TokenRecord } from '../../kernel/auth.ts'
import type { Call } from '../../kernel/call.ts'
import type { CatalogService } from '../../kernel/cloud-context.ts'
import { interfaces, placePath } from '../../kernel/endpoint-place.ts'

/** The catalog of a token: every service in every region, at the address by which the client reached the cloud. */
export const catalogFor = (call: Call, token: TokenRecord) =>
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
