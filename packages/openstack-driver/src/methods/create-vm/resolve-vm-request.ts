import type { CreateVm } from '@openstack-cpi/cpi-core'
import type { DriverContext } from '../../driver-context.ts'
import { foundOrUndefined } from '../../http/openstack-error.ts'
import { findFloatingIp } from '../../operations/floating-ip.ts'
import { forEachInParallel, inParallel } from '../../operations/in-parallel.ts'
import { findPool } from '../../operations/pools/find-pools.ts'
import { portsWithAddress } from '../../operations/ports/find-ports.ts'
import { warnOfUnknownVmProperties } from '../../operations/unknown-properties.ts'
import { planBootSource } from '../../planning/boot-source.ts'
import { isResourceId } from '../../planning/cids.ts'
import { planEphemeralDisk } from '../../planning/disk-names.ts'
import { invalidVm } from '../../planning/invalid-vm.ts'
import { type NetworkPlan, planNetworks } from '../../planning/network-plan.ts'
import { newServerName } from '../../planning/server-names.ts'
import { parseVmCloudProperties, type VmCloudProperties } from '../../planning/vm-cloud-properties.ts'
import type { VmPlan } from '../../planning/vm-plan.ts'
import { chooseSecurityGroups, type DiskZone, zoneNearDisks, zonesInRandomOrder } from '../../planning/vm-plan.ts'
import { checkKeyPair, findFlavor, findImage, securityGroupIds } from './find-by-name.ts'

/**
 * Checks the whole request against the rules and against the cloud before anything is made (driver spec §7.4, steps 1
 * to 7). Independent look-ups run side by side. Throws `VmCreationFailed`, not to be retried, for what is wrong.
 */
export async function resolveVmRequest(ctx: DriverContext, request: CreateVm): Promise<VmPlan> {
  const { config } = ctx
  warnOfUnknownVmProperties(ctx, request)
  const vm = parseVmCloudProperties(request.cloudProperties, config)
  const hasConfigDrive = vm.configDrive ?? config.configDrive !== undefined
  const networks = planNetworks({ networks: request.networks, vm, useDhcp: config.useDhcp, hasConfigDrive })
  const keyName = vm.keyName ?? config.defaultKeyName
  const groups = chooseSecurityGroups({
    vm: vm.securityGroups,
    networks: networks.networkSecurityGroups,
    defaults: config.defaultSecurityGroups,
  })
  const [image, flavor, groupIds, zones, floatingIp, pools] = await inParallel([
    () => findImage(ctx, request.stemcell),
    () => findFlavor(ctx, vm.instanceType),
    () => securityGroupIds(ctx, groups),
    () => chooseZones(ctx, vm, request),
    async () => (networks.vip === undefined ? undefined : findFloatingIp(ctx, networks.vip)),
    () => forEachInParallel(vm.pools, (params) => findPool(ctx, params)),
    () => checkKeyPair(ctx, keyName),
    () => checkVrrpAddresses(ctx, networks),
  ])
  const volumeType = vm.rootDiskVolumeType ?? config.defaultRootVolumeType
  const bootFromVolume = vm.bootFromVolume ?? config.bootFromVolume
  if (!bootFromVolume && (vm.rootDiskSizeGiB !== undefined || vm.rootDiskVolumeType !== undefined)) {
    ctx.log.warn("'root_disk' has no effect without 'boot_from_volume'")
  }
  return {
    request,
    serverName: newServerName(ctx.random.uuid()),
    vm,
    networks,
    hasConfigDrive,
    image,
    flavor,
    keyName,
    securityGroupIds: groupIds,
    bootSource: planBootSource({
      bootFromVolume,
      flavor,
      image,
      ...(vm.rootDiskSizeGiB === undefined ? {} : { rootDiskSizeGiB: vm.rootDiskSizeGiB }),
      ...(volumeType === undefined ? {} : { volumeType }),
    }),
    ephemeralDevice: planEphemeralDisk({ flavor, image, diskHint: config.diskHint }),
    zones,
    floatingIp,
    pools,
  }
}

/**
 * The VM type's zone, else that of the disks the VM will get; or the operator's zones in random order
 * (driver spec §6.8).
 */
async function chooseZones(
  ctx: DriverContext,
  { availabilityZones }: VmCloudProperties,
  request: CreateVm,
): Promise<readonly (string | undefined)[]> {
  if (availabilityZones.length > 1) return zonesInRandomOrder(availabilityZones, () => ctx.random.fraction())
  const [zone] = availabilityZones
  if (ctx.config.ignoreServerAvailabilityZone || request.disks.length === 0) return [zone]
  const disks = await forEachInParallel(request.disks, async (disk): Promise<DiskZone | undefined> => {
    const volume = isResourceId(disk) ? await foundOrUndefined(ctx.services.blockStorage.volumes.show(disk)) : undefined
    return volume?.availability_zone === undefined ? undefined : { disk, zone: volume.availability_zone }
  })
  const chosen = zoneNearDisks(
    zone,
    disks.filter((disk) => disk !== undefined),
  )
  for (const warning of chosen.warnings) ctx.log.warn(warning)
  return [chosen.zone]
}

/** The operator reserves a VRRP address by a port; without one the address is a mistake (driver spec §6.4). */
async function checkVrrpAddresses(ctx: DriverContext, { nics }: NetworkPlan): Promise<void> {
  const addresses = nics.flatMap((nic) => (nic.kind === 'port' ? nic.vrrpAddressesToCheck : []))
  await forEachInParallel(addresses, async (address) => {
    const holders = await portsWithAddress(ctx, address)
    if (holders.length === 0) throw invalidVm(`Configured VRRP port with ip '${address}' does not exist.`)
  })
}
