import { setTimeout as wait } from 'node:timers/promises'
import { vmType } from '@openstack-cpi/harness/create-vm'
import { startFake } from '@openstack-cpi/harness/fake-process'
import { bootingStemcellProperties, type DiskBus, writeStemcellImage } from '@openstack-cpi/harness/stemcell'
import { SuiteCloud } from '@openstack-cpi/harness/suite-cloud'
import { expect } from 'vitest'
import { z } from 'zod/mini'
import { comparableDisks, diskSteps, type SeenDisks, type SteppedVm, takeSteps, withoutIds } from './disk-steps.ts'

/** What is used of `GET /_fake/guests/<server id>`. */
const fakeGuest = z.object({
  boots: z.number(),
  disks: z.array(
    z.object({
      device: z.string(),
      links: z.array(z.string()),
      content: z.string(),
      volumeId: z.nullable(z.string()),
    }),
  ),
})

/** What decides about the names of disks in a guest. */
export interface Machine {
  readonly bus: DiskBus
  /** The flavor has an ephemeral disk. */
  readonly ephemeral: boolean
  readonly configDrive: 'disk' | 'cdrom' | undefined
}

/**
 * Takes a VM of the fake through steps that a booted guest has taken, and expects the disks that this guest saw.
 * @param folder for the fake's files
 */
export async function expectSameOnFake(
  folder: string,
  machine: Machine,
  steps: keyof typeof diskSteps,
  seen: SeenDisks,
): Promise<void> {
  const args = ['--device-names', 'next-free', '--config-drive-type', machine.configDrive ?? 'cdrom']
  const fake = await startFake(folder, args)
  const cloud = await SuiteCloud.open(fake.descriptionFile)
  try {
    const modelled = await takeSteps(await createVm(cloud, machine, fake.origin), diskSteps[steps])
    const { bus } = machine
    expect(comparableDisks(bus, modelled), 'what the fake shows').toEqual(comparableDisks(bus, seen))
  } finally {
    await cloud.close()
    await fake.stop()
  }
}

async function createVm(
  { cloud, view, folder, directorWith }: SuiteCloud,
  { bus, ephemeral, configDrive }: Machine,
  origin: string,
): Promise<SteppedVm> {
  const director = await directorWith({ openstack: configDrive ? { config_drive: configDrive } : {} })
  const image = await writeStemcellImage(folder)
  const stemcell = await director.ask('create_stemcell', [image, bootingStemcellProperties('raw', bus)])
  const networks = { private: { type: 'dynamic', cloud_properties: { net_id: cloud.networks['bosh-net']?.id } } }
  const type = vmType(cloud, { instance_type: ephemeral ? 'm1.tiny.ephemeral' : 'm1.tiny' })
  const [vm] = (await director.ask('create_vm', ['agent-fake', stemcell, type, networks, [], {}])) as [string, unknown]
  const guest = async () => z.parse(fakeGuest, await (await fetch(`${origin}/_fake/guests/${vm}`)).json())
  return {
    director,
    vm,
    createDisk: async () => String(await director.ask('create_disk', [1024, {}, vm])),
    added: async () => undefined,
    removed: async () => undefined,
    reset: async () => {
      const { boots } = await guest()
      const { status } = await view.request('POST', 'compute', `servers/${vm}/action`, { reboot: { type: 'HARD' } })
      if (status !== 202) throw new Error(`the fake refuses to reboot a server: HTTP ${status}`)
      while ((await guest()).boots === boots) await wait(100) // another process: it shows no sign but this
    },
    booted: async (times) => {
      const { boots } = await guest()
      if (boots !== times) throw new Error(`the guest of the fake has booted ${boots} times instead of ${times}`)
    },
    disks: async (cids) =>
      (await guest()).disks.map(({ device, links, content, volumeId }) => ({
        name: device.replace('/dev/', ''),
        content: (volumeId === null ? undefined : cids.get(volumeId)) ?? content,
        byId: links.map((link) => withoutIds(link.replace('/dev/disk/by-id/', ''), cids)),
      })),
  }
}
