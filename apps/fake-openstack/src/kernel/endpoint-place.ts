/** The interfaces of an endpoint in the catalog, in Keystone's order. */
export const interfaces = ['internal', 'public', 'admin'] as const

export type Interface = (typeof interfaces)[number]

/**
 * Path in front of a service for a region and an interface, so that a client's choice can be seen in the journal. The
 * first region's public endpoint has none. All regions show one and the same state.
 */
export const placePath = (
  settings: { regions: readonly string[]; distinctInterfaces: boolean },
  region: string,
  kind: Interface,
): string => {
  const shown = settings.distinctInterfaces ? kind : 'public'
  if (region === settings.regions[0] && shown === 'public') return ''
  return `/at/${encodeURIComponent(region)}/${shown}`
}

/** Splits a path into the place in front and the rest: `/at/RegionTwo/public` and `/compute/v2.1/servers`. */
export const splitPlace = (pathname: string, regions: readonly string[]): { place: string; rest: string } => {
  const match = /^\/at\/([^/]+)\/(internal|public|admin)(?=\/)/.exec(pathname)
  if (!match?.[1] || !regions.some((region) => encodeURIComponent(region) === match[1])) {
    return { place: '', rest: pathname }
  }
  return { place: match[0], rest: pathname.slice(match[0].length) }
}
