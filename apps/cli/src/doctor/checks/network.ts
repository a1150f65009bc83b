import type { DriverContext } from '@openstack-cpi/openstack-driver'
import { type Check, type Finding, ok, problem, skipped, warning } from '../check.ts'
import type { TargetNetwork } from '../targets.ts'
import { checkQuota } from './quota.ts'

/** Ports by which operators and agents reach a director and VMs (driver spec §11). */
const neededPorts = [
  { port: 22, what: 'SSH' },
  { port: 6868, what: 'the agent, for create-env' },
  { port: 25555, what: 'the director' },
] as const

async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const collected: T[] = []
  for await (const item of items) collected.push(item)
  return collected
}

async function checkNetwork(ctx: DriverContext, { id, name }: TargetNetwork): Promise<Finding> {
  const { networks, subnets } = ctx.services.network
  const [network] = await all(networks.list({ id }))
  if (!network) {
    const asSubnet = (await all(subnets.list())).find((subnet) => subnet.id === id)
    if (asSubnet) {
      const remedy = `Use net_id: ${asSubnet.network_id}, and subnet_id: ${id} if the subnet matters.`
      return problem(`${name}: ${id} is the id of a subnet`, 'net_id is the id of a network.', remedy)
    }
    const why = 'It does not exist, or belongs to another project and is not shared.'
    return problem(`${name}: network ${id} is not accessible`, why, `Own networks: ${await ownNetworks(ctx)}.`)
  }
  const its = await all(subnets.list({ network_id: id }))
  const found = [`${name}: ${network.name}`, its.map((subnet) => subnet.cidr).join(', ')].join(' ').trim()
  if (network['router:external']) {
    return warning(
      found,
      'It is an external network; VMs usually cannot be attached to it.',
      'Use an internal network.',
    )
  }
  if (its.length === 0) return problem(found, 'It has no subnet, so VMs get no address.', 'Add a subnet.')
  if (ctx.config.useDhcp && !its.some((subnet) => subnet.enable_dhcp)) {
    const why = 'Agents are told to use DHCP, and no subnet offers it.'
    return problem(found, why, 'Enable DHCP on the subnet, or set use_dhcp: false and a config_drive.')
  }
  return ok(found)
}

const ownNetworks = async (ctx: DriverContext): Promise<string> =>
  (await all(ctx.services.network.networks.list({ 'router:external': false })))
    .slice(0, 10)
    .map((network) => `${network.name} (${network.id})`)
    .join(', ')

async function groupsNamed(ctx: DriverContext, name: string) {
  const { securityGroups } = ctx.services.network
  const { projectId } = await ctx.services.identity.whoAmI()
  const byName = await all(securityGroups.list({ name, ...(projectId === undefined ? {} : { project_id: projectId }) }))
  return byName.length > 0 ? byName : await all(securityGroups.list({ id: name }))
}

export const networkChecks: readonly Check[] = [
  {
    group: 'network',
    title: 'networks',
    run: async ({ ctx, targets }) => {
      if (targets.networks.length === 0) {
        return [skipped(`none named; use --network or --cloud-config. Own networks: ${await ownNetworks(ctx)}`)]
      }
      return await Promise.all(targets.networks.map((network) => checkNetwork(ctx, network)))
    },
  },
  {
    group: 'network',
    title: 'security groups',
    run: async ({ ctx, targets }) => {
      if (targets.securityGroups.length === 0) return [skipped("none configured: VMs get the project's group default")]
      const findings: Finding[] = []
      const rules = []
      for (const name of targets.securityGroups) {
        const groups = await groupsNamed(ctx, name)
        const [group] = groups
        if (!group) {
          findings.push(
            problem(`security group ${name} does not exist`, 'create_vm fails.', 'Create it, or correct the name.'),
          )
        } else if (groups.length > 1) {
          const ids = groups.map(({ id }) => id).join(', ')
          findings.push(
            problem(
              `${groups.length} security groups are called ${name}`,
              'create_vm cannot tell which is meant.',
              `Use an id: ${ids}.`,
            ),
          )
        } else {
          rules.push(...(group.security_group_rules ?? []).map((rule) => ({ ...rule, group: group.id })))
          findings.push(ok(`security group ${name}`))
        }
      }
      if (rules.length === 0) return findings
      const ingress = rules.filter((rule) => rule.direction === 'ingress')
      const opens = (rule: (typeof ingress)[number], port: number) =>
        (rule.protocol === null || rule.protocol === 'tcp' || rule.protocol === '6') &&
        (rule.port_range_min ?? 0) <= port &&
        port <= (rule.port_range_max ?? 65535)
      for (const { port, what } of neededPorts) {
        if (ingress.some((rule) => rule.remote_group_id === null && opens(rule, port))) continue
        const found = `TCP port ${port} is closed from outside the groups`
        findings.push(
          problem(found, `It is needed for ${what}.`, `Add an ingress rule for TCP ${port} from your network.`),
        )
      }
      if (!ingress.some((rule) => rule.remote_group_id === rule.group && rule.protocol === null)) {
        const why = "VMs of a deployment talk to each other on many ports, and to the director's."
        findings.push(
          warning(
            'members of the groups cannot reach each other on all ports',
            why,
            'Add an ingress rule for any protocol from the group itself.',
          ),
        )
      }
      if (!rules.some((rule) => rule.direction === 'egress')) {
        findings.push(problem('no egress rule', 'VMs can reach nothing.', 'Add egress rules for IPv4 (and IPv6).'))
      }
      return findings
    },
  },
  {
    group: 'network',
    title: 'floating IPs',
    run: async ({ ctx, targets }) => {
      const { projectId } = await ctx.services.identity.whoAmI()
      const own = await all(ctx.services.network.floatingIps.list())
      const free = own.filter((address) => address.port_id === null)
      const findings: Finding[] = []
      for (const wanted of targets.floatingIps) {
        const address = own.find((candidate) => candidate.floating_ip_address === wanted)
        findings.push(
          address
            ? ok(`${wanted} is allocated${address.port_id === null ? '' : ', and in use'}`)
            : problem(
                `floating IP ${wanted} is not allocated to project ${projectId}`,
                'create_vm fails for VMs with this vip.',
                free.length > 0
                  ? `Allocate it, or use one of: ${free.map((f) => f.floating_ip_address).join(', ')}.`
                  : 'Allocate it from the external network.',
              ),
        )
      }
      if (findings.length > 0) return findings
      if (free.length === 0) {
        const why = 'A director that is reached from outside needs one.'
        return [warning(`${own.length} allocated, none free`, why, 'Allocate one from the external network.')]
      }
      return [ok(`${own.length} allocated, ${free.length} free`)]
    },
  },
  {
    group: 'network',
    title: 'quota',
    run: async ({ ctx, targets }) => {
      const { projectId } = await ctx.services.identity.whoAmI()
      if (projectId === undefined) return [skipped('the token is bound to no project')]
      const details = await ctx.services.network.quotas.details(projectId)
      const { port } = details
      if (port === undefined) return [skipped('Neutron tells no quota of ports')]
      return [checkQuota({ name: 'ports', limit: port.limit, used: port.used + port.reserved, wanted: targets.vms })]
    },
  },
]
