import { assumedRegion, offers } from '@openstack-cpi/openstack-driver'
import { type Check, type Finding, ok, problem, warning } from '../check.ts'

/** Services without which BOSH cannot work. */
const neededServices = ['compute', 'image', 'network', 'block-storage'] as const

const shortestTokenMs = 10 * 60_000

/** The login comes first: all other checks need its token. */
export const identityChecks: readonly [Check, ...Check[]] = [
  {
    group: 'identity',
    title: 'login',
    run: async ({ ctx, withoutRetries }) => {
      const token = await withoutRetries.services.identity.whoAmI()
      const lifeMs = Date.parse(token.expiresAt) - ctx.clock.nowMs()
      const who = `${token.userName ?? token.userId ?? 'logged in'} in project ${token.projectName ?? token.projectId}`
      if (token.projectId === undefined) {
        return [problem(who, 'The token is bound to no project.', 'Set project (or project_id) and domain.')]
      }
      if (lifeMs <= 0) {
        const why = "Tokens seem to expire before they are made: this machine's clock and Keystone's differ."
        return [problem(`${who}; the token ended ${token.expiresAt}`, why, 'Synchronise the clocks (NTP).')]
      }
      if (lifeMs < shortestTokenMs) {
        const why = 'Long waits outlive their token; the CPI logs in again, at the price of time.'
        return [warning(`${who}; tokens live ${Math.round(lifeMs / 1000)} s`, why, 'Ask for a longer token lifetime.')]
      }
      return [ok(`${who}; token until ${token.expiresAt}`)]
    },
  },
  {
    group: 'identity',
    title: 'roles',
    run: async ({ ctx }) => {
      const { roles } = await ctx.services.identity.whoAmI()
      if (roles.length === 0 || roles.some((role) => role !== 'reader' && role !== 'load-balancer_observer')) {
        return [ok(roles.length === 0 ? 'the token lists no roles' : roles.join(', '))]
      }
      return [
        problem(
          roles.join(', '),
          'With this role nothing can be created.',
          'Give the user the role member in the project.',
        ),
      ]
    },
  },
  {
    group: 'identity',
    title: 'catalog',
    run: async ({ ctx }) => {
      const { catalog } = await ctx.services.identity.whoAmI()
      const { region, endpointType } = ctx.config
      const missing = neededServices.filter((service) => !offers(catalog, service, ctx.config))
      const where = `region ${region ?? '(any)'}, interface ${endpointType}`
      const findings: Finding[] = []
      if (missing.length > 0) {
        const found = `no ${missing.join(', no ')} service in ${where}`
        const remedy = `Check region and endpoint_type. The catalog offers: ${catalogSummary(catalog)}.`
        findings.push(problem(found, 'BOSH needs these services.', remedy))
      }
      const assumed = region === undefined ? assumedRegion(catalog, ctx.config) : undefined
      if (assumed !== undefined) {
        const why = `Without a region the CPI uses ${assumed.region}, the one of the first compute endpoint.`
        findings.push(warning(`regions ${assumed.all.join(', ')}`, why, 'Set region.'))
      }
      const offered = catalog.filter((entry) =>
        entry.endpoints.some((it) => it.interface === endpointType && (region === undefined || it.region === region)),
      )
      return findings.length > 0 ? findings : [ok(`${offered.map((entry) => entry.type).join(', ')} in ${where}`)]
    },
  },
]

type Catalog = readonly {
  readonly type: string
  readonly endpoints: readonly { readonly interface: string; readonly region: string }[]
}[]

/** The service types of each region and interface, as `region` and `endpoint_type` choose them. */
function catalogSummary(catalog: Catalog): string {
  const byPlace = new Map<string, string[]>()
  for (const { type, endpoints } of catalog) {
    for (const place of new Set(endpoints.map((endpoint) => `${endpoint.region}, ${endpoint.interface}`))) {
      byPlace.set(place, [...(byPlace.get(place) ?? []), type])
    }
  }
  return [...byPlace].map(([place, types]) => `in ${place}: ${types.join(', ')}`).join('; ')
}
