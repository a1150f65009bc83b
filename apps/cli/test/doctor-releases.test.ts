import { describe, expect, test } from 'vitest'
import { complaints, type Examined, examined, type Question, seedWith } from './doctor-cloud.ts'

/** What the check of the release says, without why and remedy. */
const reported = ({ report }: Examined): readonly string[] =>
  report.results
    .filter(({ title }) => title === 'release')
    .flatMap(({ findings }) => findings.map(({ severity, found }) => `${severity}: ${found}`))

const withRole = (role: string): Question['cloud'] => ({
  seed: seedWith((seed) => ({
    ...seed,
    users: seed.users.map((user) => (user.name === 'bosh' ? { ...user, roles: { bosh: [role] } } : user)),
  })),
})

/** A cloud whose Nova or Cinder says that another microversion is its newest. */
const newest = (real: string, claimed: string): Question => ({
  cloud: { release: '2026.2' },
  answers: (url, body) =>
    url.pathname.endsWith('/') || /\/v[23](\.1)?$/.test(url.pathname)
      ? body.replaceAll(`"${real}"`, `"${claimed}"`)
      : body,
})

describe('§11 doctor names the release and what it is known for', () => {
  test('Zed: nothing but its name', async () => {
    expect(reported(await examined({ cloud: { release: 'zed' } }))).toEqual([
      "ok: OpenStack Zed, by Nova's microversion 2.93",
    ])
  })

  test('2025.1: images are inspected, and deleted servers are shown', async () => {
    expect(reported(await examined({ cloud: { release: '2025.1' } }))).toEqual([
      "ok: OpenStack 2025.1 or 2025.2, by Nova's microversion 2.100",
      expect.stringMatching(/^note: Glance inspects/),
      expect.stringMatching(/^note: Nova shows a deleted server as DELETED/),
    ])
  })

  test('2026.2: the same, the ports of servers, and boot sectors', async () => {
    const examination = await examined({ cloud: { release: '2026.2' } })
    expect(reported(examination)).toEqual([
      "ok: OpenStack 2026.2 or later, by Nova's microversion 2.104",
      expect.stringMatching(/^note: Glance inspects/),
      expect.stringMatching(/^note: Nova shows a deleted server as DELETED/),
      expect.stringMatching(/^note: Neutron lets no project delete a port of a server/),
      expect.stringMatching(/^note: Glance refuses a raw image with a boot sector/),
    ])
    expect(complaints(examination.report)).toEqual([])
  })

  test('a Nova between two known releases counts as the older one', async () => {
    const said = reported(await examined(newest('2.104', '2.101')))
    expect(said[0]).toBe("ok: OpenStack 2025.1 or 2025.2, by Nova's microversion 2.100")
    expect(said).toHaveLength(3)
  })

  test('a Nova older than Zed was not tested', async () => {
    expect(reported(await examined(newest('2.104', '2.90')))).toEqual([
      'note: older than Zed, and not tested with this CPI',
    ])
  })

  test('services of different releases were not tested together', async () => {
    expect(reported(await examined(newest('3.71', '3.64')))).toContain(
      'note: Cinder is of another release than Nova: not even 3.70 instead of 3.71',
    )
  })

  test('a configured limit of microversions hides the release', async () => {
    expect(reported(await examined({ openstack: { nova_microversion_max: '2.90' } }))).toEqual([
      'skipped: not known: nova_microversion_max 2.90 hides it',
    ])
  })
})

describe('§11 doctor warns of roles that a release does not accept by default', () => {
  test.each([
    ['2025.1', 'operator', 1],
    ['zed', 'operator', 0],
    ['2025.1', 'member', 0],
  ] as const)('%s with the role %s: %i warnings', async (release, role, warnings) => {
    const { report } = await examined({ cloud: { ...withRole(role), release } })
    expect(complaints(report).filter((text) => /no role admin, manager, member: operator/.test(text))).toHaveLength(
      warnings,
    )
    expect(report.warnings).toBe(warnings)
  })
})
