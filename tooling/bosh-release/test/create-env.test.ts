import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readCloudDescription } from '@openstack-cpi/harness/cloud-description'
import { cpiConfig } from '@openstack-cpi/harness/cpi-config'
import { type FakeProcess, startFake } from '@openstack-cpi/harness/fake-process'
import { stemcellCloudProperties, writeStemcellImage } from '@openstack-cpi/harness/stemcell'
import { TenantView } from '@openstack-cpi/harness/tenant'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { callCpi } from './cpi-process.ts'
import { hasRuby, Installation } from './installation.ts'

describe.skipIf(!hasRuby)('a rehearsal of bosh create-env and delete-env', () => {
  let scratch: string
  let installation: Installation
  let fake: FakeProcess | undefined
  let descriptionFile: string

  beforeAll(async () => {
    scratch = await mkdtemp(join(tmpdir(), 'bosh-create-env-'))
    const given = process.env['OPENSTACK_FIXTURES']
    fake = given ? undefined : await startFake(scratch)
    descriptionFile = given ?? String(fake?.descriptionFile)
    installation = await Installation.create()
  })
  afterAll(async () => {
    await fake?.stop()
    await rm(scratch, { recursive: true })
    await installation.remove()
  })

  test('contract §6.24 the exact calls of the CLI, info before each, API version cut to 2', async () => {
    const cloud = await readCloudDescription(descriptionFile)
    const view = await TenantView.login(cloud)
    const before = await view.inventory()
    const { openstack, agent } = (cpiConfig(cloud)['cloud'] as { properties: Record<string, Record<string, unknown>> })
      .properties
    const job = await installation.render('openstack_cpi', { openstack, agent, ntp: ['t'] })

    // the CLI: no request_id, null for what is absent, vm.stemcell always there, info with version 1 before each call
    const ask = async (method: string, args: readonly unknown[]): Promise<unknown> => {
      const context = { director_uuid: 'a-generated-id', vm: { stemcell: { api_version: 3 } } }
      const call = (name: string, values: readonly unknown[], version: number) =>
        callCpi(join(job, 'bin/cpi'), installation.environment, {
          method: name,
          arguments: values,
          context,
          api_version: version,
        })
      const info = await call('info', [], 1)
      const { api_version: supported } = info.result as { api_version: number }
      const answer = await call(method, args, Math.min(supported, 2))
      if (answer.error) throw new Error(`${method}: ${answer.error.type}: ${answer.error.message}\n${answer.stderr}`)
      return answer.result
    }

    const network = cloud.networks['bosh-net']
    const networks = {
      default: {
        type: 'manual',
        ip: '10.10.2.90',
        netmask: '255.255.252.0',
        gateway: '10.10.0.1',
        dns: ['192.0.2.53'],
        default: ['dns', 'gateway'],
        cloud_properties: { net_id: network?.id },
      },
    }
    const stemcell = await ask('create_stemcell', [await writeStemcellImage(scratch), stemcellCloudProperties])
    const createVm = async () =>
      (await ask('create_vm', [
        'agent-director',
        stemcell,
        { instance_type: 'm1.small' },
        networks,
        null,
        { bosh: { password: '*' } },
      ])) as [string, unknown]
    const metadata = {
      deployment: 'bosh',
      job: 'bosh',
      instance_group: 'bosh',
      index: '0',
      director: 'bosh-init',
      name: 'bosh/0',
    }

    const [vm] = await createVm()
    await ask('set_vm_metadata', [vm, metadata])
    const disk = await ask('create_disk', [1024, null, vm])
    expect(await ask('attach_disk', [vm, disk])).toMatch(/^\/dev\/sd/)
    await ask('set_disk_metadata', [disk, { deployment: 'bosh' }])

    // create-env again with a changed manifest: the VM is recreated, the disk moves over
    expect(await ask('has_vm', [vm])).toBe(true)
    await ask('detach_disk', [vm, disk])
    await ask('delete_vm', [vm])
    const [second] = await createVm()
    await ask('set_vm_metadata', [second, metadata])
    await ask('attach_disk', [second, disk])

    // delete-env
    expect(await ask('has_vm', [second])).toBe(true)
    await ask('delete_vm', [second])
    await ask('delete_disk', [disk])
    await ask('delete_stemcell', [stemcell])
    expect(await view.inventory()).toEqual(before)
  })
})
