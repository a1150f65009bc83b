import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type CloudDescription, nameIn } from '@openstack-cpi/harness/cloud-description'
import { cpiConfig } from '@openstack-cpi/harness/cpi-config'
import { manualNetwork } from '@openstack-cpi/harness/create-vm'
import { Director } from '@openstack-cpi/harness/director'
import { openCloud } from '@openstack-cpi/harness/fake-process'
import {
  bootingStemcellProperties,
  stemcellCloudProperties,
  writeBootingStemcell,
  writeStemcellImage,
} from '@openstack-cpi/harness/stemcell'
import { TenantView } from '@openstack-cpi/harness/tenant'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { hasRuby, Installation } from './installation.ts'

/** Whole cycles, one after the other: where Nova puts a VM differs from time to time. */
const rounds = Number(process.env['CREATE_ENV_ROUNDS'] ?? '1')

/** A root disk that boots, for a cloud whose servers really do: a guest that does not run keeps its disks. */
const rootDisk = process.env['BOOTING_ROOT_DISK']

describe.skipIf(!hasRuby)('a rehearsal of bosh create-env and delete-env', () => {
  let scratch: string
  let installation: Installation
  let cloud: CloudDescription
  let stop: () => Promise<void>

  beforeAll(async () => {
    scratch = await mkdtemp(join(tmpdir(), 'bosh-create-env-'))
    ;({ description: cloud, stop } = await openCloud(scratch))
    installation = await Installation.create()
  })
  afterAll(async () => {
    await stop()
    await rm(scratch, { recursive: true })
    await installation.remove()
  })

  test('contract §6.24 the exact calls of the CLI, info before each, API version cut to 2', async () => {
    const view = await TenantView.login(cloud)
    const before = await view.inventory()
    const { openstack, agent } = cpiConfig(cloud).cloud.properties
    const job = await installation.render('openstack_cpi', { openstack, agent, ntp: ['t'] })
    const director = new Director({ command: [join(job, 'bin/cpi')], environment: installation.environment })

    // the CLI: no request_id, null for what is absent, vm.stemcell always there, info with version 1 before each call
    const ask = async (method: string, args: readonly unknown[]): Promise<unknown> => {
      const context = { director_uuid: 'a-generated-id', vm: { stemcell: { api_version: 3 } } }
      const call = (name: string, values: readonly unknown[], version: number) =>
        director.raw(JSON.stringify({ method: name, arguments: values, context, api_version: version }))
      const info = await call('info', [], 1)
      const { api_version: supported } = info.result as { api_version: number }
      const answer = await call(method, args, Math.min(supported, 2))
      if (answer.error || answer.exitCode !== 0) throw new Error(`${method}: ${JSON.stringify(answer)}`)
      return answer.result
    }

    const networks = { default: manualNetwork(cloud, 'bosh-net', '10.10.2.90') }
    const metadata = {
      deployment: 'bosh',
      job: 'bosh',
      instance_group: 'bosh',
      index: '0',
      director: 'bosh-init',
      name: 'bosh/0',
    }
    const hint = /^\/dev\/(sd|disk\/by-id\/virtio-)/
    const createVm = async (stemcell: unknown, disks: readonly unknown[] | null): Promise<unknown> => {
      // The zone that operators write most: Nova binds such a request to no zone.
      const cloudProperties = {
        instance_type: nameIn(cloud, 'm1.small'),
        availability_zone: nameIn(cloud, 'nova'),
      }
      const answer = await ask('create_vm', [
        'agent-director',
        stemcell,
        cloudProperties,
        networks,
        disks,
        { bosh: { password: '*' } },
      ])
      const [vm] = answer as readonly unknown[] // checked by the contract suite
      await ask('set_vm_metadata', [vm, metadata])
      return vm
    }
    const attach = async (vm: unknown, disk: unknown): Promise<void> => {
      expect(await ask('attach_disk', [vm, disk])).toMatch(hint)
      await ask('set_disk_metadata', [disk, { deployment: 'bosh' }])
    }
    const remove = async (vm: unknown, disk: unknown): Promise<void> => {
      expect(await ask('has_vm', [vm])).toBe(true)
      await ask('detach_disk', [vm, disk])
      await ask('delete_vm', [vm])
    }

    for (let round = 0; round < rounds; round += 1) {
      // create-env; with an unchanged manifest it asks nothing
      const stemcell = await ask(
        'create_stemcell',
        rootDisk === undefined
          ? [await writeStemcellImage(scratch), stemcellCloudProperties]
          : [await writeBootingStemcell(scratch, rootDisk), bootingStemcellProperties('raw', 'virtio')],
      )
      const first = await createVm(stemcell, null)
      const disk = await ask('create_disk', [1024, null, first])
      await attach(first, disk)

      // create-env --recreate: the disk moves over
      await remove(first, disk)
      const second = await createVm(stemcell, [disk])
      await attach(second, disk)

      // create-env with a larger disk: the data moves from one disk to the other on the new VM
      await remove(second, disk)
      const third = await createVm(stemcell, [disk])
      await attach(third, disk)
      const larger = await ask('create_disk', [2048, null, third])
      await attach(third, larger)
      await ask('detach_disk', [third, disk])
      await ask('delete_disk', [disk])

      // delete-env
      await remove(third, larger)
      await ask('delete_disk', [larger])
      await ask('delete_stemcell', [stemcell])
    }
    expect(await view.inventory()).toEqual(before)
  })
})
