import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { type CreatedVm, createVmArguments } from '@openstack-cpi/harness/create-vm'
import { startFake } from '@openstack-cpi/harness/fake-process'
import { bootingStemcellProperties, writeStemcellImage } from '@openstack-cpi/harness/stemcell'
import { SuiteCloud } from '@openstack-cpi/harness/suite-cloud'
import { expect } from 'vitest'
import { z } from 'zod/mini'
import { type Machine, type SeenDisks, type SteppedVm, type StepsName, takeSteps, withoutIds } from './disk-steps.ts'

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

/** What two guests must agree on. On a SCSI bus names are by chance: there the links are what holds. */
const comparable = ({ bus }: Machine, seen: SeenDisks) =>
  Object.entries(seen).map(([step, disks]) => ({
    step,
    disks: disks.map(({ content, byId, name }) => ({ content, byId, ...(bus === 'virtio' ? { name } : {}) })),
  }))

/** Takes a VM of the fake through steps that a booted guest has taken, and expects the disks that this guest saw. */
export async function expectSameOnFake(machine: Machine, steps: StepsName, seen: SeenDisks): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'openstack-cpi-fake-'))
  const args = ['--device-names', 'next-free', '--config-drive-type', machine.configDrive ?? 'cdrom']
  const fake = await startFake(folder, args)
  const cloud = await SuiteCloud.open(fake.descriptionFile)
  try {
    const modelled = await takeSteps(await createVm(cloud, machine, fake.origin), steps)
    expect(comparable(machine, modelled.seen), 'what the fake shows').toEqual(comparable(machine, seen))
  } finally {
    await cloud.close()
    await fake.stop()
    await rm(folder, { recursive: true })
  }
}

async function createVm(
  { cloud, view, folder, directorWith }: SuiteCloud,
  { bus, ephemeral, configDrive }: Machine,
  origin: string,
): Promise<SteppedVm> {
  const director = await directorWith({ openstack: configDrive ? { config_drive: configDrive } : {} })
  const image = await writeStemcellImage(folder)
  const args = createVmArguments(cloud, {
    stemcell: await director.ask('create_stemcell', [image, bootingStemcellProperties('raw', bus)]),
    properties: { instance_type: ephemeral ? 'm1.tiny.ephemeral' : 'm1.tiny' },
    networks: '10.10.2.80',
  })
  const [vm] = (await director.ask('create_vm', args)) as CreatedVm // API version 3
  const guest = async () => z.parse(fakeGuest, await (await fetch(`${origin}/_fake/guests/${vm}`)).json())
  return {
    director,
    vm,
    createDisk: async () => String(await director.ask('create_disk', [1024, {}, vm])),
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
