import { expect, test } from 'vitest'
import { userClient } from '../../../test/user-client.ts'
import { createFakeOpenStack } from '../../fake-openstack.ts'

const neutron = async () => {
  const cloud = createFakeOpenStack()
  const client = (user: string) => userClient(cloud, user, '/network/v2.0')
  const bosh = await client('bosh')
  const network = { name: 'trunks' }
  const { id: network_id } = (await bosh('POST', '/networks', { network })).json.network
  const port = async (): Promise<string> => (await bosh('POST', '/ports', { port: { network_id } })).json.port.id
  return { bosh, other: await client('other'), parent: await port(), subport: await port(), third: await port() }
}

const vlan = (port_id: string, segmentation_id: number) => ({ port_id, segmentation_type: 'vlan', segmentation_id })

test('a trunk is its project’s, and its parent shows it', async () => {
  const { bosh, other, parent, subport } = await neutron()
  const sub_ports = [vlan(subport, 5)]
  const { status, json } = await bosh('POST', '/trunks', { trunk: { name: 't', port_id: parent, sub_ports } })
  expect(status).toBe(201)
  const { id } = json.trunk
  expect(json.trunk).toMatchObject({ name: 't', port_id: parent, sub_ports, status: 'DOWN', revision_number: 0 })
  expect((await other('GET', `/trunks/${id}`)).json.NeutronError.type).toBe('TrunkNotFound')
  expect((await other('GET', '/trunks')).json.trunks).toEqual([])
  expect((await bosh('GET', `/trunks?port_id=${parent}&fields=id`)).json.trunks).toEqual([{ id }])
  expect((await bosh('GET', `/ports/${parent}`)).json.port.trunk_details).toMatchObject({ trunk_id: id, sub_ports })
  expect((await bosh('GET', `/ports/${subport}`)).json.port).not.toHaveProperty('trunk_details')
  expect((await bosh('PUT', `/trunks/${id}`, { trunk: { name: 'u' } })).json.trunk).toMatchObject({
    name: 'u',
    revision_number: 1,
  })
  expect((await other('DELETE', `/trunks/${id}`)).status).toBe(404)
  expect((await bosh('DELETE', `/trunks/${id}`)).status).toBe(204)
  expect((await bosh('DELETE', `/ports/${parent}`)).status).toBe(204)
})

test('a port is in one trunk only, and is not deleted while it is', async () => {
  const { bosh, parent, subport } = await neutron()
  const trunk = { port_id: parent, sub_ports: [vlan(subport, 5)] }
  expect((await bosh('POST', '/trunks', { trunk })).status).toBe(201)
  const refusal = async (method: string, path: string, body?: object) => {
    const { status, json } = await bosh(method, path, body)
    return [status, json.NeutronError.type]
  }
  expect(await refusal('POST', '/trunks', { trunk: { port_id: parent } })).toEqual([409, 'ParentPortInUse'])
  expect(await refusal('POST', '/trunks', { trunk: { port_id: subport } })).toEqual([409, 'TrunkPortInUse'])
  expect(await refusal('DELETE', `/ports/${parent}`)).toEqual([409, 'PortInUseAsTrunkParent'])
  expect(await refusal('DELETE', `/ports/${subport}`)).toEqual([409, 'PortInUseAsSubPort'])
})

test('subports are added and removed while the trunk is enabled', async () => {
  const { bosh, parent, subport, third } = await neutron()
  const { id } = (await bosh('POST', '/trunks', { trunk: { port_id: parent, admin_state_up: false } })).json.trunk
  const change = (verb: 'add' | 'remove', ...sub_ports: object[]) =>
    bosh('PUT', `/trunks/${id}/${verb}_subports`, { sub_ports })
  const refusal = async (...sub_ports: object[]) => (await change('add', ...sub_ports)).json.NeutronError.message
  expect(await refusal(vlan(subport, 5))).toBe(`Trunk ${id} is currently disabled.`)
  await bosh('PUT', `/trunks/${id}`, { trunk: { admin_state_up: true } })
  expect((await change('add', vlan(subport, 5))).json.sub_ports).toEqual([vlan(subport, 5)])
  expect(await refusal(vlan(third, 5))).toBe(
    `segmentation_type vlan and segmentation_id 5 already in use on trunk ${id}.`,
  )
  expect(await refusal(vlan(third, 5000))).toBe("Invalid input for operation: Segmentation ID '5000' is not in range.")
  expect(await refusal({ port_id: third })).toContain('missing segmentation information')
  expect(await refusal({ port_id: 'nope' })).toBe("Invalid input for operation: Invalid UUID for subport: 'nope'.")
  expect((await bosh('GET', `/trunks/${id}/get_subports`)).json).toEqual({ sub_ports: [vlan(subport, 5)] })
  expect((await change('remove', { port_id: third })).json.NeutronError.type).toBe('SubPortNotFound')
  expect((await change('remove', { port_id: subport })).json.sub_ports).toEqual([])
})
