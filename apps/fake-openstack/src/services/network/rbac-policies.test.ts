import { expect, test } from 'vitest'
import { userClient } from '../../../test/user-client.ts'
import { createFakeOpenStack } from '../../fake-openstack.ts'

const users = async () => {
  const cloud = createFakeOpenStack()
  const client = (user: string) => userClient(cloud, user, '/network/v2.0')
  const [admin, bosh, other] = [await client('admin'), await client('bosh'), await client('other')]
  const made = async (user: typeof bosh, path: string, body: object): Promise<string> => {
    const { status, json } = await user('POST', path, body)
    expect({ status, json }).toEqual({ status: 201, json })
    return Object.values<{ id: string }>(json)[0]?.id ?? ''
  }
  const network = () => made(bosh, '/networks', { network: { name: 'n' } })
  const policy = (object_id: string, changes: object = {}) => ({
    rbac_policy: {
      object_type: 'network',
      object_id,
      action: 'access_as_shared',
      target_tenant: cloud.projectId('other'),
      ...changes,
    },
  })
  const gateway = (network_id: string) => ({ router: { name: 'r', external_gateway_info: { network_id } } })
  return { cloud, admin, bosh, other, made, network, policy, gateway }
}

test('a policy shares a network and its subnets with one project, which makes ports and servers there', async () => {
  const { admin, bosh, cloud, made, network, other, policy } = await users()
  const id = await network()
  const subnet = await made(bosh, '/subnets', { subnet: { network_id: id, ip_version: 4, cidr: '10.77.0.0/24' } })
  expect((await other('GET', `/networks/${id}`)).status).toBe(404)
  const { status, json } = await bosh('POST', '/rbac-policies', policy(id))
  const project_id = cloud.projectId('bosh')
  const { rbac_policy } = policy(id)
  expect({ status, json }).toEqual({
    status: 201,
    json: { rbac_policy: { id: json.rbac_policy.id, ...rbac_policy, project_id, tenant_id: project_id } },
  })
  expect((await other('GET', `/networks/${id}`)).json.network.shared).toBe(true)
  expect((await other('GET', '/networks?shared=true')).json.networks).toMatchObject([{ id }])
  expect((await other('GET', `/subnets?network_id=${id}`)).json.subnets).toMatchObject([{ id: subnet }])
  expect((await bosh('GET', `/networks/${id}`)).json.network.shared).toBe(false)
  expect((await other('PUT', `/networks/${id}`, { network: { name: 'mine' } })).status).toBe(403)
  const port = await made(other, '/ports', { port: { network_id: id } })
  expect((await other('POST', '/ports', { port: { network_id: id, mac_address: 'fa:16:3e:00:00:01' } })).status).toBe(
    403,
  )
  const nova = await userClient(cloud, 'other', '/compute/v2.1')
  const [flavorRef, imageRef] = [cloud.state().flavors[0]?.id, cloud.state().images[0]?.id]
  const server = { name: 's', flavorRef, imageRef, networks: [{ uuid: id }] }
  expect((await nova('POST', '/servers', { server })).status).toBe(202)
  const path = `/rbac-policies/${json.rbac_policy.id}`
  const refused = await admin('DELETE', path)
  expect(refused).toMatchObject({ status: 409, json: { NeutronError: { type: 'RbacPolicyInUse' } } })
  expect(refused.json.NeutronError.message).toMatch(`RBAC policy on object ${id} cannot be removed because other`)
  expect((await bosh('PUT', path, { rbac_policy: { target_tenant: project_id } })).status).toBe(409)
  expect((await other('GET', `/ports/${port}`)).status).toBe(200)
})

test('a policy that no port depends on is deleted, and the network is hidden again', async () => {
  const { bosh, cloud, made, network, other, policy } = await users()
  const id = await network()
  const path = `/rbac-policies/${await made(bosh, '/rbac-policies', policy(id))}`
  expect(Object.keys((await bosh('GET', '/rbac-policies?limit=1')).json)).toEqual(['rbac_policies'])
  expect((await bosh('GET', '/rbac-policies?object_type=subnetpool')).json.rbac_policies).toEqual([])
  expect((await other('GET', path)).json.NeutronError.type).toBe('RbacPolicyNotFound')
  const project = cloud.projectId('admin')
  const changed = await bosh('PUT', path, { rbac_policy: { target_tenant: project } })
  expect(changed.json.rbac_policy).toMatchObject({ object_id: id, target_tenant: project })
  expect((await other('GET', `/networks/${id}`)).status).toBe(404)
  expect((await bosh('DELETE', path)).status).toBe(204)
  expect((await bosh('GET', path)).status).toBe(404)
})

test('only administrators share with every project, and the attribute of the network follows', async () => {
  const { admin, bosh, made, network, other, policy } = await users()
  const id = await network()
  const forAll = policy(id, { target_tenant: '*' })
  const refused = (await bosh('POST', '/rbac-policies', forAll)).json.NeutronError
  expect(refused).toMatchObject({ type: 'PolicyNotAuthorized' })
  expect(refused.message).toMatch('rule:create_rbac_policy:target_tenant')
  const path = `/rbac-policies/${await made(admin, '/rbac-policies', forAll)}`
  expect((await admin('POST', '/rbac-policies', forAll)).json.NeutronError.type).toBe('DuplicateRbacPolicy')
  expect((await bosh('GET', `/networks/${id}`)).json.network.shared).toBe(true)
  await made(other, '/ports', { port: { network_id: id } })
  expect((await admin('DELETE', path)).status).toBe(409)
  const unshared = await admin('PUT', `/networks/${id}`, { network: { shared: false } })
  expect(unshared.json.NeutronError.type).toBe('InvalidSharedSetting')
  await made(admin, '/rbac-policies', policy(id))
  expect((await admin('DELETE', path)).status).toBe(204)
  expect((await bosh('GET', `/networks/${id}`)).json.network.shared).toBe(false)
  expect((await other('GET', `/networks/${id}`)).json.network.shared).toBe(true)
})

