import { expect, test } from 'vitest'
import { createFakeOpenStack } from '../../fake-openstack.ts'

const login = (password: string, extra: object = {}) => ({
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify({
    auth: {
      identity: {
        methods: ['password'],
        password: { user: { name: 'bosh', domain: { name: 'Default' }, password, ...extra } },
      },
      scope: { project: { name: 'bosh', domain: { name: 'Default' } } },
    },
  }),
})

test('§2.1 a login answers 201, the token in X-Subject-Token and a catalog that points back to where it was asked', async () => {
  const cloud = createFakeOpenStack({ origin: 'http://one.test' })
  const response = await cloud.fetch(`${cloud.authUrl}/auth/tokens`, login('bosh-password'))
  expect(response.status).toBe(201)
  expect(response.headers.get('x-subject-token')).toMatch(/^gAAAAA/)
  const { token } = (await response.json()) as { token: { catalog: { type: string; endpoints: { url: string }[] }[] } }
  const identity = token.catalog.find((service) => service.type === 'identity')
  expect(identity?.endpoints.map((endpoint) => endpoint.url)).toContain('http://one.test/identity/v3/')
})

test('§9 a wrong password is 401 in the words of Keystone', async () => {
  const cloud = createFakeOpenStack()
  const response = await cloud.fetch(`${cloud.authUrl}/auth/tokens`, login('wrong'))
  expect(response.status).toBe(401)
  expect(await response.json()).toEqual({
    error: { code: 401, message: 'The request you have made requires authentication.', title: 'Unauthorized' },
  })
})

test('§2.3 a token ends with its lifetime', async () => {
  const cloud = createFakeOpenStack({ tokenLifetime: '1h' })
  const token = await cloud.token('bosh')
  const look = () =>
    cloud.fetch(`${cloud.authUrl}/auth/catalog`, { headers: { 'x-auth-token': token } }).then((r) => r.status)
  expect(await look()).toBe(200)
  cloud.clock.advance('61m')
  expect(await look()).toBe(401)
})
