import type { FakeOpenStack } from 'fake-openstack'

type Body = Readonly<Record<string, unknown>>

/** Requests to a fake cloud in this process, without the CPI. */
export const fakeApi = (cloud: FakeOpenStack) => ({
  /** Sends an API request, as the CPI's user by default; returns the body of the response. Throws for an error status. */
  api: async (method: string, path: string, body?: unknown, user = 'bosh'): Promise<Body> => {
    const response = await cloud.fetch(`${cloud.url}/${path}`, {
      method,
      headers: { 'x-auth-token': await cloud.token(user), 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    const text = await response.text()
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`)
    return text === '' ? {} : JSON.parse(text)
  },
  /** Id of a resource of the cloud, by its name. */
  idOf: (kind: string, name: string): string => {
    const found = (cloud.state()[kind] ?? []).find((record) => Reflect.get(record, 'name') === name)
    if (found === undefined) throw new Error(`the cloud has no ${name} among its ${kind}`)
    return found.id
  },
})

export type FakeApi = ReturnType<typeof fakeApi>

/** Id in the body of a response: `{"port": {"id": …}}`. */
export const idIn = (body: Body, key: string): string => String(Reflect.get(Object(body[key]), 'id'))

/** The login of the CPI's user on a fake cloud, as properties of `openstack`. */
export const fakeLogin = (auth_url: string) => ({
  auth_url,
  username: 'bosh',
  api_key: 'bosh-password',
  project: 'bosh',
  domain: 'Default',
})
