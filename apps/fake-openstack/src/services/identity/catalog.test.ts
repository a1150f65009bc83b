import { expect, test } from 'vitest'
import { createFakeOpenStack } from '../../fake-openstack.ts'

interface Catalog {
  catalog: { type: string; endpoints: { region: string; interface: string; url: string }[] }[]
}

test('§2.4 each region and interface has an address of its own, and all of them answer', async () => {
  const cloud = createFakeOpenStack({
    seed: {
      regions: ['RegionOne', 'Region Two'],
      projects: [{ name: 'p' }],
      users: [{ name: 'u', password: 'pw', roles: { p: ['member'] } }],
    },
    distinctInterfaces: true,
  })
  const headers = { 'x-auth-token': await cloud.token('u', 'p') }
  const answer = await cloud.fetch(`${cloud.authUrl}/auth/catalog`, { headers })
  const { catalog } = (await answer.json()) as Catalog
  const images = catalog.find((service) => service.type === 'image')?.endpoints ?? []
  expect(images.map(({ region, interface: kind, url }) => `${region} ${kind} ${new URL(url).pathname}`)).toEqual([
    'RegionOne internal /at/RegionOne/internal/image',
    'RegionOne public /image',
    'RegionOne admin /at/RegionOne/admin/image',
    'Region Two internal /at/Region%20Two/internal/image',
    'Region Two public /at/Region%20Two/public/image',
    'Region Two admin /at/Region%20Two/admin/image',
  ])
  for (const { url } of images) {
    expect((await cloud.fetch(`${url}/v2/images`, { headers })).status).toBe(200)
    const versions = await cloud.fetch(url)
    expect(await versions.text()).toContain(`"href":"${url}/v2/"`)
  }
  expect((await cloud.fetch(`${cloud.url}/at/Nowhere/public/image/v2/images`, { headers })).status).toBe(404)
})

test('without a params all interfaces share one address, as on small clouds', async () => {
  const cloud = createFakeOpenStack()
  const headers = { 'x-auth-token': await cloud.token('bosh') }
  const { catalog } = (await (await cloud.fetch(`${cloud.authUrl}/auth/catalog`, { headers })).json()) as Catalog
  const compute = catalog.find((service) => service.type === 'compute')?.endpoints ?? []
  expect(new Set(compute.map((endpoint) => endpoint.url))).toEqual(new Set(['http://openstack.test/compute/v2.1']))
})
