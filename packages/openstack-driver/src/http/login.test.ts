import { describe, expect, test } from 'vitest'
import { loginRequest, readLogin } from './login.ts'
import { OpenStackError } from './openstack-error.ts'

const authUrl = 'https://keystone/identity'

describe('what is sent', () => {
  test('§2.1 password, project by name', () => {
    const credentials = {
      kind: 'password',
      username: 'u',
      password: 'p',
      scope: { project: { name: 'prj' }, userDomain: 'ud', projectDomain: 'pd' },
    } as const
    expect(loginRequest({ authUrl, credentials })).toEqual({
      url: new URL('https://keystone/identity/v3/auth/tokens'),
      body: {
        auth: {
          identity: { methods: ['password'], password: { user: { name: 'u', domain: { name: 'ud' }, password: 'p' } } },
          scope: { project: { name: 'prj', domain: { name: 'pd' } } },
        },
      },
    })
  })

  test('§2.1 password, project by id: no domain beside it', () => {
    const scope = { project: { id: 'pid' }, userDomain: 'd', projectDomain: 'd' }
    const credentials = { kind: 'password', username: 'u', password: 'p', scope } as const
    expect(loginRequest({ authUrl, credentials }).body).toMatchObject({ auth: { scope: { project: { id: 'pid' } } } })
    expect(JSON.stringify(loginRequest({ authUrl, credentials }).body)).toContain('"scope":{"project":{"id":"pid"}}')
  })

  test('§2.1 application credential: no scope, which Keystone would refuse', () => {
    const credentials = { kind: 'application_credential', id: 'i', secret: 's' } as const
    expect(loginRequest({ authUrl, credentials }).body).toEqual({
      auth: { identity: { methods: ['application_credential'], application_credential: { id: 'i', secret: 's' } } },
    })
  })

  test('§2.2 Keystone v2', () => {
    const credentials = { kind: 'v2', username: 'u', password: 'p', tenant: 't' } as const
    expect(loginRequest({ authUrl, credentials })).toEqual({
      url: new URL('https://keystone/identity/v2.0/tokens'),
      body: { auth: { passwordCredentials: { username: 'u', password: 'p' }, tenantName: 't' } },
    })
  })
})

describe('what is read', () => {
  test('§2.1 a v3 token: header, end, project, user, roles and catalog', () => {
    const endpoint = { interface: 'public', region: 'R', region_id: 'R', url: 'http://a' }
    const body = JSON.stringify({
      token: {
        expires_at: '2026-01-01T00:00:00.000000Z',
        project: { id: 'p', name: 'prj' },
        user: { id: 'u', name: 'usr' },
        roles: [{ id: 'r', name: 'member' }],
        catalog: [
          {
            type: 'compute',
            name: 'nova',
            endpoints: [
              endpoint,
              { interface: 'internal', region: 'only by name', url: 'http://b' },
              { interface: 'admin', region_id: 'only by id', url: 'http://c' },
            ],
          },
        ],
      },
    })
    expect(readLogin('password', 'tok', body, 0)).toMatchObject({
      id: 'tok',
      info: {
        projectId: 'p',
        projectName: 'prj',
        userId: 'u',
        userName: 'usr',
        roles: ['member'],
        expiresAt: '2026-01-01T00:00:00.000000Z',
        catalog: [
          {
            type: 'compute',
            name: 'nova',
            endpoints: [
              { interface: 'public', region: 'R', url: 'http://a' },
              { interface: 'internal', region: 'only by name', url: 'http://b' },
              { interface: 'admin', region: 'only by id', url: 'http://c' },
            ],
          },
        ],
      },
    })
  })

  test('§2.2 a v2 catalog has one endpoint per interface', () => {
    const body = JSON.stringify({
      access: {
        token: { id: 'tok', expires: '2026-01-01T00:00:00Z', tenant: { id: 'p', name: 'prj' } },
        user: { id: 'u', name: 'usr', roles: [{ name: 'member' }] },
        serviceCatalog: [
          {
            type: 'compute',
            name: 'nova',
            endpoints: [{ region: 'R', publicURL: 'http://a', internalURL: 'http://b' }],
          },
        ],
      },
    })
    expect(readLogin('v2', undefined, body, 0)).toMatchObject({
      id: 'tok',
      info: {
        projectId: 'p',
        projectName: 'prj',
        userId: 'u',
        userName: 'usr',
        roles: ['member'],
        expiresAt: '2026-01-01T00:00:00Z',
        catalog: [
          {
            type: 'compute',
            name: 'nova',
            endpoints: [
              { interface: 'public', region: 'R', url: 'http://a' },
              { interface: 'internal', region: 'R', url: 'http://b' },
            ],
          },
        ],
      },
    })
  })

  test.each([
    ['no header', undefined, '{"token":{"expires_at":"2026-01-01T00:00:00Z"}}'],
    ['no expiry', 'tok', '{"token":{}}'],
    ['a page', 'tok', '<html>'],
    ['a list', 'tok', '[]'],
  ])('§2.1 %s: kind decode', (_, header, body) => {
    expect(() => readLogin('password', header, body, 0)).toThrow(OpenStackError)
    expect(() => readLogin('password', header, body, 0)).toThrow(/Keystone answered the login/)
  })
})

describe('§2.3 when a token is renewed', () => {
  const askedAtMs = Date.parse('2030-01-01T00:00:00Z')
  const issued = (times: object) => JSON.stringify({ token: { user: {}, ...times } })
  test.each([
    ['30 s before its end', { issued_at: '2030-01-01T00:00:00Z', expires_at: '2030-01-01T01:00:00Z' }, 3_570],
    [
      "also when our clock is an hour ahead of Keystone's",
      { issued_at: '2029-12-31T23:00:00Z', expires_at: '2030-01-01T00:00:00Z' },
      3_570,
    ],
    ['half-way through a life of 20 s', { issued_at: '2030-01-01T00:00:00Z', expires_at: '2030-01-01T00:00:20Z' }, 10],
    ['by our clock without issued_at', { expires_at: '2030-01-01T00:10:00Z' }, 570],
    ['after 5 minutes when it seems to be over already', { expires_at: '2029-12-31T00:00:00Z' }, 300],
    ['after 5 minutes when its end is unreadable', { expires_at: 'soon' }, 300],
  ])('%s', (_what, times, afterS) => {
    expect(readLogin('password', 'tok', issued(times), askedAtMs).renewAtMs - askedAtMs).toBe(afterS * 1000)
  })
})
