import type { DiskCid, VmCid } from '@openstack-cpi/cpi-core'
import { describe, expect, test } from 'vitest'
import { diskFoundByAgent } from './agent-disks.ts'
import { force, givenDisk } from './cinder-on-fake.ts'
import { type DriverOnFake, withDriverOnFake } from './driver-on-fake.ts'
import { agentSettingsOf, givenVm, idOf, vmDefaults } from './vm-on-fake.ts'

/** A VM, and what its agent was told. */
interface Machine {
  readonly bus: 'virtio' | 'scsi'
  readonly instanceType: 'm1.tiny' | 'm1.tiny.ephemeral'
  readonly configDrive: 'disk' | 'cdrom' | null
}

const machines = (['virtio', 'scsi'] as const).flatMap((bus) =>
  (['m1.tiny', 'm1.tiny.ephemeral'] as const).flatMap((instanceType) =>
    ([null, 'disk', 'cdrom'] as const).map((configDrive): Machine => ({ bus, instanceType, configDrive })),
  ),
)

/** The director and its agent: attaches disks, keeps their hints, and looks for them in the guest. */
class Deployment {
  readonly #driver: DriverOnFake
  readonly #machine: Machine
  readonly #vm: VmCid
  readonly #hints = new Map<DiskCid, string>()

  private constructor(driver: DriverOnFake, machine: Machine, vm: VmCid) {
    this.#driver = driver
    this.#machine = machine
    this.#vm = vm
  }

  static async create(driver: DriverOnFake, machine: Machine): Promise<Deployment> {
    force(driver, 'images', idOf(driver, 'images', 'tiny-image'), { properties: { hw_disk_bus: machine.bus } })
    const { vm } = await givenVm(
      driver,
      { cloudProperties: { instance_type: machine.instanceType } },
      configOf(machine),
    )
    return new Deployment(driver, machine, vm)
  }

  #call() {
    return this.#driver.call(configOf(this.#machine))
  }

  async attach(disk: DiskCid): Promise<void> {
    const hint = await this.#call().attachDisk(this.#vm, disk)
    if (typeof hint !== 'string') throw new Error('the hint is not a path')
    this.#hints.set(disk, hint)
  }

  async detach(disk: DiskCid): Promise<void> {
    await this.#call().detachDisk(this.#vm, disk)
    this.#hints.delete(disk)
  }

  async reboot(): Promise<void> {
    await this.#call().rebootVm(this.#vm)
  }

  /** Fails unless the agent finds each attached disk, and its ephemeral disk, and no other in its place. */
  expectRightDisks(step: string): void {
    const guest = this.#driver.cloud.guest(this.#vm)
    for (const [disk, hint] of this.#hints) {
      const found = diskFoundByAgent(guest, hint, disk)
      expect({ step, hint, volume: found?.volumeId ?? found?.content }).toEqual({ step, hint, volume: disk })
    }
    const { ephemeral } = Object(agentSettingsOf(this.#driver)['disks'])
    const content = ephemeral === null ? 'none' : diskFoundByAgent(guest, ephemeral)?.content
    const expected = this.#machine.instanceType === 'm1.tiny' ? 'none' : 'ephemeral'
    expect({ step, ephemeral, content }).toEqual({ step, ephemeral, content: expected })
  }
}

const configOf = ({ configDrive }: Machine) => ({ openstack: { ...vmDefaults, config_drive: configDrive } })

describe('contract §8.2 the agent finds each disk by its hint', () => {
  test.each(machines)('on $bus, flavor $instanceType, config drive $configDrive', (machine) =>
    withDriverOnFake(
      async (driver) => {
        const deployment = await Deployment.create(driver, machine)
        const [a, b] = [await givenDisk(driver), await givenDisk(driver)]
        const steps: readonly (readonly [string, () => Promise<void>])[] = [
          ['attach A', () => deployment.attach(a)],
          ['attach B', () => deployment.attach(b)],
          ['detach A', () => deployment.detach(a)],
          ['reboot', () => deployment.reboot()],
          ['attach A again', () => deployment.attach(a)],
          ...Array.from({ length: 10 }, (_, n) => [`reboot ${n + 2}`, () => deployment.reboot()] as const),
        ]
        for (const [step, perform] of steps) {
          await perform()
          deployment.expectRightDisks(step)
        }
      },
      { cloud: { deviceNames: 'next-free', configDriveType: machine.configDrive ?? 'cdrom' } },
    ),
  )
})
