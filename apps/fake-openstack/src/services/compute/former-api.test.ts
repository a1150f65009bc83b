import { expect, test } from 'vitest'
import { sendWithToken } from '../../../test/user-client.ts'
import { createFakeOpenStack } from '../../fake-openstack.ts'

const client = async () => {
  const cloud = createFakeOpenStack()
  const token = await cloud.token('bosh')
  const send = (method: string, path: string, body?: unknown) =>
    sendWithToken(cloud, token, method, `/compute${path}`, body, 'compute 2.90')
  return { cloud, send }
}

test('the API before the microversions answers below /v2, whatever version is asked for', async () => {
  const { cloud, send } = await client()
  const networks = [{ uuid: cloud.state().networks.find((one) => one.name === 'bosh-net')?.id }]
  const server = { name: 'vm', imageRef: cloud.state().images[0]?.id, flavorRef: '1', networks }
  const made = await send('POST', '/v2/servers', { server })
  expect(made.status).toBe(202)
  expect(made.json.server.links[0].href).toBe(`${cloud.url}/compute/v2/servers/${made.json.server.id}`)
  const shown = await send('GET', `/v2/${cloud.projectId('bosh')}/servers/${made.json.server.id}`)
  expect(shown.json.server).not.toHaveProperty('locked')
  expect(shown.headers.get('openstack-api-version')).toBeNull()
  expect(shown.headers.get('vary')).toBeNull()
  expect((await send('GET', '/v2/servers/nosuch')).status).toBe(404)
})

test('properties that no schema knows are dropped below /v2 and refused below /v2.1', async () => {
  const { send } = await client()
  const keypair = { name: 'k', colour: 'red' }
  expect((await send('POST', '/v2.1/os-keypairs', { keypair })).status).toBe(400)
  expect((await send('POST', '/v2/os-keypairs', { keypair })).json.keypair.name).toBe('k')
})
