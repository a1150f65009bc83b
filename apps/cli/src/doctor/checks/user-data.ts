import type { DriverContext } from '@openstack-cpi/openstack-driver'
import { type Check, type Finding, ok, skipped, warning } from '../check.ts'
import type { TargetNetwork } from '../targets.ts'

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
