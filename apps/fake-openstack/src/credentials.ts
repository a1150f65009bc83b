import type { Seed } from './seed/schema.ts'

/** What a user of the seed logs in with. */
export interface Credentials {
  readonly authUrl: string
  readonly username: string
  readonly password: string
  readonly project: string
  /** Name of the domain of user and project. */
  readonly domain: string
  readonly region: string
}

/**
 * The login of a user of the seed for its first project; without a name, of the user that the seed's description names,
 * else of the first that has a project. Throws for a user that the seed does not have, or that has no project.
 */
export const credentialsOf = (seed: Seed, authUrl: string, name?: string): Credentials => {
  const wanted = name ?? seed.description?.user
  const user = seed.users.find((one) => (wanted === undefined ? projectOf(one) !== undefined : one.name === wanted))
  const users = seed.users.map((one) => one.name).join(', ')
  if (user === undefined) throw new Error(`the seed has no user ${wanted ?? 'with a project'}; its users: ${users}`)
  const project = projectOf(user)
  if (project === undefined) throw new Error(`user ${user.name} of the seed has no project to log in to`)
  const [region = ''] = seed.regions
  return { authUrl, username: user.name, password: user.password, project, domain: 'Default', region }
}

const projectOf = ({ roles }: Seed['users'][number]): string | undefined => Object.keys(roles)[0]
