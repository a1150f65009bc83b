import { type AskOptions, type Scenario, type Stage, scenario, statusIn, table } from '../scenario.ts'
import { long, unknownId } from './unknown.ts'

const as = 'nobody'

const requests = table('network', 'requests', [
  ['versions', 'GET //', undefined, { as }],
  ['version', 'GET //v2.0/', undefined, { list: 'shape' }],
  ['no token', 'GET /networks', undefined, { as }],
  ['bad token', 'GET /networks', undefined, { as: 'stranger' }],
  ['unknown collection', 'GET /nosuchthing'],
  ['wrong method', 'PATCH /networks', {}],
  ['extensions', 'GET /extensions', undefined, { list: 'shape' }],
  ['extension', 'GET /extensions/standard-attr-tag'],
  ['unknown extension', 'GET /extensions/nope'],
  ['zones', 'GET /availability_zones', undefined, { list: 'shape' }],
  ['agents by a tenant', 'GET /agents'],
  ['external network', 'GET /networks?name=public'],
  ['own network', 'GET /networks?name=bosh-net', undefined, { list: 'shape' }],
  ['external ones', 'GET /networks?router:external=true', undefined, { list: 'shape' }],
  ['subnet by name', 'GET /subnets?name=bosh-net-subnet', undefined, { list: 'shape' }],
  ['security group by name', 'GET /security-groups?name=bosh', undefined, { list: 'shape' }],
  ['router by name', 'GET /routers?name=bosh-router', undefined, { list: 'shape' }],
  ['floating IPs', 'GET /floatingips', undefined, { list: 'shape' }],
])

const kinds = [
  'networks',
  'subnets',
  'ports',
  'floatingips',
  'security-groups',
  'security-group-rules',
  'routers',
] as const

const notFound = table(
  'network',
  'not found',
  kinds.flatMap((kind) => [
    [`show ${kind}`, `GET /${kind}/${unknownId}`] as const,
    [`show ${kind}, no uuid`, `GET /${kind}/notauuid`] as const,
    [`delete ${kind}`, `DELETE /${kind}/${unknownId}`] as const,
  ]),
)

const lists = table('network', 'list parameters', [
  ['unknown filter', 'GET /ports?nosuch=1'],
  ['unknown field', 'GET /networks?name=none&fields=nosuch'],
  ['one field', 'GET /networks?name=public&fields=name'],
  ['limit no number', 'GET /ports?limit=x'],
  ['limit negative', 'GET /ports?limit=-1'],
  ['limit 0', 'GET /networks?limit=0&name=public', undefined, { list: 'shape' }],
  ['unknown marker', `GET /ports?limit=1&marker=${unknownId}`],
  ['unknown sort key', 'GET /ports?sort_key=nope&sort_dir=asc'],
  ['unknown direction', 'GET /ports?sort_key=name&sort_dir=up'],
  ['key without direction', 'GET /ports?sort_key=name'],
  ['boolean filter', 'GET /networks?admin_state_up=maybe'],
  ['empty name', 'GET /networks?name='],
])

const cleanup = (stage: Stage, path: string, as?: AskOptions['as']): void =>
  stage.later(() => stage.quiet(`DELETE ${path}`, as ? { as } : {}))

/** A network with a subnet of its own. */
const ownNetwork = async (stage: Stage): Promise<{ net: string; subnet: string }> => {
  const made = await stage.ask('create a network', 'POST /networks', {
    body: { network: { name: `${stage.prefix}-net` } },
  })
  const net = made.at('network', 'id')
  cleanup(stage, `/networks/${net}`)
  const sub = await stage.ask('create a subnet', 'POST /subnets', {
    body: {
      subnet: {
        network_id: net,
        name: `${stage.prefix}-sub`,
        ip_version: 4,
        cidr: '10.99.0.0/24',
        dns_nameservers: ['192.0.2.53'],
      },
    },
  })
  const subnet = sub.at('subnet', 'id')
  cleanup(stage, `/subnets/${subnet}`)
  return { net, subnet }
}

