import { type Check, type Finding, note, ok, skipped, warning } from '../check.ts'
import { defaultRoles, oldestKnownRelease, releaseChanges, releases, testedReleases } from '../releases.ts'

type Supports = (microversion: string) => Promise<boolean>

/** The rows of a table from the first to the last whose microversion the service serves. */
async function served<T>(rows: readonly T[], microversion: (row: T) => string, supports: Supports): Promise<T[]> {
  const answers = await Promise.all(rows.map((row) => supports(microversion(row))))
  return rows.filter((_, index) => answers[index])
}

/** Roles that only read have a check of their own. */
const readingRoles: readonly string[] = ['reader', 'load-balancer_observer']
const changingRoles: readonly string[] = defaultRoles.roles

function roleFindings(roles: readonly string[]): readonly Finding[] {
  const others = roles.filter((role) => !readingRoles.includes(role))
  if (others.length === 0 || others.some((role) => changingRoles.includes(role))) return []
  return [
    warning(
      `the user has no role ${changingRoles.join(', ')}: ${roles.join(', ')}`,
      'By default, Nova, Neutron and Glance of this release refuse every change by a user with other roles only (403).',
      "Give the user the role member in the project, unless the cloud's own policies accept these roles.",
    ),
  ]
}

/** Which release the cloud is, by the newest microversions of Nova and Cinder, and what that release is known for. */
export const releaseCheck: Check = {
  group: 'compute',
  title: 'release',
  run: async ({ ctx }) => {
    const { compute, blockStorage, identity } = ctx.services
    const cap = ctx.config.novaMicroversionMax
    if (cap !== undefined) return [skipped(`not known: nova_microversion_max ${cap} hides it`)]
    const known = await served(releases, ({ nova }) => nova, compute.supports)
    const release = known.at(-1)
    if (release === undefined) {
      return [note(`older than ${oldestKnownRelease}, and not tested with this CPI`, tested, 'Try it with --deep.')]
    }
    const findings: Finding[] = [ok(`OpenStack ${release.name}, by Nova's microversion ${release.nova}`)]
    const volumes = (await served(releases, ({ cinder }) => cinder, blockStorage.supports)).at(-1)
    if (volumes?.cinder !== release.cinder) {
      const found = `Cinder is of another release than Nova: ${volumes?.cinder ?? 'not even 3.70'} instead of ${release.cinder}`
      findings.push(note(found, tested, 'Try it with --deep.'))
    }
    if (await compute.supports(defaultRoles.nova)) findings.push(...roleFindings((await identity.whoAmI()).roles))
    const changes = await served(releaseChanges, ({ nova }) => nova, compute.supports)
    return [...findings, ...changes.map(({ found, why, remedy }) => note(found, why, remedy))]
  },
}

const tested = `Tested are ${testedReleases.join(', ')}, all services of one release.`
