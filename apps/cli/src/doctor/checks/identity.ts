import { type Check, ok, problem, warning } from '../check.ts'

/** Services without which BOSH cannot work, by any of their types in the catalog. */
const needed: readonly (readonly string[])[] = [
  ['compute'],
  ['image'],
  ['network'],
  ['volumev3', 'block-storage', 'block-store', 'volume', 'volumev2'],
]

const shortestTokenMs = 10 * 60_000

export const identityChecks: readonly Check[] = [
  {
    group: 'identity',
    title: 'login',
    run: async ({ ctx }) => {
      const token = await ctx.services.identity.whoAmI()
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
      const offered = catalog.filter((entry) =>
        entry.endpoints.some(
          (endpoint) => endpoint.interface === endpointType && (region === undefined || endpoint.region === region),
        ),
      )
      const missing = needed.filter((types) => !types.some((type) => offered.some((entry) => entry.type === type)))
      const where = `region ${region ?? '(any)'}, interface ${endpointType}`
      const findings = missing.map((types) =>
        problem(
          `no ${types[0]} in ${where}`,
          'BOSH needs this service.',
          `Check region and endpoint_type. The catalog offers: ${catalogSummary(catalog)}.`,
        ),
      )
      const regions = new Set(offered.flatMap((entry) => entry.endpoints.map((endpoint) => endpoint.region)))
      if (region === undefined && regions.size > 1) {
        const why = 'Without a region the first match is used, which may mix regions.'
        findings.push(warning(`regions ${[...regions].join(', ')}`, why, 'Set region.'))
      }
      return findings.length > 0 ? findings : [ok(`${offered.map((entry) => entry.type).join(', ')} in ${where}`)]
    },
  },
]

function catalogSummary(
  catalog: readonly { readonly type: string; readonly endpoints: readonly { interface: string; region: string }[] }[],
): string {
  return catalog
    .map(
      (entry) => `${entry.type} (${[...new Set(entry.endpoints.map((e) => `${e.region} ${e.interface}`))].join(', ')})`,
    )
    .join('; ')
}