const ports = scenario('network', 'networks and ports', async (stage) => {
  const { ask, prefix } = stage
  const { net, subnet } = await ownNetwork(stage)
  await ask('network', `GET /networks/${net}`)
  await ask('network as another', `GET /networks/${net}`, { as: 'other' })
  await ask('rename', `PUT /networks/${net}`, { body: { network: { name: `${prefix}-net2` } } })
  await ask('by new name', `GET /networks?name=${prefix}-net2`)
  await ask('share by a tenant', `PUT /networks/${net}`, { body: { network: { shared: true } } })
  await ask('external by a tenant', 'POST /networks', { body: { network: { name: 'x', 'router:external': true } } })
  await ask('subnet', `GET /subnets/${subnet}`)
  const sub = (name: string, change: object) =>
    ask(`subnet: ${name}`, 'POST /subnets', {
      body: { subnet: { network_id: net, ip_version: 4, cidr: '10.98.0.0/24', ...change } },
    })
  await sub('overlapping', { cidr: '10.99.0.0/25' })
  await sub('bad cidr', { cidr: 'x' })
  await sub('no cidr', { cidr: undefined })
  await sub('wrong family', { ip_version: 6 })
  await sub('unknown network', { network_id: unknownId })
  await sub('gateway elsewhere', { gateway_ip: 'x' })
  await sub('pool elsewhere', { allocation_pools: [{ start: '10.1.0.1', end: '10.1.0.9' }] })
  await sub('unknown attribute', { nosuch: 1 })
  const made = await ask('create a port', 'POST /ports', {
    body: {
      port: { network_id: net, name: `${prefix}-port`, fixed_ips: [{ subnet_id: subnet, ip_address: '10.99.0.77' }] },
    },
  })
  const path = `/ports/${made.at('port', 'id')}`
  cleanup(stage, path)
  await ask('port', `GET ${path}`)
  await ask('port as another', `GET ${path}`, { as: 'other' })
  await ask('port as admin', `GET ${path}`, { as: 'admin' })
  await ask('by address', `GET /ports?network_id=${net}&fixed_ips=ip_address%3D10.99.0.77`)
  await ask('by another address', `GET /ports?network_id=${net}&fixed_ips=ip_address%3D10.99.0.78`)
  await ask('by device', `GET /ports?device_id=${unknownId}`)
  await ask('by two names', `GET /ports?name=${prefix}-port&name=none`)
  await ask('by name, two fields', `GET /ports?name=${prefix}-port&fields=name&fields=status`)
  const port = (name: string, change: object) =>
    ask(`port: ${name}`, 'POST /ports', { body: { port: { network_id: net, ...change } } })
  await port('address taken', { fixed_ips: [{ ip_address: '10.99.0.77' }] })
  await port('address elsewhere', { fixed_ips: [{ ip_address: '10.1.2.3' }] })
  await port('no address', { fixed_ips: [{ ip_address: 'x' }] })
  await port('unknown subnet', { fixed_ips: [{ subnet_id: unknownId }] })
  await port('unknown network', { network_id: unknownId })
  await port('no network', { network_id: undefined })
  await port('network no uuid', { network_id: 'x' })
  await port('unknown group', { security_groups: [unknownId] })
  await port('bad mac', { mac_address: 'x' })
  await port('bad pair', { allowed_address_pairs: [{ ip_address: 'x' }] })
  await port('unknown attribute', { nosuch: 1 })
  await port('name too long', { name: long(256) })
  await port('name a number', { name: 5 })
  await port('state no boolean', { admin_state_up: 'x' })
  await port('device owner of Neutron', { device_owner: 'network:dhcp', mac_address: '00:00:00:00:00:00' })
  await ask('update', `PUT ${path}`, {
    body: { port: { name: `${prefix}-port2`, allowed_address_pairs: [{ ip_address: '10.99.0.200' }] } },
  })
  await ask('update the network', `PUT ${path}`, { body: { port: { network_id: net } } })
  await ask('update unknown', `PUT ${path}`, { body: { port: { nosuch: 1 } } })
  await ask('no groups', `PUT ${path}`, { body: { port: { security_groups: [] } } })
  await ask('unprotected', `PUT ${path}`, { body: { port: { port_security_enabled: false } } })
  await ask('tags', `GET ${path}/tags`)
  await ask('tag', `PUT ${path}/tags/a`)
  await ask('has tag', `GET ${path}/tags/a`)
  await ask('has no such tag', `GET ${path}/tags/b`)
  await ask('replace tags', `PUT ${path}/tags`, { body: { tags: ['c', 'd'] } })
  await ask('by tags', `GET /ports?tags=c,d&network_id=${net}`)
  await ask('by not tags', `GET /ports?not-tags=c&network_id=${net}`)
  await ask('untag', `DELETE ${path}/tags/c`)
  await ask('untag again', `DELETE ${path}/tags/c`)
  await ask('bad tags', `PUT ${path}/tags`, { body: { tags: 'x' } })
  await ask('broken JSON', 'POST /ports', { text: '{"port": ' })
  await ask('empty body', 'POST /ports', { body: {} })
  await ask('a list', 'POST /ports', { body: [] })
  const bulk = {
    ports: [
      { network_id: net, name: `${prefix}-b1` },
      { network_id: net, name: `${prefix}-b2`, fixed_ips: [{ ip_address: '10.99.0.77' }] },
    ],
  }
  await ask('bulk with a mistake', 'POST /ports', { body: bulk })
  await ask('nothing of it', `GET /ports?name=${prefix}-b1`)
  await ask('delete a network in use', `DELETE /networks/${net}`)
  await ask('delete a subnet in use', `DELETE /subnets/${subnet}`)
  await ask('delete the port', `DELETE ${path}`)
  await ask('port gone', `GET ${path}`)
  await ask('delete the network', `DELETE /networks/${net}`)
  await ask('subnet gone with it', `GET /subnets/${subnet}`)
})

