import type { Fixture } from '../fixture.ts'

/** The project that the CPI of the scenarios must never touch, and its login as properties of `openstack`. */
export const otherProject = 'other'
export const otherLogin = {
  username: otherProject,
  project: otherProject,
  default_key_name: null,
  default_security_groups: [],
} as const

/** Gives the CPI's user the role of an administrator: Neutron and Octavia list the objects of all projects for it. */
export async function makeAdministrator({ cloud, idOf, api }: Pick<Fixture, 'cloud' | 'idOf' | 'api'>): Promise<void> {
  const path = `projects/${cloud.projectId('bosh')}/users/${cloud.userId('bosh')}/roles/${idOf('roles', 'admin')}`
  await api('PUT', `identity/v3/${path}`, undefined, 'admin')
}
