import { type Scenario, scenario, statusIn, table } from '../scenario.ts'
import { unknownId } from './unknown.ts'

const as = 'nobody'
const kinds = ['loadbalancers', 'listeners', 'pools', 'healthmonitors', 'l7policies'] as const

const requests = table('load-balancer', 'requests', [
  ['versions', 'GET //', undefined, { as, list: 'shape' }],
  ['no token', 'GET /loadbalancers', undefined, { as }],
  ['bad token', 'GET /loadbalancers', undefined, { as: 'stranger' }],
  ['providers', 'GET /providers', undefined, { list: 'shape' }],
  ...kinds.flatMap((kind) => [
    [`unknown ${kind}`, `GET /${kind}/${unknownId}`] as const,
    [`${kind}, no uuid`, `GET /${kind}/notauuid`] as const,
    [`delete unknown ${kind}`, `DELETE /${kind}/${unknownId}`] as const,
  ]),
  ['member of an unknown pool', `GET /pools/${unknownId}/members/${unknownId}`],
  ['delete a member of an unknown pool', `DELETE /pools/${unknownId}/members/${unknownId}`],
  ['members of an unknown pool', `GET /pools/${unknownId}/members`],
  ['unknown filter', 'GET /loadbalancers?nosuch=1'],
  ['unknown field', 'GET /loadbalancers?fields=nosuch&name=none'],
  ['limit no number', 'GET /loadbalancers?limit=x'],
  ['unknown marker', `GET /loadbalancers?marker=${unknownId}`],
  ['bad sort', 'GET /loadbalancers?sort=nope'],
  ['none of this name', 'GET /loadbalancers?name=none'],
  ['create: broken JSON', 'POST /loadbalancers', undefined, { text: '{"loadbalancer": ' }],
  ['create: a text', 'POST /loadbalancers', undefined, { text: 'x', headers: { 'content-type': 'text/plain' } }],
  ['create: empty', 'POST /loadbalancers', {}],
  ['create: no subnet', 'POST /loadbalancers', { loadbalancer: { name: 'x' } }],
  ['create: unknown subnet', 'POST /loadbalancers', { loadbalancer: { vip_subnet_id: unknownId } }],
  ['create: subnet no uuid', 'POST /loadbalancers', { loadbalancer: { vip_subnet_id: 'x' } }],
  ['create: unknown property', 'POST /loadbalancers', { loadbalancer: { vip_subnet_id: unknownId, nosuch: 1 } }],
  [
    'listener of an unknown one',
    'POST /listeners',
    { listener: { protocol: 'TCP', protocol_port: 80, loadbalancer_id: unknownId } },
  ],
  ['listener without protocol', 'POST /listeners', { listener: { protocol_port: 80, loadbalancer_id: unknownId } }],
  [
    'listener, bad protocol',
    'POST /listeners',
    { listener: { protocol: 'x', protocol_port: 80, loadbalancer_id: unknownId } },
  ],
  [
    'listener, bad port',
    'POST /listeners',
    { listener: { protocol: 'TCP', protocol_port: 0, loadbalancer_id: unknownId } },
  ],
  ['pool of nothing', 'POST /pools', { pool: { protocol: 'TCP', lb_algorithm: 'ROUND_ROBIN' } }],
  ['pool, bad algorithm', 'POST /pools', { pool: { protocol: 'TCP', lb_algorithm: 'x', loadbalancer_id: unknownId } }],
  [
    'member for an unknown pool',
    `POST /pools/${unknownId}/members`,
    { member: { address: '10.0.0.1', protocol_port: 1 } },
  ],
])

const active = statusIn('loadbalancer', 'provisioning_status')

