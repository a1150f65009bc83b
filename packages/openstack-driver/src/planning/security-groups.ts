/**
 * The names or ids of the security groups that apply: the VM's, else all networks' together, else the default ones
 * (driver spec §6.1). Levels are never merged. Sorted, so that the same deployment asks for the same list.
 */
export function chooseSecurityGroups(levels: {
  readonly vm: readonly string[]
  readonly networks: readonly (readonly string[])[]
  readonly defaults: readonly string[]
}): readonly string[] {
  if (levels.vm.length > 0) return unique(levels.vm)
  const ofNetworks = levels.networks.flat()
  if (ofNetworks.length > 0) return unique(ofNetworks).toSorted()
  return unique(levels.defaults)
}

function unique(names: readonly string[]): string[] {
  return [...new Set(names)]
}
