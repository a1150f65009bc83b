import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { FakeOpenStack } from '../src/fake-interface.ts'
import { createFakeOpenStack } from '../src/fake-openstack.ts'
import { ApiError } from '../src/kernel/api-error.ts'
import type { Route, ServiceDefinition } from '../src/kernel/service.ts'
import { allServices } from '../src/services/all.ts'
import { fuzzRuns } from './fuzz-runs.ts'

const runsPerRoute = fuzzRuns(4)
const seed = process.env['FC_SEED'] ? { seed: Number(process.env['FC_SEED']) } : {}

/** Every way to a route: each base of the service, and each action by its key. */
interface Listener {
  service: ServiceDefinition
  route: Route
  path: string
  action: string | undefined
}

const endpointsOf = (service: ServiceDefinition): Listener[] =>
  service.routes.flatMap((route) =>
    (route.atRoot ? [''] : service.bases.slice(0, 1)).flatMap((base) =>
      [undefined, ...Object.keys(route.actions ?? {})].map((action) => ({
        service,
        route,
        path: service.prefix + base + route.path,
        action,
      })),
    ),
  )

/** Words that services know, so that what is sent gets past their first look. */
const vocabulary = (cloud: FakeOpenStack) => {
  const fields = new Set<string>(
    'auth identity scope methods password token server servers volume port ports network subnet floatingip router snapshot image keypair security_group security_group_rule networks uuid block_device_mapping_v2 imageRef flavorRef min_count max_count user_data personality tag tags limit marker sort_key op path value new_size force host subnets subnet_id port_id fixed_ip address loadbalancer listener pool member members healthmonitor l7policy rule rules metadata meta extra_specs os:scheduler_hints scheduler_hints'.split(
      ' ',
    ),
  )
  const ids: string[] = []
  for (const records of Object.values(cloud.state())) {
    for (const record of records) {
      ids.push(record.id)
      for (const key of Object.keys(record)) fields.add(key)
    }
  }
  return { fields: [...fields], ids }
}

const arbitraries = ({ fields, ids }: ReturnType<typeof vocabulary>) => {
  const text = fc.oneof(
    fc.constantFrom(...ids),
    fc.constantFrom(
      '',
      ' ',
      'null',
      '-1',
      '0',
      '10.10.0.9',
      '10.10.0.0/99',
      '::1',
      'é'.repeat(300),
      'x'.repeat(70_000),
    ),
    fc.constantFrom('__proto__', 'constructor', '\u0000', '%', '\ud800', '../../x', '2030-13-45T99:99:99Z', 'bosh-net'),
    fc.string({ unit: 'binary', maxLength: 40 }),
  )
  const leaf = fc.oneof(
    text,
    fc.constantFrom(0, -1, 1, 2, 1.5, 2 ** 31, 2 ** 53, 1e308, null, true, false),
    fc.integer(),
  )
  const { tree } = fc.letrec<{ tree: unknown }>((tie) => ({
    tree: fc.oneof(
      { maxDepth: 4 },
      leaf,
      fc.dictionary(fc.constantFrom(...fields), tie('tree'), { maxKeys: 8 }),
      fc.array(tie('tree'), { maxLength: 4 }),
    ),
  }))
  const fields8 = fc.dictionary(fc.constantFrom(...fields), tree, { minKeys: 1, maxKeys: 8 })
  const wrapped = fc.tuple(fc.constantFrom(...fields), fields8).map(([key, value]) => ({ [key]: value }))
  const body = fc.oneof(
    fc.oneof(tree, fields8, wrapped).map((value) => JSON.stringify(value)),
    fc.constantFrom('{', '[[[[', '{"a":', 'nonsense', '\ufeff{}', '"', `${'['.repeat(5000)}${']'.repeat(5000)}`),
    fc.constant(`{"server":{"name":"${'x'.repeat(200_000)}"}}`),
  )
  const segment = fc.oneof(
    { weight: 3, arbitrary: fc.constantFrom(...ids) },
    { weight: 1, arbitrary: text.map((value) => encodeURIComponent(value.toWellFormed()).slice(0, 3000) || 'x') },
    { weight: 1, arbitrary: fc.constantFrom('%', '%E0%A4%A', 'detail', '..%2f..', 'x'.repeat(3000)) },
  )
  const query = fc.array(
    fc.tuple(fc.constantFrom(...fields, 'limit', 'marker', 'sort', 'sort_dir', 'page_reverse'), text),
    {
      maxLength: 3,
    },
  )
  const contentType = fc.constantFrom(
    ...[
      'application/json',
      'application/json',
      'application/json',
      'text/plain',
      '',
      'application/xml',
      'json',
      '\u00e9',
    ],
    ...['application/octet-stream', 'application/openstack-images-v2.1-json-patch', 'multipart/form-data'],
  )
  const version = fc.constantFrom(
    ...['', '', 'compute 2.1', 'compute 2.79', 'compute latest', 'compute 9.99', 'compute banana', 'volume 3.70'],
    ...[
      'volume 3.999',
      'volume',
      ',,,',
      'compute 2.-1',
      'compute 2.99999999999999999999',
      `compute ${'9'.repeat(500)}`,
    ],
  )
  const who = fc.constantFrom('admin', 'admin', 'bosh', 'bosh', 'other', 'nobody', '')
  return { tree, body, segment, query, contentType, version, who, fields8 }
}

