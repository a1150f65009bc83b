import { expect, test } from 'vitest'
import { computeCloud } from '../../test/compute-client.ts'

const userData = '{"networks":{}}'
const more = { user_data: Buffer.from(userData).toString('base64'), key_name: 'bosh', metadata: { job: 'router' } }

test('§9, contract §8.2 a test reads what the agent would read from the metadata service', async () => {
  const { cloud, running } = await computeCloud()
  const id = await running({ ...more, availability_zone: 'z1' })
  const read = async (path: string) => {
    const response = await cloud.fetch(`${cloud.url}/_fake/metadata/${id}/${path}`)
    return [response.status, await response.text()] as const
  }
  expect(await read('latest/user-data')).toEqual([200, userData])
  expect(await read('latest/meta-data/placement/availability-zone')).toEqual([200, 'z1'])
  expect(await read('latest/meta-data/public-keys/0/openssh-key')).toEqual([200, expect.stringMatching(/^ssh-rsa /)])
  expect((await read('latest/meta-data/'))[1].split('\n')).toContain('local-ipv4')
  const [, document] = await read('openstack/latest/meta_data.json')
  expect(JSON.parse(document)).toMatchObject({ uuid: id, name: 'vm-1', meta: { job: 'router' } })
  expect((await read('latest/nosuch'))[0]).toBe(404)
})

test('§9, contract §8.2 the config drive has the same documents, if the server has one', async () => {
  const { cloud, running } = await computeCloud()
  const drive = async (id: string, path: string) => {
    const response = await cloud.fetch(`${cloud.url}/_fake/metadata/${id}/config-drive/${path}`)
    return [response.status, await response.text()] as const
  }
  const id = await running({ ...more, config_drive: true })
  expect(await drive(id, 'ec2/latest/user-data')).toEqual([200, userData])
  expect(await drive(id, 'openstack/latest/user_data')).toEqual([200, userData])
  const [, network] = await drive(id, 'openstack/latest/network_data.json')
  expect(JSON.parse(network).networks).toMatchObject([{ type: 'ipv4_dhcp' }])
  expect((await drive(await running(), 'openstack/latest/user_data'))[0]).toBe(404)
})
