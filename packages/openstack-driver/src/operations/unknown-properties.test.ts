import { expect, test } from 'vitest'
import { withDriverOnFake } from '../../test/driver-on-fake.ts'
import { manualOn, vmDefaults, vmRequest } from '../../test/vm-on-fake.ts'

const warnings = (lines: readonly string[]) => lines.filter((line) => line.includes('Unknown property'))

test('§5.1, §5.2 unknown properties of a VM and of its networks are warnings with the nearest name', async () => {
  await withDriverOnFake(
    async (driver) => {
      const network = manualOn(driver, 'bosh-net', '10.10.1.7', { cloudProperties: { securitygroups: ['bosh'] } })
      const root_disk = { size: 3, volumetype: 'fast' }
      const cloudProperties = { instance_typ: 'x', ephemeral_disk: {}, root_disk, boot_from_volume: true, sla: null }
      await driver.call().createVm(vmRequest(driver, { cloudProperties, networks: [network] }))
      expect(warnings(driver.lines)).toEqual([
        "warn Unknown property 'instance_typ' in VM cloud properties is ignored: did you mean 'instance_type'?",
        "warn Unknown property 'volumetype' in 'root_disk' of the VM cloud properties is ignored: did you mean 'volume_type'?",
        "warn Unknown property 'securitygroups' in cloud properties of network 'default' is ignored: did you mean 'security_groups'?",
      ])
    },
    { openstack: vmDefaults },
  )
})

test('§5.3 unknown properties of a disk are warnings with the nearest name', async () => {
  await withDriverOnFake(async (driver) => {
    await driver.call().createDisk({ sizeMiB: 1024, cloudProperties: { tpye: 'fast', 'sla-class': 1 } })
    expect(warnings(driver.lines)).toEqual([
      "warn Unknown property 'tpye' in disk cloud properties is ignored: did you mean 'type'?",
      "warn Unknown property 'sla-class' in disk cloud properties is ignored",
    ])
  })
})

test('§7.21 unknown properties of a managed network are warnings; those of its zone and of its VMs are known', async () => {
  await withDriverOnFake(async (driver) => {
    const known = { availability_zone: 'az1', security_groups: ['bosh'] }
    const cloudProperties = { ...known, routerid: '11111111-1111-4111-8111-111111111111' }
    await driver.call().createNetwork({ type: 'manual', range: '10.77.0.0/24', cloudProperties })
    expect(warnings(driver.lines)).toEqual([
      "warn Unknown property 'routerid' in cloud properties of the network is ignored: did you mean 'router_id'?",
    ])
  })
})