const pages = scenario('network', 'pages and order', async (stage) => {
  const { ask, prefix, quiet } = stage
  const { net } = await ownNetwork(stage)
  for (const name of ['b', 'c', 'a']) {
    const made = await quiet('POST /ports', { body: { port: { network_id: net, name: `${prefix}-${name}` } } })
    cleanup(stage, `/ports/${made.at('port', 'id')}`)
  }
  const mine = `network_id=${net}&fields=name`
  await ask('by name', `GET /ports?sort_key=name&sort_dir=asc&${mine}`)
  await ask('by name, descending', `GET /ports?sort_key=name&sort_dir=desc&${mine}`)
  await ask('first page', `GET /ports?limit=2&sort_key=name&sort_dir=asc&${mine}`)
  const marker = (await quiet(`GET /ports?name=${prefix}-b`)).at('ports', 0, 'id')
  await ask('second page', `GET /ports?limit=2&marker=${marker}&sort_key=name&sort_dir=asc&${mine}`)
  await ask('backwards', `GET /ports?limit=2&marker=${marker}&page_reverse=true&sort_key=name&sort_dir=asc&${mine}`)
  await ask('exactly full', `GET /ports?limit=3&sort_key=name&sort_dir=asc&${mine}`)
})

const groups = scenario('network', 'security groups', async (stage) => {
  const { ask, prefix, quiet } = stage
  const made = await ask('create', 'POST /security-groups', {
    body: { security_group: { name: `${prefix}-sg`, description: 'd' } },
  })
  const id = made.at('security_group', 'id')
  const path = `/security-groups/${id}`
  cleanup(stage, path)
  const twin = await ask('same name again', 'POST /security-groups', {
    body: { security_group: { name: `${prefix}-sg` } },
  })
  cleanup(stage, `/security-groups/${twin.at('security_group', 'id')}`)
  await ask('named default', 'POST /security-groups', { body: { security_group: { name: 'default' } } })
  const nameless = await ask('nameless', 'POST /security-groups', { body: { security_group: {} } })
  cleanup(stage, `/security-groups/${nameless.at('security_group', 'id')}`)
  await ask('show', `GET ${path}`)
  await ask('show as another', `GET ${path}`, { as: 'other' })
  await ask('rename', `PUT ${path}`, { body: { security_group: { name: `${prefix}-sg2` } } })
  const rule = (name: string, change: object) =>
    ask(`rule: ${name}`, 'POST /security-group-rules', {
      body: { security_group_rule: { security_group_id: id, direction: 'ingress', ...change } },
    })
  const first = await rule('tcp 22', {
    protocol: 'tcp',
    port_range_min: 22,
    port_range_max: 22,
    remote_ip_prefix: '0.0.0.0/0',
  })
  await rule('the same again', {
    protocol: 'tcp',
    port_range_min: 22,
    port_range_max: 22,
    remote_ip_prefix: '0.0.0.0/0',
  })
  await rule('by number', { protocol: '6', port_range_min: 80, port_range_max: 81 })
  await rule('of a group', { remote_group_id: id })
  await rule('icmp type', { protocol: 'icmp', port_range_min: 8 })
  await rule('bad direction', { direction: 'x' })
  await rule('bad protocol', { protocol: 'nope' })
  await rule('bad ethertype', { ethertype: 'x' })
  await rule('ports without protocol', { port_range_min: 1, port_range_max: 2 })
  await rule('ports the wrong way', { protocol: 'tcp', port_range_min: 5, port_range_max: 2 })
  await rule('port too high', { protocol: 'tcp', port_range_min: 1, port_range_max: 70_000 })
  await rule('bad prefix', { remote_ip_prefix: 'x' })
  await rule('prefix and group', { remote_ip_prefix: '10.0.0.0/8', remote_group_id: id })
  await rule('wrong family', { ethertype: 'IPv6', remote_ip_prefix: '10.0.0.0/8' })
  await rule('unknown group', { security_group_id: unknownId })
  await rule('unknown remote group', { remote_group_id: unknownId })
  await ask('rules of the group', `GET /security-group-rules?security_group_id=${id}&direction=egress`, {
    list: 'shape',
  })
  await ask('delete a rule', `DELETE /security-group-rules/${first.at('security_group_rule', 'id')}`)
  const own = (await quiet('GET /security-groups?name=default', { as: 'other' })).at('security_groups', 0, 'id')
  await ask('delete the default', `DELETE /security-groups/${own}`, { as: 'other' })
  await ask('delete', `DELETE ${path}`)
  await ask('deleted', `GET ${path}`)
})

