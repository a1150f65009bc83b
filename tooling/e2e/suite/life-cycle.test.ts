import { manualNetwork } from '@openstack-cpi/harness/create-vm'
import { stemcellCloudProperties, writeStemcellImage } from '@openstack-cpi/harness/stemcell'
import { describe, expect, test } from 'vitest'
import { useCloud } from '../cloud-fixture.ts'

const given = useCloud()

describe('a stemcell, a VM and a disk through their whole life', () => {
  test('contract §6, §6.24 each step leaves the cloud in the state BOSH was told', async () => {
    const { cloud, view, folder, director } = given()

    expect(await director.ask('info', [])).toEqual({
      api_version: 3,
      stemcell_formats: ['openstack-raw', 'openstack-qcow2', 'openstack-light'],
    })

    const imagePath = await writeStemcellImage(folder)
    const stemcell = String(
      await director.ask('create_stemcell', [imagePath, stemcellCloudProperties, { tags: { team: 'cf' } }]),
    )
    expect(await view.show('image', `images/${stemcell}`, null)).toMatchObject({
      name: 'bosh-openstack-kvm-tiny/1.0',
      status: 'active',
      visibility: 'private',
      size: 1024 * 1024,
      disk_format: 'raw',
      os_type: 'linux',
      hypervisor_type: 'kvm',
      auto_disk_config: 'true',
      team: 'cf',
    })

    const ip = '10.10.2.17'
    const [vm, networks] = (await director.ask('create_vm', [
      'agent-life-cycle',
      stemcell,
      { instance_type: 'm1.tiny', availability_zone: 'z1' },
      { private: manualNetwork(cloud, 'bosh-net', ip) },
      [],
      { bosh: { group: 'director-cf-web', tags: { stage: 'test' } } },
    ])) as [string, Record<string, Record<string, unknown>>]
    const server = await view.server(vm)
    expect(server).toMatchObject({
      status: 'ACTIVE',
      key_name: cloud.keypair.name,
      'OS-EXT-AZ:availability_zone': 'z1',
    })
    const [port] = await view.portsOf(vm)
    expect(port).toMatchObject({
      mac_address: networks['private']?.['mac'],
      security_groups: [cloud.security_groups['bosh']],
    })
    expect(port?.['fixed_ips']).toMatchObject([{ ip_address: ip }])
    expect(await director.ask('has_vm', [vm])).toBe(true)

    await director.ask('set_vm_metadata', [
      vm,
      { director: 'd', deployment: 'cf', job: 'web', index: '0', id: 'i-1', name: 'web/i-1' },
    ])
    expect((await view.server(vm))?.['metadata']).toMatchObject({
      deployment: 'cf',
      job: 'web',
    })

    const disk = String(await director.ask('create_disk', [1100, { type: 'standard' }, vm]))
    expect(await view.volume(disk)).toMatchObject({
      status: 'available',
      size: 2,
      volume_type: 'standard',
      availability_zone: 'z1',
    })
    expect(await director.ask('has_disk', [disk])).toBe(true)

    const hint = await director.ask('attach_disk', [vm, disk])
    expect(hint).toMatch(/^\/dev\/sd[b-z]$/)
    expect(await director.ask('attach_disk', [vm, disk])).toBe(hint)
    expect(await view.volume(disk)).toMatchObject({
      status: 'in-use',
      attachments: [{ server_id: vm }],
    })
    expect(await director.ask('get_disks', [vm])).toEqual([disk])

    await director.ask('set_disk_metadata', [disk, { deployment: 'cf', instance_id: 'i-1' }])
    expect((await view.volume(disk))?.['metadata']).toMatchObject({ deployment: 'cf' })

    const snapshot = String(
      await director.ask('snapshot_disk', [
        disk,
        { deployment: 'cf', job: 'web', index: 0, director_name: 'd', instance_id: 'i-1' },
      ]),
    )
    expect(await view.show('volumev3', `snapshots/${snapshot}`, 'snapshot')).toMatchObject({
      status: 'available',
      volume_id: disk,
      metadata: { director: 'd', instance_index: '0', instance_name: 'web/i-1' },
    })
    await director.ask('delete_snapshot', [snapshot])
    expect(await view.show('volumev3', `snapshots/${snapshot}`, 'snapshot')).toBeUndefined()

    await director.ask('reboot_vm', [vm])
    expect((await view.server(vm))?.['status']).toBe('ACTIVE')

    await director.ask('detach_disk', [vm, disk])
    await director.ask('detach_disk', [vm, disk])
    expect((await view.volume(disk))?.['status']).toBe('available')
    expect(await director.ask('get_disks', [vm])).toEqual([])

    await director.ask('resize_disk', [disk, 3072])
    expect((await view.volume(disk))?.['size']).toBe(3)
    expect((await director.call('resize_disk', [disk, 1024])).error?.type).toBe('Bosh::Clouds::NotSupported')
    await director.ask('update_disk', [disk, 4096, { type: 'fast' }])
    expect(await view.volume(disk)).toMatchObject({ size: 4, volume_type: 'fast' })

    // a director deletes a VM whose disk is still attached: the disk must survive and be usable immediately
    await director.ask('attach_disk', [vm, disk])
    await director.ask('delete_vm', [vm])
    expect(await view.server(vm)).toBeUndefined()
    expect(
      await view.list(
        'network',
        `ports?network_id=${cloud.networks['bosh-net']?.id}&fixed_ips=ip_address%3D${ip}`,
        'ports',
      ),
    ).toEqual([])
    expect((await view.volume(disk))?.['status']).toBe('available')
    expect(await director.ask('has_vm', [vm])).toBe(false)

    await director.ask('delete_disk', [disk])
    expect(await director.ask('has_disk', [disk])).toBe(false)
    await director.ask('delete_stemcell', [stemcell])
    expect(await view.show('image', `images/${stemcell}`, null)).toBeUndefined()

    for (const [method, cid] of [
      ['delete_vm', vm],
      ['delete_disk', disk],
      ['delete_stemcell', stemcell],
      ['delete_snapshot', snapshot],
    ] as const) {
      expect((await director.call(method, [cid])).error, `${method} again`).toBeNull()
    }
  })

  test('contract §6.3 a light stemcell points at an image and never deletes it', async () => {
    const { cloud, view, folder, director } = given()
    const cid = await director.ask('create_stemcell', [
      folder,
      { name: 'light', version: '1', image_id: cloud.image.id },
    ])
    expect(cid).toBe(`${cloud.image.id} light`)
    await director.ask('delete_stemcell', [cid])
    expect((await view.show('image', `images/${cloud.image.id}`, null))?.['status']).toBe('active')
  })
})
