import { describe, expect, test } from 'vitest'
import { made } from '../../../test/cinder-on-fake.ts'
import { type DriverOnFake, withDriverOnFake } from '../../../test/driver-on-fake.ts'
import { failureOf, givenVm, idOf, leftBehind, manualOn, post } from '../../../test/vm-on-fake.ts'

const groups = (...security_groups: string[]) => ({ cloudProperties: { security_groups } })

async function givenGroup(driver: DriverOnFake, name: string): Promise<string> {
  const { security_group } = await post(driver, 'network/v2.0/security-groups', { security_group: { name } })
  return String(Reflect.get(Object(security_group), 'id'))
}

const groupsOfPort = (driver: DriverOnFake) => made(driver, 'ports')[0]?.['security_groups']

describe('§6.1 the ids of security groups', () => {
  test('a name that two of the project have: refused, both ids are told; an id is never ambiguous', () =>
    withDriverOnFake(async (driver) => {
      const duplicates = [await givenGroup(driver, 'duplicate'), await givenGroup(driver, 'duplicate')]
      const failure = await failureOf(givenVm(driver, groups('duplicate')))
      expect(failure).toMatchObject({ code: 'VmCreationFailed', okToRetry: false })
      for (const part of ["'duplicate' is ambiguous, use an id", ...duplicates]) expect(failure.message).toContain(part)
      expect(made(driver, 'ports')).toEqual([])
      await givenVm(driver, groups(String(duplicates[1])))
      expect(groupsOfPort(driver)).toEqual([duplicates[1]])
    }))

  test("a name that another project's shared group has as well means the project's own", () =>
    withDriverOnFake(async (driver) => {
      const own = {
        id: idOf(driver, 'security_groups', 'bosh'),
        name: 'bosh',
        project_id: idOf(driver, 'projects', 'bosh'),
      }
      const shared = { ...own, id: idOf(driver, 'security_groups', 'bosh-extra'), project_id: 'other' }
      driver.cloud.faults.add({
        match: { service: 'network', method: 'GET', path: '/security-groups' },
        do: { respond: { status: 200, body: { security_groups: [shared, own] } } },
      })
      await givenVm(driver, groups('bosh'))
      expect(groupsOfPort(driver)).toEqual([own.id])
    }))

  test('a group with the name of another one’s id: the name comes first', () =>
    withDriverOnFake(async (driver) => {
      const id = idOf(driver, 'security_groups', 'bosh-extra')
      const named = await givenGroup(driver, id)
      await givenVm(driver, groups(id))
      expect(groupsOfPort(driver)).toEqual([named])
    }))

  test('names in another spelling are not meant', () =>
    withDriverOnFake(async (driver) => {
      expect((await failureOf(givenVm(driver, groups('BOSH')))).message).toContain("Security group 'BOSH' not found")
      expect(leftBehind(driver)).toEqual({})
    }))

  test("the networks' groups when the VM has none, else the default ones; none at all: the cloud's default", () =>
    withDriverOnFake(async (driver) => {
      const own = idOf(driver, 'security_groups', 'bosh-extra')
      const cloudProperties = { security_groups: ['bosh-extra'] }
      const how = { openstack: { default_security_groups: ['bosh'] } }
      const first = await givenVm(
        driver,
        { networks: [manualOn(driver, 'bosh-net', '10.10.1.7', { cloudProperties })] },
        how,
      )
      expect(groupsOfPort(driver)).toEqual([own])
      await driver.call().deleteVm(first.vm)
      const second = await givenVm(driver, {}, how)
      expect(groupsOfPort(driver)).toEqual([idOf(driver, 'security_groups', 'bosh')])
      await driver.call().deleteVm(second.vm)
      await givenVm(driver)
      expect(groupsOfPort(driver)).toHaveLength(1)
      expect(driver.cloud.journal.of('servers.create').at(-1)?.request).not.toHaveProperty('server.security_groups')
    }))
})
