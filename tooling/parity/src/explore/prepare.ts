import type { CloudUnderTest } from '../cloud-under-test.ts'
import type { Service } from '../probe.ts'
import { type Answer, type Request, Session } from '../session.ts'
import { type Creation, creations, type Placeholders, password } from './creations.ts'

/** One cloud with a project of its own for the exploration, and the objects in it. */
export interface PreparedCloud {
  readonly session: Session
  placeholders: Placeholders
  /** Makes the objects anew, in place of those that a request may have changed. */
  renew(): Promise<void>
  /** Waits until the load balancer has taken a change, if there is one. */
  settle(): Promise<void>
  /** Deletes everything, the project and the user too. */
  remove(): Promise<void>
}

const settled = ['ACTIVE', 'available', 'ERROR', 'error', 'active', 'DOWN', 'queued']

/** Makes project, user and objects on a cloud. */
export async function prepare(cloud: CloudUnderTest, service: Service, name: string): Promise<PreparedCloud> {
  const admin = new Session(cloud, name)
  await admin.start(['admin'])
  const ask = async (method: string, path: string, body?: unknown): Promise<Answer> => {
    const answer = await admin.send({
      service: 'identity',
      method,
      path,
      as: 'admin',
      ...(body === undefined ? {} : { body }),
    })
    if (answer.status >= 400) throw new Error(`${method} ${path}: ${answer.status} ${JSON.stringify(answer.body)}`)
    return answer
  }
  const project = (await ask('POST', '/projects', { project: { name, domain_id: 'default' } })).at('project', 'id')
  const user = (await ask('POST', '/users', { user: { name, password, domain_id: 'default' } })).at('user', 'id')
  for (const role of ['member', 'reader', 'load-balancer_member']) {
    const id = (await ask('GET', `/roles?name=${role}`)).at('roles', 0, 'id')
    if (id !== '') await ask('PUT', `/projects/${project}/users/${user}/roles/${id}`)
  }
  const own = { name, password, project: name }
  const session = new Session({ ...cloud, people: { ...cloud.people, bosh: own, small: own } }, name)
  await session.start(['bosh', 'other', 'admin'])
  const first = async (from: Service, path: string, ...keys: (string | number)[]): Promise<string> =>
    (await session.send({ service: from, method: 'GET', path, as: from === 'identity' ? 'admin' : 'bosh' })).at(...keys)
  const fixed = {
    name,
    project,
    user,
    user_name: name,
    project_name: name,
    password,
    unknown: '00000000-1111-2222-3333-444444444444',
    role: await first('identity', '/roles?name=reader', 'roles', 0, 'id'),
    service: await first('identity', '/services?type=compute', 'services', 0, 'id'),
    tiny_image: await first('image', '/images?name=tiny-image', 'images', 0, 'id'),
    external: await first('network', '/networks?name=public', 'networks', 0, 'id'),
    standard_type: await first('block-storage', '/types/default', 'volume_type', 'id'),
  }
  const own_objects: { path: string; service: Service; as?: 'admin' }[] = []
  const clear = async (): Promise<void> => {
    for (const one of own_objects.splice(0).reverse()) await removed(session, one)
    await sweep(session, service)
  }
  const prepared: PreparedCloud = {
    session,
    placeholders: fixed,
    renew: async () => {
      await clear()
      let known: Placeholders = fixed
      for (const one of creations[service]) {
        const id = await made(session, one, known)
        known = { ...known, [one.key]: id }
        own_objects.push({ path: `${one.path}/${id}`, service: one.service, ...(one.as ? { as: one.as } : {}) })
      }
      prepared.placeholders = known
    },
    settle: async () => {
      const id = prepared.placeholders['loadbalancer']
      if (id === undefined) return
      const path = `/loadbalancers/${id}`
      await settle(session, { service: 'load-balancer', path, status: ['loadbalancer', 'provisioning_status'] })
    },
    remove: async () => {
      await clear()
      await admin.start(['admin']) // the token may have ended meanwhile
      await ask('DELETE', `/users/${user}`)
      await ask('DELETE', `/projects/${project}`)
    },
  }
  await prepared.renew()
  return prepared
}

async function made(session: Session, one: Creation, known: Placeholders): Promise<string> {
  const answer = await session.send({
    service: one.service,
    method: 'POST',
    path: one.path,
    body: one.body(known),
    ...(one.as ? { as: one.as } : {}),
  })
  const id = answer.at(...one.at)
  if (id === '') throw new Error(`POST ${one.path}: ${answer.status} ${JSON.stringify(answer.body)}`)
  if (one.status) await settle(session, { service: one.service, path: `${one.path}/${id}`, status: one.status })
  return id
}

/** Waits until an object has left its transient states, at most about 30 s. */
async function settle(session: Session, one: { service: Service; path: string; status: readonly string[] }) {
  for (let i = 0; i < 60; i += 1) {
    const answer = await session.send({ service: one.service, method: 'GET', path: one.path })
    if (answer.status === 404 || settled.includes(answer.at(...one.status))) return
    await session.pause(300)
  }
}

/** Deletes an object and waits until it is gone. */
export async function removed(session: Session, one: { path: string; service: Service; as?: 'admin' }): Promise<void> {
  const cascade = one.service === 'load-balancer' && one.path.startsWith('/loadbalancers/') ? '?cascade=true' : ''
  const send = (method: string, suffix = '', body?: unknown): Promise<Answer> => {
    const request: Request = { service: one.service, method, path: one.path + suffix, body }
    return session.send(one.as ? { ...request, as: one.as } : request)
  }
  // An enabled domain cannot be deleted.
  if (one.path.startsWith('/domains/')) await send('PATCH', '', { domain: { enabled: false } })
  for (let i = 0; i < 25; i += 1) {
    const { status } = await send('DELETE', cascade)
    if (status === 404) return
    const isImmediate = one.service === 'network' || one.service === 'identity' || one.service === 'image'
    if (status < 300 && (isImmediate || (await send('GET')).status === 404)) return
    if (status >= 400 && status !== 409 && status !== 400) return
    await session.pause(100)
  }
}

const ownLists: Readonly<Partial<Record<Service, readonly (readonly [string, string])[]>>> = {
  compute: [
    ['/servers', 'servers'],
    ['/os-server-groups', 'server_groups'],
  ],
  'block-storage': [
    ['/snapshots', 'snapshots'],
    ['/volumes', 'volumes'],
  ],
  'load-balancer': [['/loadbalancers', 'loadbalancers']],
  network: [
    ['/floatingips', 'floatingips'],
    ['/ports', 'ports'],
    ['/routers', 'routers'],
    ['/networks?shared=false&router:external=false', 'networks'],
    ['/subnetpools', 'subnetpools'],
    ['/security-groups', 'security_groups'],
  ],
}

/** Deletes what accepted requests have left in the project. */
async function sweep(session: Session, service: Service): Promise<void> {
  const project = session.login('bosh').projectId
  for (const [path, key] of ownLists[service] ?? []) {
    const { body } = await session.send({ service, method: 'GET', path })
    const list = typeof body === 'object' && body !== null ? (body as Record<string, unknown>)[key] : undefined
    if (!Array.isArray(list)) continue
    for (const item of list as { id?: string; project_id?: string; name?: string }[]) {
      if (item.project_id !== undefined && item.project_id !== project) continue
      if (item.id === undefined || item.name === 'default') continue
      await removed(session, { service, path: `${path.split('?')[0] ?? path}/${item.id}` })
    }
  }
}
