import { createFakeOpenStack } from 'fake-openstack'
import { expect, test } from 'vitest'
import { findLeftovers } from '../src/leftovers.ts'
import { uploadTagPrefix } from '../src/planning/creation-marks.ts'
import { type CallOptions, type DriverOnFake, directorUuid, withDriverOnFake } from './driver-on-fake.ts'
import { failureOf, idOf, manualOn, vmRequest } from './vm-on-fake.ts'

const roles = ['admin', 'member', 'reader']
const password = 'bosh-password'

/** The seed, with an administrator of each project: of BOSH's, and of another one of the same director. */
const { users, ...seed } = createFakeOpenStack().seed
const boss = { name: 'boss', password, roles: { bosh: roles } }
const theirBoss = { name: 'their-boss', password, roles: { other: roles } }
const options = { cloud: { seed: { ...seed, users: [...users, boss, theirBoss] } } }

const logins: readonly (readonly [string, CallOptions])[] = [
  ['a tenant', {}],
  ['an administrator', { openstack: { username: 'boss', project: 'bosh' } }],
]

async function request({ cloud }: DriverOnFake, user: string, method: string, path: string, body?: unknown) {
  const headers = { 'x-auth-token': await cloud.token(user), 'content-type': 'application/json' }
  const init = { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) }
  const response = await cloud.fetch(`${cloud.url}/${path}`, init)
  const text = await response.text()
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`)
  return text
}

const objects = ({ cloud }: DriverOnFake) => JSON.stringify([cloud.state()['servers'], cloud.state()['ports']])

test.each(logins)(
  'design invariant 0: with the login of %s an address on a shared network that the other project has stays there',
  (_, login) =>
    withDriverOnFake(async (driver) => {
      const network = idOf(driver, 'networks', 'bosh-net')
      await request(driver, 'admin', 'PUT', `network/v2.0/networks/${network}`, { network: { shared: true } })
      const wanted = vmRequest(driver, { networks: [manualOn(driver, 'bosh-net', '10.10.1.7')] })
      // On a network of another project only administrators choose addresses.
      const { vm } = await driver.call({ openstack: { username: 'their-boss', project: 'other' } }).createVm(wanted)
      for (const remains of ['an unfinished server', 'its port']) {
        if (remains === 'its port') await request(driver, 'other', 'DELETE', `compute/v2.1/servers/${vm}`)
        driver.cloud.clock.advance('60s')
        const before = objects(driver)
        const { message } = await failureOf(driver.call(login).createVm(wanted))
        expect(message).toMatch(/Address 10\.10\.1\.7 is in use by|The address was not freed by/)
        expect(objects(driver)).toBe(before)
      }
    }, options),
)

test.each(logins)(
  'design invariant 0: with the login of %s leftovers does not list a public image of the other project',
  (_, login) =>
    withDriverOnFake(async (driver) => {
      const image = { name: 'stemcell', disk_format: 'raw', container_format: 'bare', visibility: 'public' }
      await request(driver, 'admin', 'POST', 'image/v2/images', {
        ...image,
        tags: [`${uploadTagPrefix}0b1f9d3c-6d3f-4c8e-9d6a-0123456789ab`],
        director_uuid: directorUuid,
      })
      const limits = { nowMs: driver.cloud.clock.now() + 86_400_000, olderThanMs: 0 }
      const { leftovers } = await findLeftovers(driver.context(login), limits)
      expect(leftovers).toEqual([])
    }, options),
)
