import type { CloudContext } from '../kernel/cloud-context.ts'
import { assignments, domains, impliedRoles, nameKey, projects, roles, users } from '../services/identity/records.ts'
import { type Seed, SeedError } from './schema.ts'

/** The domain that everything of a seed lives in. */
export const defaultDomainId = 'default'

/** Roles of Keystone's bootstrap: each implies the next one. */
const bootstrapRoles = ['admin', 'member', 'reader']

const roleIdOf = ({ store }: CloudContext, name = ''): string =>
  store.of(roles).find({ name: name.toLowerCase() })?.id ?? ''

/** Domain, roles, projects, users and who may what; also the quotas, which all services keep by project. */
export const seedIdentity = (context: CloudContext, seed: Seed): void => {
  const { store, ids } = context
  store.of(domains).insert({
    id: defaultDomainId,
    name: 'Default',
    description: 'The default domain',
    enabled: true,
  })
  const named = new Set([...bootstrapRoles, ...seed.users.flatMap((user) => Object.values(user.roles).flat())])
  for (const name of named) {
    const options = bootstrapRoles.includes(name) ? { immutable: true } : {}
    store.of(roles).insert({ id: ids.hex(), name, description: null, domain_id: null, options })
  }
  for (const [prior, implied] of [bootstrapRoles.slice(0, 2), bootstrapRoles.slice(1)]) {
    const [prior_role_id = '', implied_role_id = ''] = [prior, implied].map((name) => roleIdOf(context, name))
    store.of(impliedRoles).insert({ id: `${prior_role_id}/${implied_role_id}`, prior_role_id, implied_role_id })
  }
  for (const { name, description, quotas } of seed.projects) {
    const project = store.of(projects).insert({
      id: ids.hex(),
      name,
      description,
      domain_id: defaultDomainId,
      parent_id: defaultDomainId,
      enabled: true,
      is_domain: false,
      tags: [],
    })
    for (const [service, limits] of Object.entries(quotas)) {
      if (Object.keys(limits).length > 0) context.quotas.set(service, project.id, limits)
    }
  }
  for (const { name, password, roles: granted } of seed.users) {
    const user = store.of(users).insert({
      id: ids.hex(),
      name,
      domain_id: defaultDomainId,
      password,
      description: null,
      email: null,
      enabled: true,
      default_project_id: null,
    })
    for (const [projectName, roleNames] of Object.entries(granted)) {
      const project_id = projectIdOf(context, projectName)
      for (const roleName of roleNames) {
        const role_id = roleIdOf(context, roleName)
        store
          .of(assignments)
          .insert({ id: `${user.id}/${project_id}/${role_id}`, user_id: user.id, project_id, role_id })
      }
    }
  }
}

/** Id of a project of the seed by name; an unknown one is a mistake in the seed. */
export const projectIdOf = (context: CloudContext, name: string): string => {
  const project = context.store.of(projects).find({ name: nameKey(defaultDomainId, name) })
  if (!project) throw new SeedError(`bad seed: there is no project ${name}`)
  return project.id
}