const life = scenario('load-balancer', 'life of a load balancer', async (stage) => {
  const { ask, prefix, quiet, states } = stage
  const subnet = (await quiet('GET /subnets?name=bosh-net-subnet', { service: 'network' })).at('subnets', 0, 'id')
  const made = await ask('create', 'POST /loadbalancers', {
    body: { loadbalancer: { name: `${prefix}-lb`, vip_subnet_id: subnet } },
  })
  const path = `/loadbalancers/${made.at('loadbalancer', 'id')}`
  const id = made.at('loadbalancer', 'id')
  const ready = () => stage.until(`GET ${path}`, active, ['ACTIVE', 'ERROR', 404, 403])
  stage.later(async () => {
    await ready()
    await quiet(`DELETE ${path}?cascade=true`)
    await stage.until(`GET ${path}`, active, [404])
  })
  await ask('listener while pending', 'POST /listeners', {
    body: { listener: { protocol: 'TCP', protocol_port: 80, loadbalancer_id: id } },
  })
  await ask('delete while pending', `DELETE ${path}`)
  await states('creating', `GET ${path}`, active, ['ACTIVE', 'ERROR'])
  await ask('show', `GET ${path}`)
  await ask('show as another', `GET ${path}`, { as: 'other' })
  await ask('by name', `GET /loadbalancers?name=${prefix}-lb`)
  await ask('status', `GET ${path}/status`)
  await ask('rename', `PUT ${path}`, { body: { loadbalancer: { description: 'd' } } })
  await ready()
  const listener = await ask('create a listener', 'POST /listeners', {
    body: { listener: { name: `${prefix}-l`, protocol: 'TCP', protocol_port: 80, loadbalancer_id: id } },
  })
  await states('updating', `GET ${path}`, active, ['ACTIVE', 'ERROR'], { fleeting: ['PENDING_UPDATE'] })
  await ask('show the listener', `GET /listeners/${listener.at('listener', 'id')}`)
  await ask('same port', 'POST /listeners', {
    body: { listener: { protocol: 'TCP', protocol_port: 80, loadbalancer_id: id } },
  })
  const pool = await ask('create a pool', 'POST /pools', {
    body: {
      pool: {
        name: `${prefix}-p`,
        protocol: 'TCP',
        lb_algorithm: 'ROUND_ROBIN',
        listener_id: listener.at('listener', 'id'),
      },
    },
  })
  await ready()
  const pools = `/pools/${pool.at('pool', 'id')}`
  await ask('show the pool', `GET ${pools}`)
  await ask('pool by name', `GET /pools?name=${prefix}-p`)
  await ask('second default pool', 'POST /pools', {
    body: { pool: { protocol: 'TCP', lb_algorithm: 'ROUND_ROBIN', listener_id: listener.at('listener', 'id') } },
  })
  const member = (name: string, change: object) =>
    ask(`member: ${name}`, `POST ${pools}/members`, {
      body: { member: { address: '10.10.1.5', protocol_port: 8080, subnet_id: subnet, ...change } },
    })
  const first = await member('create', { name: `${prefix}-m` })
  await member('while pending', { address: '10.10.1.6' })
  await ready()
  await member('again', {})
  await member('no address', { address: undefined })
  await member('bad address', { address: 'x' })
  await member('no port', { protocol_port: undefined })
  await member('port too high', { protocol_port: 70_000 })
  await member('unknown subnet', { subnet_id: unknownId })
  await member('unknown property', { nosuch: 1 })
  const path2 = `${pools}/members/${first.at('member', 'id')}`
  await ask('show the member', `GET ${path2}`)
  await ask('members', `GET ${pools}/members`)
  await ask('members by address', `GET ${pools}/members?address=10.10.1.5`)
  await ask('unknown member', `GET ${pools}/members/${unknownId}`)
  await ask('delete an unknown member', `DELETE ${pools}/members/${unknownId}`)
  await ask('update the member', `PUT ${path2}`, { body: { member: { weight: 5 } } })
  await ready()
  await ask('delete the member', `DELETE ${path2}`)
  await ready()
  await ask('member gone', `GET ${path2}`)
  await ask('delete with children', `DELETE ${path}`)
  await ask('cascade', `DELETE ${path}?cascade=true`)
  await states('deleting', `GET ${path}`, active, [404], { fleeting: ['PENDING_DELETE'] })
})

/** Octavia. */
export const loadBalancerScenarios: readonly Scenario[] = [requests, life]
