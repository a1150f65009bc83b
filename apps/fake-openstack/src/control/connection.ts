import { type Credentials, credentialsOf } from '../credentials.ts'
import { cloudsYamlOf } from '../seed/clouds-yaml.ts'
import type { Seed } from '../seed/schema.ts'

/** How clients connect: the users of the seed that have a project, and a `clouds.yaml` with an entry for each. */
export interface Connection {
  authUrl: string
  users: Credentials[]
  cloudsYaml: string
}

/** How clients reach the cloud at this address. */
export const connectionOf = (seed: Seed, origin: string): Connection => {
  const authUrl = `${origin}/identity/v3`
  const users = seed.users
    .filter(({ roles }) => Object.keys(roles).length > 0)
    .map(({ name }) => credentialsOf(seed, authUrl, name))
  return { authUrl, users, cloudsYaml: cloudsYamlOf(users.map((user) => ({ name: user.username, ...user }))) }
}
