import { setTimeout as wait } from 'node:timers/promises'
import { writeCpiConfig } from '@openstack-cpi/harness/cpi-config'
import { Director } from '@openstack-cpi/harness/director'
import { type FakeProcess, startFake } from '@openstack-cpi/harness/fake-process'
import { bootingStemcellProperties, type DiskBus, writeStemcellImage } from '@openstack-cpi/harness/stemcell'
import { TenantView } from '@openstack-cpi/harness/tenant'
import { z } from 'zod/mini'
import { type SeenDisk, type SeenDisks, type SteppedVm, withoutIds } from './disk-steps.ts'

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

export interface FakeGuestOptions {
  /** An empty folder, for the files of the fake and the CPI. */
  readonly folder: string
  readonly bus: DiskBus
  /** The flavor has an ephemeral disk. */
  readonly ephemeral: boolean
  readonly configDrive: 'disk' | 'cdrom' | undefined
}

/** What a guest of the fake sees in the same steps. */
export async function takeStepsOnFake(
  options: FakeGuestOptions,
  takeSteps: (stepped: SteppedVm) => Promise<SeenDisks>,
): Promise<SeenDisks> {
  const args = ['--device-names', 'next-free', '--config-drive-type', options.configDrive ?? 'cdrom']
  const fake = await startFake(options.folder, args)
  try {
    return await takeSteps(await createVm(fake, options))
  } finally {
    await fake.stop()
  }
}

async function createVm(fake: FakeProcess, options: FakeGuestOptions): Promise<SteppedVm> {
  const { folder, bus, configDrive, ephemeral } = options
  const cloud = fake.description
  const director = new Director({
    configFile: await writeCpiConfig(folder, cloud, {
      openstack: configDrive ? { config_drive: configDrive } : {},
    }),
  })
  const image = await writeStemcellImage(folder)
  const stemcell = await director.ask('create_stemcell', [image, bootingStemcellProperties('raw', bus)])
  const networks = { private: { type: 'dynamic', cloud_properties: { net_id: cloud.networks['bosh-net']?.id } } }
  const type = { instance_type: ephemeral ? 'm1.tiny.ephemeral' : 'm1.tiny' }
  const [vm] = (await director.ask('create_vm', ['agent-fake', stemcell, type, networks, [], {}])) as [string, unknown]
  const guest = async () => z.parse(fakeGuest, await (await fetch(`${fake.origin}/_fake/guests/${vm}`)).json())
  return {
    director,
    vm,
    createDisk: async () => String(await director.ask('create_disk', [1024, {}, vm])),
    added: async () => undefined,
    removed: async () => undefined,
    reset: async () => {
      const { boots } = await guest()
      const view = await TenantView.login(cloud)
      const { status } = await view.request('POST', 'compute', `servers/${vm}/action`, { reboot: { type: 'HARD' } })
      if (status !== 202) throw new Error(`the fake refuses to reboot a server: HTTP ${status}`)
      while ((await guest()).boots === boots) await wait(100) // another process: it shows no sign but this
    },
    booted: async (times) => {
      const { boots } = await guest()
      if (boots !== times) throw new Error(`the guest of the fake has booted ${boots} times instead of ${times}`)
    },
    disks: async (cids): Promise<readonly SeenDisk[]> =>
      (await guest()).disks.map(({ device, links, content, volumeId }) => ({
        name: device.replace('/dev/', ''),
        content: (volumeId === null ? undefined : cids.get(volumeId)) ?? content,
        byId: links.map((link) => withoutIds(link.replace('/dev/disk/by-id/', ''), cids)),
      })),
  }
}