test.each(allServices)('$name tells when it is the fake that fails', ({ dialect }) => {
  const { body } = dialect.error(new ApiError(500, 'The fake itself failed'), 'application/json')
  expect(typeof body === 'string' ? body : JSON.stringify(body)).toContain('The fake itself failed')
})

for (const service of allServices) {
  test(`${service.name}: no request brings an inner failure`, { timeout: 300_000 }, async () => {
    const cloud = createFakeOpenStack()
    const words = vocabulary(cloud)
    const any = arbitraries(words)
    const users = ['admin', 'bosh', 'other']
    for (const { route, path, action } of endpointsOf(service)) {
      const slots = path.split('/').filter((part) => part.startsWith(':')).length
      const request = fc.record({
        segments: fc.array(any.segment, { minLength: slots, maxLength: slots }),
        query: any.query,
        body:
          action === undefined
            ? any.body
            : fc.oneof(any.tree, any.fields8).map((value) => JSON.stringify({ [action]: value })),
        contentType: any.contentType,
        version: any.version,
        who: any.who,
      })
      await fc.assert(
        fc.asyncProperty(request, async ({ segments, query, body, contentType, version, who }) => {
          cloud.reset()
          const token = users.includes(who) ? await cloud.token(who) : who
          const parts = [...segments]
          const full = path.replace(/:\w+/g, () => parts.shift() ?? 'x')
          const search = new URLSearchParams(
            query.map(([key, value]): [string, string] => [key, value.toWellFormed()]),
          ).toString()
          const answer = await cloud.fetch(`${cloud.url}${full}${search ? `?${search}` : ''}`, {
            method: route.method,
            headers: {
              ...(token === '' ? {} : { 'x-auth-token': token }),
              ...(contentType === '' ? {} : { 'content-type': contentType }),
              ...(version === '' ? {} : { 'openstack-api-version': version }),
            },
            ...(route.method === 'GET' || route.method === 'HEAD' ? {} : { body }),
          })
          const text = await answer.text()
          // The real services have inner failures of their own, which the fake repeats; its own say so.
          if (text.includes('The fake itself failed')) throw new Error(text.slice(0, 600))
          expect(answer.status).toBeLessThan(502)
          // What was stored can be shown again, by every list.
          cloud.clock.advance('1h')
          expect(() => JSON.stringify(cloud.snapshot())).not.toThrow()
        }),
        { ...seed, numRuns: runsPerRoute },
      )
    }
  })
}