test('a network that is shared by its attribute has a policy, which goes with it', async () => {
  const { admin, made } = await users()
  const id = await made(admin, '/networks', { network: { name: 'n', shared: true } })
  const query = `/rbac-policies?object_id=${id}`
  const [policy] = (await admin('GET', query)).json.rbac_policies
  expect(policy).toMatchObject({ object_type: 'network', action: 'access_as_shared', target_tenant: '*' })
  expect((await admin('GET', `/rbac-policies/${policy.id}`)).json.rbac_policy).toEqual(policy)
  expect((await admin('DELETE', `/rbac-policies/${policy.id}`)).status).toBe(204)
  expect((await admin('GET', `/networks/${id}`)).json.network.shared).toBe(false)
  expect((await admin('GET', query)).json.rbac_policies).toEqual([])
})

test('access_as_external makes a network external for one project, until no router needs it', async () => {
  const { admin, bosh, gateway, made, network, other, policy } = await users()
  const id = await network()
  await made(bosh, '/subnets', { subnet: { network_id: id, ip_version: 4, cidr: '10.78.0.0/24' } })
  const path = `/rbac-policies/${await made(bosh, '/rbac-policies', policy(id, { action: 'access_as_external' }))}`
  const shown = (await other('GET', `/networks/${id}`)).json.network
  expect(shown).toMatchObject({ shared: false, 'router:external': true })
  const router = await made(other, '/routers', gateway(id))
  expect((await admin('DELETE', path)).json.NeutronError.message).toMatch('There are routers attached to this network')
  expect((await other('DELETE', `/routers/${router}`)).status).toBe(204)
  expect((await admin('DELETE', path)).status).toBe(204)
  expect((await other('GET', `/networks/${id}`)).status).toBe(404)
  expect((await bosh('GET', `/networks/${id}`)).json.network['router:external']).toBe(false)
})

test('a policy shares a security group, an address group, an address scope or a subnet pool', async () => {
  const { admin, bosh, made, network, other, policy } = await users()
  const name = 'shared-one'
  const bodies = {
    'security-groups': { security_group: { name } },
    'address-groups': { address_group: { name } },
    'address-scopes': { address_scope: { name, ip_version: 4 } },
    subnetpools: { subnetpool: { name, prefixes: ['10.80.0.0/16'], default_prefixlen: '24' } },
  }
  for (const [path, body] of Object.entries(bodies)) {
    const id = await made(bosh, `/${path}`, body)
    expect((await other('GET', `/${path}/${id}`)).status).toBe(404)
    const [object_type = ''] = Object.keys(body)
    const rule = await made(bosh, '/rbac-policies', policy(id, { object_type }))
    expect((await other('GET', `/${path}/${id}`)).status).toBe(200)
    const [key = ''] = Object.keys((await other('GET', `/${path}`)).json)
    expect((await other('GET', `/${path}?name=${name}`)).json[key]).toMatchObject([{ id }])
    if (object_type === 'security_group') {
      const onIt = await network()
      await made(bosh, '/subnets', { subnet: { network_id: onIt, ip_version: 4, cidr: '10.79.0.0/24' } })
      await made(bosh, '/rbac-policies', policy(onIt))
      const port = await made(other, '/ports', { port: { network_id: onIt, security_groups: [id] } })
      expect((await bosh('DELETE', `/rbac-policies/${rule}`)).json.NeutronError.message).toMatch('project_id=')
      expect((await other('DELETE', `/ports/${port}`)).status).toBe(204)
    }
    expect((await bosh('DELETE', `/${path}/${id}`)).status).toBe(204)
    expect((await admin('GET', `/rbac-policies/${rule}`)).status).toBe(404)
  }
})

test('policies for objects of others, unknown actions and types, and those beyond the quota are refused', async () => {
  const { admin, bosh, cloud, made, network, other, policy } = await users()
  const id = await network()
  const refusal = async (body: object, user = bosh) => (await user('POST', '/rbac-policies', body)).json.NeutronError
  expect(await refusal(policy(id), other)).toMatchObject({ type: 'InvalidInput' })
  expect(await refusal(policy(id, { object_type: 'tenants' }))).toMatchObject({
    message: "Invalid input for operation: 'tenants' is not a valid RBAC object type.",
  })
  expect(await refusal(policy(id, { action: 'look' }))).toEqual({
    type: 'InvalidActionForType',
    message:
      "Invalid action 'look' for object type 'network'. Valid actions: ('access_as_shared', 'access_as_external')",
    detail: '',
  })
  expect((await refusal(policy('00000000-0000-4000-8000-000000000000'))).message).toMatch('could not be found.')
  const project = cloud.projectId('bosh')
  await admin('PUT', `/quotas/${project}`, { quota: { rbac_policy: 1 } })
  await made(bosh, '/rbac-policies', policy(id))
  expect(await refusal(policy(await network()))).toMatchObject({ type: 'OverQuota' })
  const { quota } = (await bosh('GET', `/quotas/${project}/details`)).json
  expect(quota.rbac_policy).toEqual({ limit: 1, used: 1, reserved: 0 })
})