const routers = scenario('network', 'routers and floating IPs', async (stage) => {
  const { ask, prefix, quiet } = stage
  const { net, subnet } = await ownNetwork(stage)
  const external = (await quiet('GET /networks?name=public')).at('networks', 0, 'id')
  const made = await ask('create a router', 'POST /routers', { body: { router: { name: `${prefix}-router` } } })
  const path = `/routers/${made.at('router', 'id')}`
  cleanup(stage, path)
  await ask('without gateway', `GET ${path}`)
  await ask('gateway of no external network', `PUT ${path}`, {
    body: { router: { external_gateway_info: { network_id: net } } },
  })
  await ask('set the gateway', `PUT ${path}`, { body: { router: { external_gateway_info: { network_id: external } } } })
  stage.later(() => quiet(`PUT ${path}`, { body: { router: { external_gateway_info: {} } } }))
  const port = (await quiet('POST /ports', { body: { port: { network_id: net } } })).at('port', 'id')
  cleanup(stage, `/ports/${port}`)
  const create = (name: string, change: object) =>
    ask(`floating IP: ${name}`, 'POST /floatingips', {
      body: { floatingip: { floating_network_id: external, ...change } },
    })
  await create('for an unreachable port', { port_id: port })
  await ask('add an interface', `PUT ${path}/add_router_interface`, { body: { subnet_id: subnet } })
  stage.later(() => quiet(`PUT ${path}/remove_router_interface`, { body: { subnet_id: subnet } }))
  await ask('add it again', `PUT ${path}/add_router_interface`, { body: { subnet_id: subnet } })
  await ask('add nothing', `PUT ${path}/add_router_interface`, { body: {} })
  await ask('add an unknown subnet', `PUT ${path}/add_router_interface`, { body: { subnet_id: unknownId } })
  await ask('delete a router in use', `DELETE ${path}`)
  await create('no network', { floating_network_id: undefined })
  await create('of no external network', { floating_network_id: net })
  await create('of an unknown network', { floating_network_id: unknownId })
  await create('for an unknown port', { port_id: unknownId })
  await create('chosen by a tenant', { floating_ip_address: '203.0.113.240' })
  const ip = await create('create', {})
  const fip = `/floatingips/${ip.at('floatingip', 'id')}`
  cleanup(stage, fip)
  await ask('free', `GET ${fip}`)
  await ask('by address', `GET /floatingips?floating_ip_address=${ip.at('floatingip', 'floating_ip_address')}`)
  await ask('associate', `PUT ${fip}`, { body: { floatingip: { port_id: port } } })
  await stage.until(`GET ${fip}`, statusIn('floatingip', 'status'), ['ACTIVE', 'DOWN'])
  await ask('associated', `GET ${fip}`)
  await ask('by port', `GET /floatingips?port_id=${port}`)
  await ask('to an unknown port', `PUT ${fip}`, { body: { floatingip: { port_id: unknownId } } })
  await ask('update without a port', `PUT ${fip}`, { body: { floatingip: { description: 'x' } } })
  await ask('disassociate', `PUT ${fip}`, { body: { floatingip: { port_id: null } } })
  await ask('as another', `GET ${fip}`, { as: 'other' })
  await ask('release', `DELETE ${fip}`)
  await ask('released', `GET ${fip}`)
  await ask('remove the interface', `PUT ${path}/remove_router_interface`, { body: { subnet_id: subnet } })
  await ask('remove it again', `PUT ${path}/remove_router_interface`, { body: { subnet_id: subnet } })
})

const quota = scenario('network', 'quota', async (stage) => {
  const { ask, session, quiet } = stage
  const own = session.login('small').projectId
  const small = 'small'
  await ask('quotas', `GET /quotas/${own}`, { as: small })
  await ask('details', `GET /quotas/${own}/details.json`, { as: small })
  await ask('defaults', `GET /quotas/${own}/default`, { as: small })
  await ask('of another', `GET /quotas/${session.login('other').projectId}`, { as: small })
  const net = (await quiet('GET /networks?name=small-net', { as: small })).at('networks', 0, 'id')
  await ask('networks', 'POST /networks', { as: small, body: { network: { name: 'x' } } })
  for (const n of [1, 2, 3]) {
    const made = await quiet('POST /ports', { as: small, body: { port: { network_id: net } } })
    const id = made.at('port', 'id')
    if (id !== '') cleanup(stage, `/ports/${id}`, small)
    void n
  }
  await ask('ports', 'POST /ports', { as: small, body: { port: { network_id: net } } })
})

/** Neutron. */
export const networkScenarios: readonly Scenario[] = [requests, notFound, lists, ports, pages, groups, routers, quota]
