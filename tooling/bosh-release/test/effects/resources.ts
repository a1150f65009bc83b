import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { stemcellCloudProperties, writeStemcellImage } from '@openstack-cpi/harness/stemcell'
import { expect } from 'vitest'
import type { Effect, Stage } from './effect.ts'

const metadata = { director: 'bosh', deployment: 'cf', job: 'router', index: '3', id: 'an-id', name: 'router/an-id' }
const openstack = (name: string) => `openstack.${name}`

const tagsOf = (stage: Stage) => stage.made('ports')['tags']

/** What servers, ports, volumes and images look like. */
export const resourceEffects: readonly Effect[] = [
  {
    name: 'servers have the key pair, groups, config drive and names that the properties say, disks the own zone',
    job: 'openstack_cpi',
    proves: [
      ...['default_key_name', 'default_security_groups', 'config_drive', 'use_dhcp', 'human_readable_vm_names'],
      ...['ignore_server_availability_zone', 'default_volume_type', 'boot_from_volume', 'tag_resources'],
    ].map(openstack),
    run: async (stage) => {
      const cpi = await stage.cpi({
        ...stage.login('bosh'),
        default_key_name: 'bosh',
        default_security_groups: ['bosh-extra'],
        config_drive: 'disk',
        use_dhcp: false,
        human_readable_vm_names: true,
        ignore_server_availability_zone: true,
        default_volume_type: 'fast',
      })
      const [vm] = Object(await cpi.ask('create_vm', ...stage.vm({ availability_zone: 'z1' })))
      const disk = await cpi.ask('create_disk', 1024, {}, vm)
      await cpi.ask('set_vm_metadata', vm, metadata)

      const server = stage.made('servers')
      expect(server).toMatchObject({ key_name: 'bosh', config_drive: true, name: 'router/an-id' })
      expect(stage.agentSettings()).toMatchObject({ networks: { default: { use_dhcp: false } } })
      expect(stage.made('ports')['security_groups']).toEqual([stage.named('security_groups', 'bosh-extra')['id']])
      expect(tagsOf(stage)).not.toEqual([])
      expect(stage.made('volumes')).toMatchObject({
        id: disk,
        availability_zone: 'nova',
        volume_type_id: stage.named('volume_types', 'fast')['id'],
      })
    },
  },
  {
    name: 'the opposite of each: boot from a volume, no key pair, names for machines, disks in the zone of the VM',
    job: 'openstack_cpi_golang',
    proves: [
      ...['default_key_name', 'config_drive', 'use_dhcp', 'human_readable_vm_names', 'boot_from_volume'],
      ...['ignore_server_availability_zone', 'default_root_volume_type', 'nova_microversion_max', 'tag_resources'],
    ].map(openstack),
    run: async (stage) => {
      const cpi = await stage.cpi({
        ...stage.login('bosh'),
        boot_from_volume: true,
        default_root_volume_type: 'standard',
        nova_microversion_max: '2.60', // too old for types in a block device mapping
        tag_resources: false,
      })
      const [vm] = Object(await cpi.ask('create_vm', ...stage.vm({ availability_zone: 'z1' })))
      const root = stage.made('volumes')
      await cpi.ask('set_vm_metadata', vm, metadata)

      expect(root).toMatchObject({ bootable: true, volume_type_id: stage.named('volume_types', 'standard')['id'] })
      expect(stage.bodies('volumes.create')).toHaveLength(1) // by the CPI: Nova was not asked to
      const server = stage.made('servers')
      expect(server).toMatchObject({ key_name: null, config_drive: false, image_id: '' })
      expect(server['name']).toMatch(/^vm-/)
      expect(stage.agentSettings()).toMatchObject({ networks: { default: { use_dhcp: true } } })
      expect(tagsOf(stage)).toEqual([])

      const disk = await cpi.ask('create_disk', 1024, {}, vm)
      expect(stage.all('volumes').find(({ id }) => id === disk)).toMatchObject({ availability_zone: 'z1' })
    },
  },
  {
    name: 'agents are told the id of a virtio disk, or its letter where asked',
    job: 'openstack_cpi_golang',
    cloud: { deviceNames: 'next-free' }, // as libvirt names virtio disks
    proves: ['disk_hint'].map(openstack),
    run: async (stage) => {
      const cpi = await stage.cpi(stage.login('bosh'))
      const [vm] = Object(await cpi.ask('create_vm', ...stage.vm()))
      const disk = String(await cpi.ask('create_disk', 1024, {}, vm))
      expect(await cpi.ask('attach_disk', vm, disk)).toBe(`/dev/disk/by-id/virtio-${disk.slice(0, 20)}`)
      const withLetters = await stage.cpi({ ...stage.login('bosh'), disk_hint: 'letter' })
      expect(await withLetters.ask('attach_disk', vm, disk)).toBe('/dev/sdb')
    },
  },
  {
    name: 'stemcells are public and go through the import where asked',
    job: 'openstack_cpi',
    proves: ['stemcell_public_visibility', 'stemcell_import'].map(openstack),
    run: async (stage) => {
      const folder = await mkdtemp(join(tmpdir(), 'bosh-stemcell-'))
      try {
        const image = await writeStemcellImage(folder)
        const usual = await stage.cpi(stage.login('admin'))
        const heavy = await usual.ask('create_stemcell', image, stemcellCloudProperties)
        expect(stage.made('images')).toMatchObject({ id: heavy, visibility: 'private' })
        expect(stage.paths('images.import')).toEqual([])
        await usual.ask('delete_stemcell', heavy)

        const asked = { stemcell_public_visibility: true, stemcell_import: true }
        const cpi = await stage.cpi({ ...stage.login('admin'), ...asked })
        await cpi.ask('create_stemcell', image, stemcellCloudProperties)
        expect(stage.made('images')).toMatchObject({ visibility: 'public', status: 'active' })
        expect(stage.paths('images.import')).toHaveLength(1)
      } finally {
        await rm(folder, { recursive: true })
      }
    },
  },
  {
    name: 'load balancer pools are looked for where the property says',
    job: 'openstack_cpi_golang',
    proves: ['load_balancer_api'].map(openstack),
    run: async (stage) => {
      const vm = stage.vm({ loadbalancer_pools: [{ name: 'none-such', port: 80 }] })
      const asked = async (load_balancer_api: string | null) => {
        stage.cloud.journal.clear()
        const cpi = await stage.cpi({ ...stage.login('bosh'), load_balancer_api, request_retries: 0 })
        await cpi.refusal('create_vm', ...vm)
        expect(stage.cloud.leftovers()).toEqual({})
        return stage.cloud.journal.since().flatMap(({ path }) => (path.includes('/lbaas/') ? [path] : []))
      }
      expect(await asked(null)).toEqual([expect.stringMatching(/^\/load-balancer\//)])
      expect(await asked('neutron')).toEqual([expect.stringMatching(/^\/network\//)])
    },
  },
  {
    name: 'a soft reboot that takes too long is followed by a hard one',
    job: 'openstack_cpi',
    proves: ['force_hard_reboot_after'].map(openstack),
    run: async (stage) => {
      const cpi = await stage.cpi({ ...stage.login('bosh'), force_hard_reboot_after: 0.3 })
      const [vm] = Object(await cpi.ask('create_vm', ...stage.vm()))
      stage.cloud.faults.add({ match: { transition: 'servers.reboot-soft.active' }, do: { hold: true } })
      const { error, stderr } = await cpi.call('reboot_vm', vm)
      expect(error).toBeNull()
      expect(stderr).toContain('did not reboot softly within 0.3 s')
      const actions = stage.cloud.journal.since().filter(({ path }) => path.endsWith('/action'))
      expect(actions.map(({ request }) => request)).toEqual([
        { reboot: { type: 'SOFT' } },
        { reboot: { type: 'HARD' } },
      ])
    },
  },
]
