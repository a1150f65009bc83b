import type { FakeWithParts } from '../fake-openstack.ts'
import type { CloudListeners } from '../seed/description.ts'
import { packageVersion } from '../version.ts'

/** What a person at a terminal wants to see first. */
export const banner = (cloud: FakeWithParts, { url, tls }: CloudListeners): string => {
  const { seed, clock } = cloud
  const users = seed.users.map((user) => {
    const [project = 'no project'] = Object.keys(user.roles)
    return `  ${user.name.padEnd(12)} password ${user.password}, project ${project}, domain Default`
  })
  return `${[
    `fake-openstack ${packageVersion()}: an OpenStack in memory, ${clock.mode} clock`,
    `  auth url     ${url}/identity/v3`,
    ...(tls ? [`  behind TLS   ${tls.url}/identity/v3`] : []),
    `  region       ${seed.regions.join(', ')}`,
    ...users,
    `  control      ${url}/_fake/`,
    'Stop with Ctrl-C.',
  ].join('\n')}\n`
}
