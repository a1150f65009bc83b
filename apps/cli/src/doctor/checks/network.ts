import { isCpiError } from '@openstack-cpi/cpi-core'
import { type DriverContext, securityGroupIds } from '@openstack-cpi/openstack-driver'
import { type Check, type Finding, ok, problem, skipped, warning } from '../check.ts'
import type { TargetNetwork } from '../targets.ts'

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

type SecurityGroup = Awaited<ReturnType<typeof securityGroupsOf>>[number]
type Rule = NonNullable<SecurityGroup['security_group_rules']>[number]

/** Groups with their rules. */
async function securityGroupsOf({ services }: DriverContext, ids: readonly string[]) {
  return ids.length === 0 ? [] : await all(services.network.securityGroups.list({ id: ids }))
}

/** Whether a rule lets TCP in on a port, from wherever it does. */
const opens = (rule: Rule, port: number): boolean =>
  (rule.protocol === null || rule.protocol === 'tcp' || rule.protocol === '6') &&
  (rule.port_range_min ?? 0) <= port &&
  port <= (rule.port_range_max ?? 65535)

/** Whether the rules of all groups together let operators and the VMs of a deployment do what they need. */
function checkRules(groups: readonly SecurityGroup[]): Finding[] {
  const rules = groups.flatMap(({ id, security_group_rules = [] }) =>
    security_group_rules.map((rule) => ({ ...rule, group: id })),
  )
  if (rules.length === 0) return []
  const ingress = rules.filter((rule) => rule.direction === 'ingress')
  const findings = neededPorts
    .filter(({ port }) => !ingress.some((rule) => rule.remote_group_id === null && opens(rule, port)))
    .map(({ port, what }) =>
      problem(
        `TCP port ${port} is closed from outside the groups`,
        `It is needed for ${what}.`,
        `Add an ingress rule for TCP ${port} from your network.`,
      ),
    )
  if (!ingress.some((rule) => rule.remote_group_id === rule.group && rule.protocol === null)) {
    const why = "VMs of a deployment talk to each other on many ports, and to the director's."
    const remedy = 'Add an ingress rule for any protocol from the group itself.'
    findings.push(warning('members of the groups cannot reach each other on all ports', why, remedy))
  }
  if (!rules.some((rule) => rule.direction === 'egress')) {
    findings.push(problem('no egress rule', 'VMs can reach nothing.', 'Add egress rules for IPv4 (and IPv6).'))
  }
  return findings
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
      const ids: string[] = []
      for (const name of targets.securityGroups) {
        try {
          ids.push(...(await securityGroupIds(ctx, [name])))
          findings.push(ok(`security group ${name}`))
        } catch (error) {
          if (!isCpiError(error)) throw error
          findings.push(problem(error.message, 'create_vm fails.', 'Create the group, or correct its name or id.'))
        }
      }
      return [...findings, ...checkRules(await securityGroupsOf(ctx, ids))]
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
]

/** Finds networks of a cloud config that no VM can have together (driver spec §6.2). */
export const severalNetworksCheck: Check = {
  group: 'network',
  title: 'several networks',
  run: async ({ ctx, targets }) => {
    const { useDhcp, configDrive } = ctx.config
    const networks = targets.manualNetworks
    if (networks.length < 2) return [skipped('the cloud config names no two manual networks')]
    if (!useDhcp && configDrive !== undefined) return [ok(`VMs can have several of ${networks.join(', ')}`)]
    const missing = [
      ...(useDhcp ? ['use_dhcp: false'] : []),
      ...(configDrive === undefined ? ["config_drive (or config_drive: true in the VM type's cloud properties)"] : []),
    ]
    return [
      warning(
        `manual networks ${networks.join(', ')} without ${missing.join(' and ')}`,
        'create_vm refuses VMs with several manual networks, and a director has deleted the old VM by then.',
        `Set ${missing.join(' and ')} before you deploy, unless every instance group has one network.`,
      ),
    ]
  },
}

async function checkSubnets(ctx: DriverContext, { id, name }: TargetNetwork): Promise<Finding | undefined> {
  let hasDhcp = false
  let hasGateway = false
  let isKnown = false
  for await (const subnet of ctx.services.network.subnets.list({ network_id: id })) {
    isKnown = true
    hasDhcp ||= subnet.enable_dhcp
    hasGateway ||= subnet.gateway_ip !== null
  }
  if (!isKnown) return undefined // the check of the networks says why
  const remedy = 'Set config_drive: cdrom (or disk).'
  if (!hasDhcp) {
    const why =
      'A VM learns its address from its settings, and needs an address to fetch them from the metadata service.'
    return warning(`${name}: neither DHCP nor a config drive`, why, remedy)
  }
  if (!hasGateway) {
    const why = 'The metadata service is reached through the gateway, unless the DHCP server offers it, too.'
    return warning(`${name}: neither gateway nor config drive`, why, remedy)
  }
  return ok(`${name}: from the metadata service`)
}

/** How VMs get the agent's settings: metadata service or config drive (driver spec §11). */
export const userDataCheck: Check = {
  group: 'network',
  title: "the agent's settings",
  run: async ({ ctx, targets }) => {
    const { configDrive } = ctx.config
    if (configDrive !== undefined) return [ok(`from a config drive (${configDrive}); --deep tries it`)]
    if (targets.networks.length === 0) return [skipped('no network is named; use --network or --cloud-config')]
    const findings = await Promise.all(targets.networks.map((network) => checkSubnets(ctx, network)))
    const known = findings.filter((finding) => finding !== undefined)
    return known.length > 0 ? known : [skipped('the networks cannot be seen')]
  },
}
