import { type Check, ok, skipped, warning } from '../check.ts'

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
