import { expect, test } from 'vitest'
import { userClient } from '../../../test/user-client.ts'
import { createFakeOpenStack } from '../../fake-openstack.ts'

const id = '00000000-0000-4000-8000-000000000000'

const neutron = async () => {
  const cloud = createFakeOpenStack()
  const client = (user: string) => userClient(cloud, user, '/network/v2.0')
  return { network: cloud.state().networks[0]?.id ?? '', admin: await client('admin'), bosh: await client('bosh') }
}

test('there are no agents, and none serves a network', async () => {
  const { admin, network } = await neutron()
  expect(await admin('GET', '/agents')).toEqual({ status: 200, json: { agents: [] } })
  expect(await admin('GET', `/networks/${network}/dhcp-agents`)).toEqual({ status: 200, json: { agents: [] } })
  expect((await admin('GET', `/agents/${id}`)).json.NeutronError.type).toBe('AgentNotFound')
  expect((await admin('GET', `/routers/${id}/l3-agents`)).json.NeutronError.type).toBe('RouterNotFound')
})

test('nothing is scheduled on an agent that does not exist', async () => {
  const { admin, network } = await neutron()
  const path = `/agents/${id}/dhcp-networks`
  const add = async (network_id: string) => (await admin('POST', path, { network_id })).json.NeutronError.type
  expect(await add(network)).toBe('AgentNotFound')
  expect(await add(id)).toBe('NetworkNotFound')
  expect((await admin('GET', path)).status).toBe(404)
  expect((await admin('DELETE', `${path}/${network}`)).status).toBe(404)
  const router = await admin('POST', `/agents/${id}/l3-routers`, { router_id: id })
  expect(router.json.NeutronError.type).toBe('RouterNotFound')
  expect((await admin('POST', path, {})).status).toBe(500)
})

test.each([
  ['GET', `/networks/${id}/dhcp-agents`, 'get_dhcp-agents'],
  ['POST', `/agents/${id}/dhcp-networks`, 'create_dhcp-network'],
  ['DELETE', `/agents/${id}/l3-routers/${id}`, 'delete_l3-router'],
])('%s %s is for administrators', async (method, path, rule) => {
  const { bosh } = await neutron()
  const { status, json } = await bosh(method, path, method === 'POST' ? { network_id: id } : undefined)
  expect(status).toBe(403)
  expect(json.NeutronError.message).toBe(`rule:${rule} is disallowed by policy`)
})
