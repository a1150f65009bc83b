import { describe, expect, test } from 'vitest'
import { type EndpointChoice, offers, resolveEndpoint } from './catalog.ts'
import { serviceBaseUrl, versionUrl } from './endpoint-url.ts'
import { OpenStackError } from './openstack-error.ts'
import type { CatalogEntry } from './token.ts'

const entry = (type: string, ...endpoints: CatalogEntry['endpoints']): CatalogEntry => ({ type, name: type, endpoints })
const choice = (changes: Partial<EndpointChoice> = {}): EndpointChoice => ({
  region: undefined,
  endpointType: 'public',
  endpointOverrides: {},
  ...changes,
})

const catalog = [
  entry(
    'compute',
    { interface: 'internal', region: 'R1', url: 'http://nova.internal/v2.1' },
    { interface: 'public', region: 'R1', url: 'http://nova.r1/v2.1' },
    { interface: 'public', region: 'R2', url: 'http://nova.r2/v2.1/' },
  ),
  entry('volumev2', { interface: 'public', region: 'R1', url: 'http://cinder/v2/p' }),
  entry('block-storage', { interface: 'public', region: 'R1', url: 'http://cinder/v3/p' }),
]

describe('§2.4 which endpoint', () => {
  test.each<[string, EndpointChoice, string]>([
    ['first match without region', choice(), 'http://nova.r1/v2.1/'],
    ['by region', choice({ region: 'R2' }), 'http://nova.r2/v2.1/'],
    ['by interface', choice({ endpointType: 'internal' }), 'http://nova.internal/v2.1/'],
    ['an override wins', choice({ endpointOverrides: { compute: 'https://mine/v2.1' } }), 'https://mine/v2.1/'],
  ])('%s', (_, wanted, url) => {
    expect(resolveEndpoint(catalog, 'compute', wanted).href).toBe(url)
  })

  test('without region all services come from the region of compute', () => {
    const volumes = entry(
      'volumev3',
      { interface: 'public', region: 'R2', url: 'http://cinder.r2/v3' },
      { interface: 'public', region: 'R1', url: 'http://cinder.r1/v3' },
    )
    expect(resolveEndpoint([volumes, ...catalog], 'block-storage', choice()).href).toBe('http://cinder.r1/v3/')
  })

  test('types of a service in their order, whatever the order of the catalog', () => {
    expect(resolveEndpoint(catalog, 'block-storage', choice()).href).toBe('http://cinder/v3/p/')
  })

  test.each([
    ['compute', ['compute']],
    ['image', ['image']],
    ['network', ['network']],
    ['block-storage', ['volumev3', 'block-storage', 'block-store', 'volume', 'volumev2']],
    ['load-balancer', ['load-balancer']],
  ] as const)('%s goes by %j, the first that is there', (service, types) => {
    const typed = [...types].map((type) =>
      entry(type, { interface: 'public', region: 'R', url: `http://k/${type}/v3` }),
    )
    for (const [index, type] of types.entries()) {
      const left = typed.slice(index).reverse()
      expect(resolveEndpoint(left, service, choice()).pathname).toMatch(new RegExp(`^/${type}/v3/`))
    }
  })

  test('none: the error names what was looked for and what there is', () => {
    const look = () => resolveEndpoint(catalog, 'image', choice({ region: 'R9', endpointType: 'admin' }))
    expect(look).toThrow(OpenStackError)
    expect(look).toThrow(/no admin endpoint of service 'image' .*region 'R9'.*compute \(internal in R1, public in R1/)
  })

  test('whether a service is offered depends on region and interface', () => {
    expect(offers(catalog, 'compute', choice({ region: 'R2' }))).toBe(true)
    expect(offers(catalog, 'compute', choice({ region: 'R2', endpointType: 'internal' }))).toBe(false)
    expect(offers(catalog, 'load-balancer', choice())).toBe(false)
    expect(offers([], 'load-balancer', choice({ endpointOverrides: { 'load-balancer': 'http://o' } }))).toBe(true)
  })
})

describe('§2.4 URL completion', () => {
  test.each([
    ['compute', 'http://k/v2.1', 'http://k/v2.1/'],
    ['compute', 'http://k/v2.1/prj', 'http://k/v2.1/prj/'],
    ['compute', 'http://k/v2/prj', 'http://k/v2/prj/'],
    ['compute', 'http://k/compute/v2.1/', 'http://k/compute/v2.1/'],
    ['image', 'http://k:9292', 'http://k:9292/v2/'],
    ['image', 'http://k/image', 'http://k/image/v2/'],
    ['image', 'http://k/image/v2', 'http://k/image/v2/'],
    ['network', 'http://[::1]:9696', 'http://[::1]:9696/v2.0/'],
    ['network', 'http://k/network/v2.0/', 'http://k/network/v2.0/'],
    ['block-storage', 'http://k/v3/prj', 'http://k/v3/prj/'],
    ['block-storage', 'http://k/v3', 'http://k/v3/'],
    ['block-storage', 'http://k/v2/prj', 'http://k/v2/prj/'],
    ['load-balancer', 'http://k:9876', 'http://k:9876/v2.0/lbaas/'],
    ['load-balancer', 'http://k/load-balancer/v2', 'http://k/load-balancer/v2/lbaas/'],
    ['load-balancer', 'http://k/v2.0/lbaas', 'http://k/v2.0/lbaas/'],
  ] as const)('%s at %s', (service, url, base) => {
    expect(serviceBaseUrl(service, url).href).toBe(base)
  })

  test.each([
    ['http://k/v2.1/', 'http://k/v2.1/'],
    ['http://k/compute/v2.1/prj/', 'http://k/compute/v2.1/'],
    ['http://k/volume/v3/prj/', 'http://k/volume/v3/'],
  ])('§3.2 the version document of %s', (base, url) => {
    expect(versionUrl(new URL(base)).href).toBe(url)
  })
})
