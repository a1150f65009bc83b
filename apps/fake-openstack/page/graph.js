// @ts-check
/**
 * @typedef {{ id: string } & Record<string, any>} Item a record of the state; its kind says which fields it has
 * @typedef {Record<string, Item[]>} State
 * @typedef {{ label: string, what?: string, status?: string, id?: string, children?: Branch[] }} Branch
 * @typedef {{ title: string, branches: Branch[] }} Group
 */

/**
 * The topology of a cloud's resources: for each project its servers with ports and volumes, its load balancers,
 * and what hangs on nothing; then the networks.
 * @param {State} state as `GET /_fake/state` answers it
 * @returns {Group[]} groups without any branch are left out
 */
export const graphOf = (state) => {
  const look = lookUps(state)
  const projects = (state['projects'] ?? []).filter((project) => !project['is_domain'])
  const groups = projects.flatMap((project) => [
    { title: `${project['name']}: servers`, branches: look.of('servers', project).map(look.server) },
    { title: `${project['name']}: load balancers`, branches: look.of('loadbalancers', project).map(look.balancer) },
    { title: `${project['name']}: unattached`, branches: look.loose(project) },
  ])
  groups.push({ title: 'Networks', branches: look.networks() })
  return groups.filter(({ branches }) => branches.length > 0)
}

