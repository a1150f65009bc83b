import type { OpenStackConfig, ServiceName } from '../config/openstack-config.ts'
import { serviceBaseUrl } from './endpoint-url.ts'
import { OpenStackError } from './openstack-error.ts'
import type { CatalogEndpoint, CatalogEntry } from './token.ts'

/** Types a service goes by in catalogs; the first one found counts (driver spec §2.4). */
const catalogTypes: Readonly<Record<ServiceName, readonly string[]>> = {
  identity: ['identity'],
  compute: ['compute'],
  image: ['image'],
  network: ['network'],
  'block-storage': ['volumev3', 'block-storage', 'block-store', 'volume', 'volumev2'],
  'load-balancer': ['load-balancer'],
}

export type EndpointChoice = Pick<OpenStackConfig, 'region' | 'endpointType' | 'endpointOverrides'>

/**
 * The base URL of a service, with a trailing slash: the override, else the first endpoint of the first known type with
 * the configured region and interface. Throws kind `config`, naming what was looked for and what the catalog offers.
 */
export function resolveEndpoint(catalog: readonly CatalogEntry[], service: ServiceName, choice: EndpointChoice): URL {
  const override = choice.endpointOverrides[service]
  if (override !== undefined) return serviceBaseUrl(service, override)
  const preferred = choice.region ?? assumedRegion(catalog, choice)?.region
  for (const type of catalogTypes[service]) {
    const candidates = catalog
      .filter((entry) => entry.type === type)
      .flatMap((entry) => entry.endpoints)
      .filter((candidate) => isWanted(candidate, choice))
    const endpoint = candidates.find(({ region }) => region === preferred) ?? candidates[0]
    if (endpoint !== undefined) return serviceBaseUrl(service, endpoint.url)
  }
  throw new OpenStackError('config', missingEndpoint(catalog, service, choice), { service })
}

/**
 * The region to use when none is configured: that of the first compute endpoint, so that all services are taken from one
 * region. Undefined when the catalog has a single region, or none.
 */
export function assumedRegion(
  catalog: readonly CatalogEntry[],
  { endpointType }: Pick<EndpointChoice, 'endpointType'>,
): { readonly region: string; readonly all: readonly string[] } | undefined {
  const used = catalog.filter(({ type }) => Object.values(catalogTypes).some((types) => types.includes(type)))
  const regionsOf = (entries: readonly CatalogEntry[]): string[] =>
    entries.flatMap(({ endpoints }) => endpoints.filter((it) => it.interface === endpointType).map((it) => it.region))
  const all = [...new Set(regionsOf(used))]
  const region = regionsOf(used.filter(({ type }) => type === 'compute'))[0] ?? all[0]
  return region === undefined || all.length < 2 ? undefined : { region, all }
}

/** Is the service there at all, in the configured region and interface? */
export function offers(catalog: readonly CatalogEntry[], service: ServiceName, choice: EndpointChoice): boolean {
  if (choice.endpointOverrides[service] !== undefined) return true
  return catalog.some(
    (entry) =>
      catalogTypes[service].includes(entry.type) && entry.endpoints.some((endpoint) => isWanted(endpoint, choice)),
  )
}

const isWanted = (endpoint: CatalogEndpoint, { region, endpointType }: EndpointChoice): boolean =>
  endpoint.interface === endpointType && (region === undefined || endpoint.region === region)

function missingEndpoint(catalog: readonly CatalogEntry[], service: ServiceName, choice: EndpointChoice): string {
  const where = choice.region === undefined ? 'any region' : `region '${choice.region}'`
  const offered = catalog
    .map(({ type, endpoints }) => `${type} (${endpoints.map((one) => `${one.interface} in ${one.region}`).join(', ')})`)
    .join('; ')
  return (
    `The service catalog has no ${choice.endpointType} endpoint of service '${service}' ` +
    `(${catalogTypes[service].join(', ')}) in ${where}. It offers: ${offered === '' ? 'nothing' : offered}. ` +
    "Check 'region' and 'endpoint_type', or name the URL in 'endpoint_overrides'."
  )
}
