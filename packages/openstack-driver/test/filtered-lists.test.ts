import { expect, test } from 'vitest'
import { givenDisk } from './cinder-on-fake.ts'
import { withDriverOnFake } from './driver-on-fake.ts'
import { vip } from './network-specs.ts'
import { givenPools } from './octavia-on-fake.ts'
import { givenVm, idOf, manualOn, post, vmDefaults } from './vm-on-fake.ts'

test('§3.4 in the life of a VM nothing is listed unfiltered that could be filtered', () =>
  withDriverOnFake(
    async (driver) => {
      await givenPools(driver, 'web', 'tls')
      const network_id = idOf(driver, 'networks', 'bosh-net')
      await post(driver, 'network/v2.0/ports', { port: { network_id, fixed_ips: [{ ip_address: '10.10.1.200' }] } })
      const lists = await driver.requestsOf(async () => {
        const cloudProperties = {
          security_groups: ['bosh', 'bosh-extra'],
          loadbalancer_pools: [{ name: 'web', port: 80 }],
          server_group: { name: 'g' },
          allowed_address_pairs: '10.10.1.200',
        }
        const networks = [manualOn(driver, 'bosh-net', '10.10.1.7'), vip('v', { ip: '203.0.113.137' })]
        const disk = await givenDisk(driver)
        const { vm } = await givenVm(driver, { cloudProperties, networks })
        await driver.call().setVmMetadata(vm, { job: 'web' })
        await driver.call().attachDisk(vm, disk)
        await driver.call().detachDisk(vm, disk)
        await driver.call().deleteDisk(disk)
        await driver.call().deleteVm(vm)
      })
      const asked = lists
        .filter(({ operation }) => /\.list/.test(operation))
        // Lists of one object's parts are short.
        .filter(({ path }) => !/\/(servers|pools)\/[^/]+\//.test(path))
        .map(({ service, operation, query }) => `${service} ${operation} by ${Object.keys(query).sort().join()}`)
      expect([...new Set(asked)].sort()).toEqual([
        // Nova can filter these two by nothing that would help.
        'compute flavors.list-detail by ',
        'compute server-groups.list by ',
        'compute server-groups.list by offset',
        'load-balancer pools.list by name',
        'network floatingips.list by floating_ip_address',
        'network ports.list by device_id',
        'network ports.list by fixed_ips',
        'network security_groups.list by fields,name',
      ])
    },
    { openstack: vmDefaults },
  ))
