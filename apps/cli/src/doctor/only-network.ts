import type { DriverContext } from '@openstack-cpi/openstack-driver'

/**
 * Makes sure that Nova can choose the network of a server for which none is named. Throws when the project has several:
 * Nova answers 409 then, and only once the server is asked for.
 */
export async function requireOnlyNetwork(ctx: DriverContext): Promise<void> {
  const { projectId } = await ctx.services.identity.whoAmI()
  const usable: string[] = []
  for await (const network of ctx.services.network.networks.list({ 'router:external': false })) {
    const isUsable = network.shared || projectId === undefined || network.project_id === projectId
    if (isUsable && !network['router:external']) usable.push(`${network.name} (${network.id})`)
  }
  if (usable.length > 1) throw new Error(`the project has ${usable.length} networks: ${usable.slice(0, 10).join(', ')}`)
}
