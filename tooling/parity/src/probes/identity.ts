import { type Scenario, type Stage, scenario, table } from '../scenario.ts'
import { unknownId } from './unknown.ts'

const domain = { name: 'Default' }
const as = 'nobody'

const passwordOf = (stage: Stage, change: { user?: object; password?: string; scope?: unknown } = {}) => {
  const { name, password, project } = stage.session.people('bosh')
  const scope = 'scope' in change ? change.scope : { project: { name: project, domain } }
  const user = { name, domain, password: change.password ?? password, ...change.user }
  return {
    auth: { identity: { methods: ['password'], password: { user } }, ...(scope === undefined ? {} : { scope }) },
  }
}

const logins = scenario('identity', 'logins', async (stage) => {
  const { ask, session } = stage
  const { projectId, userId } = session.login('bosh')
  const login = (name: string, body: unknown) => ask(name, 'POST /auth/tokens', { as, body })
  await login('by name', passwordOf(stage))
  await login(
    'by ids',
    passwordOf(stage, {
      user: { id: userId, name: undefined, domain: undefined },
      scope: { project: { id: projectId } },
    }),
  )
  await login('domain by id', passwordOf(stage, { user: { domain: { id: 'default' } } }))
  await login('name in capitals', passwordOf(stage, { user: { name: 'BOSH' } }))
  await login('without scope', passwordOf(stage, { scope: undefined }))
  await login('scope unscoped', passwordOf(stage, { scope: 'unscoped' }))
  await login('wrong password', passwordOf(stage, { password: 'wrong' }))
  await login('empty password', passwordOf(stage, { password: '' }))
  await login('unknown user', passwordOf(stage, { user: { name: 'nobody-here' } }))
  await login('unknown domain', passwordOf(stage, { user: { domain: { name: 'nope' } } }))
  await login('no domain', passwordOf(stage, { user: { domain: undefined } }))
  await login('unknown project', passwordOf(stage, { scope: { project: { name: 'nope', domain } } }))
  await login('foreign project', passwordOf(stage, { scope: { project: { name: 'other', domain } } }))
  await login('project without domain', passwordOf(stage, { scope: { project: { name: 'bosh' } } }))
  await login('domain scope', passwordOf(stage, { scope: { domain: { id: 'default' } } }))
  await login('system scope', passwordOf(stage, { scope: { system: { all: true } } }))
  await login('two scopes', passwordOf(stage, { scope: { project: { id: projectId }, domain: { id: 'default' } } }))
  await login('empty scope', passwordOf(stage, { scope: {} }))
  await login('empty body', {})
  await login('no identity', { auth: {} })
  await login('no methods', { auth: { identity: {} } })
  await login('unknown method', { auth: { identity: { methods: ['nope'], nope: {} } } })
  await login('method without payload', { auth: { identity: { methods: ['password'] } } })
  await login('password a number', passwordOf(stage, { user: { password: 5 } }))
  await login('bad token', { auth: { identity: { methods: ['token'], token: { id: 'nope' } } } })
  await login('unknown credential', {
    auth: { identity: { methods: ['application_credential'], application_credential: { id: 'nope', secret: 'x' } } },
  })
  await ask('without catalog', 'POST /auth/tokens?nocatalog', { as, body: passwordOf(stage) })
  await ask('broken JSON', 'POST /auth/tokens', { as, text: '{"auth": ' })
  await ask('a text', 'POST /auth/tokens', { as, text: 'x', headers: { 'content-type': 'text/plain' } })
})

const tokens = scenario('identity', 'tokens', async (stage) => {
  const { ask, quiet } = stage
  const login = async (change = {}) =>
    (await quiet('POST /auth/tokens', { as, body: passwordOf(stage, change) })).headers.get('x-subject-token') ?? ''
  const token = await login()
  const mine = { 'x-auth-token': token, 'x-subject-token': token }
  await ask('show', 'GET /auth/tokens', { as, headers: mine })
  await ask('check', 'HEAD /auth/tokens', { as, headers: mine })
  await ask('show without catalog', 'GET /auth/tokens?nocatalog', { as, headers: mine })
  await ask('subject missing', 'GET /auth/tokens')
  await ask('subject unknown', 'GET /auth/tokens', { headers: { 'x-subject-token': 'nope' } })
  await ask('catalog', 'GET /auth/catalog')
  await ask('projects', 'GET /auth/projects')
  await ask('domains', 'GET /auth/domains')
  const again = { auth: { identity: { methods: ['token'], token: { id: token } } } }
  await ask('token by token', 'POST /auth/tokens', { as, body: again })
  const unscoped = await login({ scope: undefined })
  await ask('catalog of an unscoped token', 'GET /auth/catalog', { as, headers: { 'x-auth-token': unscoped } })
  await ask('projects of an unscoped token', 'GET /auth/projects', { as, headers: { 'x-auth-token': unscoped } })
  await ask('servers with an unscoped token', 'GET /servers', {
    service: 'compute',
    as,
    headers: { 'x-auth-token': unscoped },
  })
  await ask('volumes with an unscoped token', 'GET /volumes', {
    service: 'block-storage',
    as,
    headers: { 'x-auth-token': unscoped },
  })
  await ask('revoke', 'DELETE /auth/tokens', { as, headers: mine })
  await ask('revoked', 'GET /auth/catalog', { as, headers: mine })
  await ask('revoked, at another service', 'GET /flavors', { service: 'compute', as, headers: mine })
})

