import type { FakeOpenStackOptions } from '../src/cloud.ts'
import { createFakeWithParts } from '../src/fake-openstack.ts'

/** What tests look at in a server. */
export interface ServerBody {
  id: string
  name: string
  status: string
  metadata: Record<string, string>
  addresses: Record<string, { version: number; addr: string; 'OS-EXT-IPS:type': string }[]>
  flavor: Record<string, unknown>
  fault: { code: number; message: string; details?: string }
  'OS-EXT-STS:task_state': string | null
  'os-extended-volumes:volumes_attached': { id: string }[]
}

/** Envelopes of all services that the tests of compute speak to; a test looks at the one that its request answers. */
export interface Body {
  server: ServerBody
  servers: ServerBody[]
  servers_links: { href: string }[]
  server_group: { id: string; members: string[] }
  keypairs: { keypair: { name: string } }[]
  keypair: { name: string; private_key: string; public_key: string; fingerprint: string; user_id: string }
  volumeAttachment: { device: string }
  volumeAttachments: { device: string; volumeId: string }[]
  interfaceAttachment: { port_id: string }
  limits: { absolute: Record<string, number> }
  volume: { id: string; status: string }
  port: { id: string }
  loadbalancer: { id: string }
  /** Of an image, which has no envelope. */
  id: string
  image_id: string
  output: string
  badRequest: { message: string }
  conflictingRequest: { message: string }
  forbidden: { message: string }
}

export interface Answer {
  status: number
  json: Body
  text: string
  headers: Headers
}

/** A cloud and callers of its services, for the tests of compute. */
export const computeCloud = async (options: FakeOpenStackOptions = {}) => {
  const cloud = createFakeWithParts({ startAt: Date.UTC(2030, 0, 1), ...options })
  const tokens = new Map<string, string>()

  const call = async (
    method: string,
    path: string,
    body?: unknown,
    {
      version,
      user = 'bosh',
      contentType = 'application/json',
    }: { version?: string; user?: string; contentType?: string } = {},
  ): Promise<Answer> => {
    const token = tokens.get(user) ?? (await cloud.token(user))
    tokens.set(user, token)
    const response = await cloud.fetch(`${cloud.url}${path}`, {
      method,
      headers: {
        'x-auth-token': token,
        'content-type': contentType,
        ...(version ? { 'openstack-api-version': `compute ${version}` } : {}),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    const text = await response.text()
    const json = (text.startsWith('{') ? JSON.parse(text) : {}) as Body // which envelope it is, the test knows
    return { status: response.status, json, text, headers: response.headers }
  }

  const nova: typeof call = (method, path, body, more) => call(method, `/compute/v2.1${path}`, body, more)
  const state = cloud.state()
  const idOf = (kind: string, name: string): string => {
    const found = (state[kind] ?? []).find((one) => 'name' in one && one.name === name)
    if (!found) throw new Error(`the seed has no ${name} among ${kind}`)
    return found.id
  }
  const projectId = idOf('projects', 'bosh')

  const request = (more: object = {}) => ({
    name: 'vm-1',
    imageRef: idOf('images', 'tiny-image'),
    flavorRef: '1',
    networks: [{ uuid: idOf('networks', 'bosh-net') }],
    ...more,
  })

  const running = async (more: object = {}, version?: string): Promise<string> => {
    const answer = await nova('POST', '/servers', { server: request(more) }, version ? { version } : {})
    if (answer.status !== 202) throw new Error(`no server: ${JSON.stringify(answer.json)}`)
    cloud.clock.advance('5s')
    return answer.json.server.id
  }

  const volume = async (size = 1): Promise<string> => {
    const answer = await call('POST', `/volume/v3/${projectId}/volumes`, { volume: { size } })
    cloud.clock.advance('1s')
    return answer.json.volume.id
  }

  /** Records of a kind as they are now. */
  const records = (kind: string) => (cloud.state()[kind] ?? []) as unknown as Record<string, unknown>[] // JSON objects all

  return {
    cloud,
    nova,
    /** Neutron below `/v2.0`. */
    neutron: ((method, path, body, more) => call(method, `/network/v2.0${path}`, body, more)) as typeof call,
    /** Cinder below the project. */
    cinder: ((method, path, body, more) => call(method, `/volume/v3/${projectId}${path}`, body, more)) as typeof call,
    /** Glance below `/v2`, Octavia below `/v2/lbaas`. */
    glance: ((method, path, body, more) => call(method, `/image/v2${path}`, body, more)) as typeof call,
    lb: ((method, path, body, more) => call(method, `/load-balancer/v2/lbaas${path}`, body, more)) as typeof call,
    idOf,
    request,
    running,
    volume,
    records,
    show: async (id: string, version?: string): Promise<ServerBody> =>
      (await nova('GET', `/servers/${id}`, undefined, version ? { version } : {})).json.server,
  }
}

/** Every distinct value of `look` while time goes by in small steps. */
export const sequence = async <T>(
  advance: (ms: number) => void,
  look: () => Promise<T>,
  steps = 60,
  stepMs = 10,
): Promise<T[]> => {
  const seen: T[] = []
  for (let i = 0; i < steps; i += 1) {
    const value = await look()
    if (JSON.stringify(value) !== JSON.stringify(seen.at(-1))) seen.push(value)
    advance(stepMs)
  }
  return seen
}
