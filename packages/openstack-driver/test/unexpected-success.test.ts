import { stemcellCid } from '@openstack-cpi/cpi-core'
import { expect, test } from 'vitest'
import type { SendHttp } from '../src/http/exchange.ts'
import { made } from './cinder-on-fake.ts'
import { withDriverOnFake } from './driver-on-fake.ts'
import { vip } from './network-specs.ts'
import { sendTo } from './send-to-fake.ts'
import { givenStemcell } from './stemcell-on-fake.ts'
import { givenVm, leftBehind, manualOn, vmDefaults } from './vm-on-fake.ts'

const creations = /\/(servers|os-server-groups|ports|networks|subnets|floatingips|volumes|snapshots|images)$/

/** A cloud, or a facade in front of one, that answers creations with a success that the API does not document. */
function answering(status: number, pass: SendHttp): SendHttp {
  return async (request) => {
    const response = await pass(request)
    const isCreation = request.method === 'POST' && creations.test(request.url.pathname) && response.status < 300
    return isCreation ? { ...response, status } : response
  }
}

test.each([200, 203])('§3.5 creations that are answered with %i leave neither duplicates nor orphans', (status) =>
  withDriverOnFake(
    async (driver) => {
      const how = { send: answering(status, sendTo(driver.cloud)), openstack: { auth_url: driver.cloud.authUrl } }
      const call = () => driver.call(how)
      const stemcell = stemcellCid(await givenStemcell(driver, how))
      const { network } = await call().createNetwork({ type: 'manual', range: '10.77.0.0/24', cloudProperties: {} })
      const networks = [manualOn(driver, 'bosh-net', '10.10.1.7'), vip('v', { ip: '203.0.113.137' })]
      const cloudProperties = { server_group: { name: 'g', policy: 'anti-affinity' } }
      const { vm } = await givenVm(driver, { networks, cloudProperties }, how)
      const disk = await call().createDisk({ sizeMiB: 1024, cloudProperties: {} })
      await call().attachDisk(vm, disk)
      const snapshot = await call().snapshotDisk(disk, {})
      for (const kind of ['servers', 'server_groups', 'volumes', 'snapshots', 'images']) {
        expect({ kind, made: made(driver, kind).length }).toEqual({ kind, made: 1 })
      }
      await call().deleteSnapshot(snapshot)
      await call().deleteVm(vm)
      await call().deleteDisk(disk)
      await call().deleteNetwork(network)
      await call().deleteStemcell(stemcell)
      expect(leftBehind(driver)).toEqual({})
    },
    { openstack: vmDefaults },
  ),
)
