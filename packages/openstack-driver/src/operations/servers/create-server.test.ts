import { describe, expect, test } from 'vitest'
import { force, made } from '../../../test/cinder-on-fake.ts'
import { type DriverOnFake, named, withDriverOnFake } from '../../../test/driver-on-fake.ts'
import { dynamic } from '../../../test/network-specs.ts'
import { absentVm } from '../../../test/nova-on-fake.ts'
import {
  type Answer,
  agentSettingsOf,
  failureOf,
  givenVm,
  idOf,
  leftBehind,
  manualOn,
  portsOf,
  post,
  serverOf,
  vmDefaults,
} from '../../../test/vm-on-fake.ts'

const options = { openstack: vmDefaults }

/** What the driver asked Nova for. */
const asked = ({ cloud }: DriverOnFake) =>
  cloud.journal.of('servers.create')[0]?.request as Answer & { readonly server: Answer } // an object, as sent
const onlyNetworkOfProject = {
  user: 'bosh-small',
  openstack: { default_key_name: null, default_security_groups: null },
}

describe('§7.4 what POST /servers says', () => {
  test('ports by their ids alone; image, zone and drive only where wanted', () =>
    withDriverOnFake(async (driver) => {
      const { vm } = await givenVm(driver)
      const [port] = await portsOf(driver, vm)
      const { server, ...hints } = asked(driver)
      expect(hints).toEqual({})
      expect(server).toEqual({
        name: expect.stringMatching(/^vm-[0-9a-f-]{36}$/),
        flavorRef: '1',
        imageRef: idOf(driver, 'images', 'tiny-image'),
        key_name: 'bosh',
        user_data: expect.any(String),
        security_groups: [{ name: idOf(driver, 'security_groups', 'bosh') }],
        networks: [{ port: port?.['id'] }],
        metadata: expect.objectContaining({ agent_id: expect.any(String) }),
      })
    }, options))

  test('zone, config drive and hints where wanted; a network that Nova makes the port for by its id', () =>
    withDriverOnFake(async (driver) => {
      const net_id = idOf(driver, 'networks', 'bosh-net')
      await givenVm(driver, {
        networks: [dynamic('d', { cloudProperties: { net_id } })],
        cloudProperties: {
          availability_zone: 'z2',
          config_drive: true,
          scheduler_hints: { different_host: [absentVm] },
        },
      })
      expect(asked(driver)).toMatchObject({
        server: { availability_zone: 'z2', config_drive: true, networks: [{ uuid: net_id }] },
        'os:scheduler_hints': { different_host: [absentVm] },
      })
    }, options))

  test('no networks where there is nothing to say of them', () =>
    withDriverOnFake(async (driver) => {
      const { vm } = await givenVm(driver, { networks: [dynamic('d', { cloudProperties: {} })] }, onlyNetworkOfProject)
      expect(Object.keys(asked(driver).server)).not.toContain('networks')
      const [nic] = driver.cloud.state()['ports']?.filter((port) => Reflect.get(port, 'device_id') === vm) ?? []
      expect(nic).toMatchObject({ network_id: idOf(driver, 'networks', 'small-net') })
    }, options))

  test('no image beside a boot volume', () =>
    withDriverOnFake(async (driver) => {
      await givenVm(driver, { cloudProperties: { boot_from_volume: true, root_disk: { size: 2 } } })
      expect(Object.keys(asked(driver).server)).not.toContain('imageRef')
      expect(asked(driver)).toMatchObject({ server: { block_device_mapping_v2: [{ boot_index: 0 }] } })
    }, options))

  test("the VM type's key pair wins over the configured one; it is asked for by its name", () =>
    withDriverOnFake(async (driver) => {
      await post(driver, 'compute/v2.1/os-keypairs', { keypair: { name: 'own' } })
      const requests = await driver.requestsOf(async () => {
        const { vm } = await givenVm(driver, { cloudProperties: { key_name: 'own' } })
        expect(await serverOf(driver, vm)).toMatchObject({ key_name: 'own' })
      })
      expect(named(requests)).toContain('compute keypairs.show')
      expect(named(requests)).not.toContain('compute keypairs.list')
    }, options))
})

describe('§7.4 a server that does not get ACTIVE', () => {
  test('in time: it is removed although it is still building, and may be retried', () =>
    withDriverOnFake(async (driver) => {
      driver.cloud.faults.add({ match: { transition: 'servers.build.spawning' }, do: { hold: true } })
      expect(await failureOf(givenVm(driver))).toMatchObject({
        code: 'VmCreationFailed',
        okToRetry: true,
        message: expect.stringMatching(/Timed out waiting for Server.*active.*state_timeout/s),
      })
      expect(leftBehind(driver)).toEqual({})
    }, options))

  test.each([
    ['No valid host was found.', true],
    ['Build of instance aborted: libvirt: domain is already running', true],
    ['Quota exceeded for cores', false],
  ])('for the fault "%s": worth a retry: %s', (message, okToRetry) =>
    withDriverOnFake(async (driver) => {
      driver.cloud.faults.add({
        match: { transition: 'servers.build.spawning' },
        do: { state: { to: 'ERROR', message } },
      })
      expect(await failureOf(givenVm(driver))).toMatchObject({
        code: 'VmCreationFailed',
        okToRetry,
        message: expect.stringContaining(message),
      })
      expect(leftBehind(driver)).toEqual({})
    }, options),
  )

  test.each([
    [500, true],
    [503, true],
    [400, false],
    [403, false],
    [404, false],
  ])('because POST /servers answers %i: worth a retry: %s', (status, okToRetry) =>
    withDriverOnFake(async (driver) => {
      driver.cloud.faults.add({
        match: { service: 'compute', operation: 'servers.create' },
        times: null,
        do: { respond: { status, body: { fault: { code: status, message: 'injected' } } } },
      })
      expect(await failureOf(givenVm(driver))).toMatchObject({
        code: 'VmCreationFailed',
        okToRetry,
        message: expect.stringContaining(String(status)),
      })
      expect(leftBehind(driver)).toEqual({})
    }, options),
  )

  test('because its settings are larger than Nova takes: refused, and its port is removed', () =>
    withDriverOnFake(async (driver) => {
      const env = { bosh: { blob: 'x'.repeat(60_000) } }
      expect(await failureOf(givenVm(driver, { env }))).toMatchObject({
        code: 'VmCreationFailed',
        okToRetry: false,
        message: expect.stringContaining('65535'),
      })
      expect(driver.cloud.journal.of('servers.create')).toEqual([])
      expect(leftBehind(driver)).toEqual({})
    }, options))
})

test('§7.4 an ephemeral disk too small for swap and data is refused, one that is large enough becomes a disk', () =>
  withDriverOnFake(async (driver) => {
    const wanted = { cloudProperties: { instance_type: 'm1.small.ephemeral' } }
    await givenVm(driver, wanted)
    expect(agentSettingsOf(driver)).toMatchObject({ disks: { ephemeral: '/dev/sdb' } })
    force(driver, 'flavors', idOf(driver, 'flavors', 'm1.small.ephemeral'), { ephemeral: 3 })
    const networks = [manualOn(driver, 'bosh-net', '10.10.1.8')]
    expect(await failureOf(givenVm(driver, { ...wanted, networks }))).toMatchObject({
      code: 'VmCreationFailed',
      okToRetry: false,
      message: expect.stringContaining("Flavor 'm1.small.ephemeral' should have at least 4 Gb of ephemeral disk"),
    })
    expect(made(driver, 'servers')).toHaveLength(1)
  }, options))
