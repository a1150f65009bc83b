import type { FakeOpenStack } from '../src/fake-interface.ts'

/** Sends a request with a token, the body as JSON; `version` is the whole header of the microversion, as `compute 2.90`. */
export const sendWithToken = async (
  cloud: FakeOpenStack,
  token: string,
  method: string,
  path: string,
  body?: unknown,
  version?: string,
) => {
  const headers = {
    'x-auth-token': token,
    'content-type': 'application/json',
    ...(version === undefined ? {} : { 'openstack-api-version': version }),
  }
  const init = { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) }
  const answer = await cloud.fetch(`${cloud.url}${path}`, init)
  const text = await answer.text()
  return { status: answer.status, headers: answer.headers, json: text === '' ? undefined : JSON.parse(text) }
}

/**
 * A user's requests to the service below `prefix`.
 * @param service as the header of the microversion names it
 * @param usualVersion asked for where a request names none
 */
export const userClient = async (
  cloud: FakeOpenStack,
  user: string,
  prefix: string,
  service = 'compute',
  usualVersion?: string,
) => {
  const token = await cloud.token(user)
  return async (method: string, path: string, body?: unknown, version = usualVersion) => {
    const header = version === undefined ? undefined : `${service} ${version}`
    const { status, json } = await sendWithToken(cloud, token, method, `${prefix}${path}`, body, header)
    return { status, json }
  }
}