/** @param {State} state */
const lookUps = (state) => {
  /** @type {Map<string, Item>} */
  const byId = new Map()
  for (const items of Object.values(state)) for (const item of items) byId.set(item.id, item)
  /** @param {string} kind @param {string} key @returns {Map<string, Item[]>} */
  const groupedBy = (kind, key) => Map.groupBy(state[kind] ?? [], (item) => String(item[key]))
  const portsByDevice = groupedBy('ports', 'device_id')
  const portsByNetwork = groupedBy('ports', 'network_id')
  const subnetsByNetwork = groupedBy('subnets', 'network_id')
  const floatingByPort = groupedBy('floatingips', 'port_id')
  const attachmentsByServer = groupedBy('volume_attachments', 'server_id')
  const attachmentsByVolume = groupedBy('volume_attachments', 'volume_id')
  const snapshotsByVolume = groupedBy('snapshots', 'volume_id')
  /** @param {string | null | undefined} id */
  const nameOf = (id) => byId.get(id ?? '')?.['name'] || id || 'none'

  /** @param {string} kind @param {Item} project */
  const of = (kind, project) => (state[kind] ?? []).filter((item) => item['project_id'] === project.id)

  /** @param {Item} floating @returns {Branch} */
  const floating = ({ id, floating_ip_address: address, status, fixed_ip_address: fixed }) => ({
    label: `floating IP ${address}`,
    what: fixed ? `to ${fixed}` : '',
    status,
    id,
  })

  /** @param {Item} port @returns {Branch} */
  const port = (port) => {
    /** @type {string[]} */
    const addresses = port['fixed_ips'].map((/** @type {Item} */ fixed) => fixed['ip_address'])
    /** @type {string[]} */
    const groups = port['security_groups'].map(nameOf)
    return {
      label: `port ${port['name'] || addresses.join(', ') || port.id}`,
      what: [port['name'] ? addresses.join(', ') : '', `on ${nameOf(port['network_id'])}`, groups.join(', ')]
        .filter(Boolean)
        .join(' · '),
      status: port['status'],
      id: port.id,
      children: (floatingByPort.get(port.id) ?? []).map(floating),
    }
  }

  /** @param {Item} volume @param {string} [device] @returns {Branch} */
  const volume = (volume, device) => ({
    label: `volume ${volume['name'] || volume.id}`,
    what: [device, `${volume['size']} GiB`, nameOf(volume['volume_type_id'])].filter(Boolean).join(' · '),
    status: volume['status'],
    id: volume.id,
    children: (snapshotsByVolume.get(volume.id) ?? []).map((snapshot) => ({
      label: `snapshot ${snapshot['name'] || snapshot.id}`,
      status: snapshot['status'],
      id: snapshot.id,
    })),
  })

  /** @param {Item} server @returns {Branch} */
  const server = (server) => ({
    label: `server ${server['name']}`,
    what: [server['flavor'].name, server['host'], server['task_state']].filter(Boolean).join(' · '),
    status: server['vm_state'],
    id: server.id,
    children: [
      ...(portsByDevice.get(server.id) ?? []).map(port),
      ...(attachmentsByServer.get(server.id) ?? []).flatMap((attachment) => {
        const attached = byId.get(attachment['volume_id'])
        return attached ? [volume(attached, attachment['device'])] : []
      }),
      ...(server['fault'] ? [{ label: `fault: ${server['fault'].message}`, status: 'error' }] : []),
    ],
  })

  /** @param {Item} item @param {string} kind @param {string} key */
  const below = (item, kind, key) => (state[kind] ?? []).filter((one) => one[key] === item.id)

  /** @param {Item} pool @returns {Branch} */
  const pool = (pool) => ({
    label: `pool ${pool['name'] || pool.id}`,
    what: `${pool['protocol']} · ${pool['lb_algorithm']}`,
    status: pool['provisioning_status'],
    id: pool.id,
    children: below(pool, 'members', 'pool_id').map((member) => ({
      label: `member ${member['name'] || member.id}`,
      what: `${member['address']}:${member['protocol_port']}`,
      status: member['provisioning_status'],
      id: member.id,
    })),
  })

  /** @param {Item} balancer @returns {Branch} */
  const balancer = (balancer) => ({
    label: `load balancer ${balancer['name'] || balancer.id}`,
    what: `VIP ${balancer['vip_address']}`,
    status: balancer['provisioning_status'],
    id: balancer.id,
    children: [
      ...below(balancer, 'listeners', 'load_balancer_id').map((listener) => ({
        label: `listener ${listener['name'] || listener.id}`,
        what: `${listener['protocol']} ${listener['protocol_port']} · to ${nameOf(listener['default_pool_id'])}`,
        status: listener['provisioning_status'],
        id: listener.id,
      })),
      ...below(balancer, 'pools', 'load_balancer_id').map(pool),
    ],
  })

  /** @param {Item} project @returns {Branch[]} */
  const loose = (project) => [
    ...of('ports', project)
      .filter((one) => one['device_id'] === '')
      .map(port),
    ...of('volumes', project)
      .filter((one) => !attachmentsByVolume.has(one.id))
      .map((one) => volume(one)),
    ...of('floatingips', project)
      .filter((one) => one['port_id'] === null)
      .map(floating),
  ]

  /** @param {Item} network @returns {Branch} */
  const network = (network) => ({
    label: `network ${network['name']}`,
    what: network['router:external'] ? 'external' : '',
    status: network['status'],
    id: network.id,
    children: (subnetsByNetwork.get(network.id) ?? []).map((subnet) => {
      const count = (portsByNetwork.get(network.id) ?? []).filter((one) =>
        one['fixed_ips'].some((/** @type {Item} */ fixed) => fixed['subnet_id'] === subnet.id),
      ).length
      return {
        label: `subnet ${subnet['name'] || subnet.id}`,
        what: `${subnet['cidr']} · ${count} ${count === 1 ? 'port' : 'ports'}`,
        id: subnet.id,
      }
    }),
  })

  /** Routers with what they join, then networks that no router joins. @returns {Branch[]} */
  const networks = () => {
    /** @type {Set<string>} */
    const joined = new Set()
    const routers = (state['routers'] ?? []).map((router) => {
      const ids = new Set((portsByDevice.get(router.id) ?? []).map((one) => String(one['network_id'])))
      for (const id of ids) joined.add(id)
      return {
        label: `router ${router['name'] || router.id}`,
        status: router['status'],
        id: router.id,
        children: [...ids].flatMap((id) => {
          const one = byId.get(id)
          return one ? [network(one)] : []
        }),
      }
    })
    return [...routers, ...(state['networks'] ?? []).filter((one) => !joined.has(one.id)).map(network)]
  }

  return { of, server, balancer, loose, networks }
}