const credentials = scenario('identity', 'application credentials', async (stage) => {
  const { ask, prefix, quiet, session } = stage
  const path = `/users/${session.login('bosh').userId}/application_credentials`
  const body = { application_credential: { name: `${prefix}-cred`, description: 'd' } }
  const made = await ask('create', `POST ${path}`, { body })
  const id = made.at('application_credential', 'id')
  const secret = made.at('application_credential', 'secret')
  stage.later(() => quiet(`DELETE ${path}/${id}`))
  await ask('create again', `POST ${path}`, { body })
  await ask('create nameless', `POST ${path}`, { body: { application_credential: {} } })
  await ask('show', `GET ${path}/${id}`)
  await ask('list by name', `GET ${path}?name=${prefix}-cred`)
  await ask('of another user', `GET /users/${session.login('other').userId}/application_credentials`)
  const login = (credential: object, scope?: unknown) => ({
    auth: {
      identity: { methods: ['application_credential'], application_credential: credential },
      ...(scope === undefined ? {} : { scope }),
    },
  })
  const byName = { name: `${prefix}-cred`, secret, user: { name: session.people('bosh').name, domain } }
  const used = await ask('login by id', 'POST /auth/tokens', { as, body: login({ id, secret }) })
  await ask('login by name', 'POST /auth/tokens', { as, body: login(byName) })
  await ask('wrong secret', 'POST /auth/tokens', { as, body: login({ id, secret: 'wrong' }) })
  await ask('with a scope', 'POST /auth/tokens', {
    as,
    body: login({ id, secret }, { project: { name: 'bosh', domain } }),
  })
  const headers = { 'x-auth-token': used.headers.get('x-subject-token') ?? '' }
  await ask('makes no credentials', `POST ${path}`, {
    as,
    headers,
    body: { application_credential: { name: `${prefix}-2` } },
  })
  await ask('delete', `DELETE ${path}/${id}`)
  await ask('show deleted', `GET ${path}/${id}`)
  await ask('login after deletion', 'POST /auth/tokens', { as, body: login({ id, secret }) })
})

const requests = table('identity', 'requests', [
  ['versions', 'GET //', undefined, { as }],
  ['version 3', 'GET //v3', undefined, { as }],
  ['version 3 with a slash', 'GET //v3/', undefined, { as }],
  ['no token', 'GET /auth/catalog', undefined, { as }],
  ['bad token', 'GET /auth/catalog', undefined, { as: 'stranger' }],
  ['unknown path', 'GET /nosuchthing'],
  ['users by a tenant', 'GET /users'],
  ['projects by a tenant', 'GET /projects'],
  ['roles by a tenant', 'GET /roles'],
  ['domains by a tenant', 'GET /domains'],
  ['services by a tenant', 'GET /services'],
  ['endpoints by a tenant', 'GET /endpoints'],
  ['regions', 'GET /regions', undefined, { list: 'shape' }],
  ['unknown user', `GET /users/${unknownId}`, undefined, { as: 'admin' }],
  ['unknown project', `GET /projects/${unknownId}`, undefined, { as: 'admin' }],
  ['unknown role', `GET /roles/${unknownId}`, undefined, { as: 'admin' }],
  ['unknown domain', `GET /domains/${unknownId}`, undefined, { as: 'admin' }],
  ['project by name', 'GET /projects?name=bosh', undefined, { as: 'admin' }],
  ['user by name', 'GET /users?name=bosh', undefined, { as: 'admin', list: 'shape' }],
  ['role by name', 'GET /roles?name=admin', undefined, { as: 'admin' }],
  ['domain', 'GET /domains/default', undefined, { as: 'admin' }],
])

/** Keystone. */
export const identityScenarios: readonly Scenario[] = [requests, logins, tokens, credentials]
