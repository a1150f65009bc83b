import { expect, test } from 'vitest'
import { createFakeOpenStack } from '../fake-openstack.ts'
import { computeService } from '../services/compute/service.ts'
import { firstProblem } from './json-schema.ts'
import { Microversion } from './microversion.ts'

const cloud = createFakeOpenStack()

const ask = async (service: string, method: string, path: string, body?: unknown, version?: string, user = 'bosh') => {
  const root = service === 'volume' ? `volume/v3/${cloud.projectId(user)}` : 'compute/v2.1'
  const response = await cloud.fetch(`${cloud.url}/${root}${path}`, {
    method,
    headers: {
      'x-auth-token': await cloud.token(user),
      'content-type': 'application/json',
      ...(version === undefined ? {} : { 'openstack-api-version': version }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  return { status: response.status, text: await response.text() }
}

test('a body that breaks the schema is refused before the role is checked', async () => {
  const flavor = { name: 'f', ram: 0, vcpus: 1, disk: 1 }
  const answer = await ask('compute', 'POST', '/os-keypairs', { keypair: { name: 'k', nosuch: 1 } })
  expect(answer.status).toBe(400)
  expect(answer.text).toContain("Additional properties are not allowed ('nosuch' was unexpected)")
  expect((await ask('compute', 'POST', '/flavors/1/action', { addTenantAccess: { tenant: 1 } })).status).toBe(400)
  expect((await ask('compute', 'POST', '/flavors', { flavor: { ...flavor, ram: 64 } })).status).toBe(403)
})

test('an action that the fake does not model is refused by its schema, else 501', async () => {
  const evacuate = (body: object) => ask('compute', 'POST', '/servers/x/action', { evacuate: body }, undefined, 'admin')
  expect((await evacuate({ nosuch: true })).status).toBe(400)
  expect((await evacuate({ onSharedStorage: false })).status).toBe(501)
})

test('a query key is refused, dropped or obeyed as the schema of the microversion says', async () => {
  const old = await ask('compute', 'GET', '/flavors?nosuch=1')
  const young = await ask('compute', 'GET', '/flavors?nosuch=1', undefined, 'compute 2.75')
  expect([old.status, young.status]).toEqual([200, 400])
  expect(young.text).toContain("Additional properties are not allowed ('nosuch' was unexpected)")
  const limit = await ask('compute', 'GET', '/flavors?limit=-1')
  expect(limit.text).toContain("Invalid input for query parameters limit. Value: -1. '-1' does not match '^[0-9]*$'")
})

test('every query key of Nova that the fake does not obey is 501 and in the list of gaps', async () => {
  const gaps: string[] = []
  const token = await cloud.token('admin')
  const get = async (path: string, key: string, version: string): Promise<number> => {
    const headers = { 'x-auth-token': token, 'openstack-api-version': `compute ${version}` }
    return (await cloud.fetch(`${cloud.url}/compute/v2.1${path}?${key}=1`, { headers })).status
  }
  for (const route of computeService.routes.filter(({ method, atRoot }) => method === 'GET' && !atRoot)) {
    const name = `GET ${route.path.replace(/:\w+/g, ':id')}`
    for (const version of ['2.1', '2.40', '2.74', '2.90']) {
      const at = Microversion.parse(version) ?? new Microversion(0, 0)
      const keys = Object.keys(computeService.schemas?.find(name, 'query', 'zed', at)?.properties ?? {})
      for (const key of keys) {
        const status = await get(route.path.replace(/:\w+/g, '1'), key, version)
        if (status === 501) gaps.push(`${name}?${key}`)
        expect(status, `${name}?${key} at ${version}`).not.toBe(500)
      }
    }
  }
  const listed = cloud.unmodelled().routes['compute']?.filter((line) => line.includes('?'))
  expect([...new Set(gaps)].sort()).toEqual(listed?.sort())
})

test('a body of two actions is malformed', async () => {
  const answer = await ask('volume', 'POST', '/volumes/x/action', { 'os-show_image_metadata': null, nosuch: 'x' })
  expect(answer).toEqual({
    status: 400,
    text: JSON.stringify({ badRequest: { code: 400, message: 'Malformed request body' } }),
  })
})

test('an action whose body is no object is missing, and a content type is compared as it is written', async () => {
  const token = await cloud.token('bosh')
  const post = async (body: string, contentType: string): Promise<number> => {
    const headers = { 'x-auth-token': token, 'content-type': contentType }
    return (await cloud.fetch(`${cloud.url}/compute/v2.1/servers/x/action`, { method: 'POST', headers, body })).status
  }
  expect(await post('null', 'application/json')).toBe(404)
  expect(await post('[]', 'application/json')).toBe(400)
  expect(await post('{"pause": null}', 'text/plain')).toBe(404)
  expect(await post('{"pause": null}', 'APPLICATION/JSON')).toBe(415)
})

test.each([
  ['text/html', 'text/html; charset=UTF-8'],
  ['application/json', 'application/json'],
  ['application/xml', 'text/plain; charset=UTF-8'],
  ['application/json;version=1', 'text/plain; charset=UTF-8'],
  ['application/json;q=0.5, */*;q=0.1', 'application/json'],
])('a refusal of the router to a client that accepts %s is %s', async (accept, contentType) => {
  const headers = { 'x-auth-token': await cloud.token('bosh'), accept }
  const response = await cloud.fetch(`${cloud.url}/compute/v2.1/nosuch`, { headers })
  expect([response.status, response.headers.get('content-type')]).toEqual([404, contentType])
})

test('the schema of a route depends on release and microversion', () => {
  const versions = ['2.1', '2.52', '2.90'].map((text) => Microversion.parse(text) ?? new Microversion(0, 0))
  const found = versions.map((version) => computeService.schemas?.find('POST /servers', 'body', 'zed', version))
  const keys = found.map((schema) => Object.keys(schema?.properties?.['server']?.properties ?? {}))
  expect(keys.map((names) => [names.includes('tags'), names.includes('hostname')])).toEqual([
    [false, false],
    [true, false],
    [true, true],
  ])
})

test.each([
  [{ oneOf: [{ type: 'null' }, { type: 'string' }] }, 1, '1 is not valid under any of the given schemas'],
  [
    { oneOf: [{ type: 'string' }, { minLength: 1 }] },
    'a',
    "'a' is valid under each of {'minLength': 1}, {'type': 'string'}",
  ],
  [{ anyOf: [{ type: 'null' }] }, 'a', "'a' is not valid under any of the given schemas"],
  [{ allOf: [{ type: 'string' }, { maxLength: 1 }] }, 'ab', "'ab' is too long"],
  [{ minimum: 5 }, '4', '4 is less than the minimum of 5'],
  [{ minimum: 0, exclusiveMinimum: true }, 0, '0 is less than or equal to the minimum of 0'],
  [{ minLength: 1 }, '', "'' should be non-empty"],
  [{ minLength: 2 }, '', "'' is too short"],
  [{ format: 'odd' }, 2, "2 is not a 'odd'"],
] as const)('%j refuses %j in the words of jsonschema', (schema, value, message) => {
  const formats = { odd: (one: unknown) => (Number(one) % 2 === 0 ? (false as const) : undefined) }
  const rules = { formats, readsNumbers: true, wordsForEmpty: 'should be non-empty' }
  expect(firstProblem(schema, value, [], rules)?.message).toBe(message)
})
