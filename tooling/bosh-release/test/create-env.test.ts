import { join } from 'node:path'
import { readYaml, runScript, type ScriptedCall } from '@openstack-cpi/harness/call-script'
import { nameIn } from '@openstack-cpi/harness/cloud-description'
import { cpiConfig } from '@openstack-cpi/harness/cpi-config'
import { manualNetwork, vmType } from '@openstack-cpi/harness/create-vm'
import { Director } from '@openstack-cpi/harness/director'
import { openCloud } from '@openstack-cpi/harness/fake-process'
import {
  bootingStemcellProperties,
  stemcellCloudProperties,
  writeBootingStemcell,
  writeStemcellImage,
} from '@openstack-cpi/harness/stemcell'
import { TenantView } from '@openstack-cpi/harness/tenant'
import { expect, onTestFinished } from 'vitest'
import { test } from './installation.ts'

/** Whole cycles, one after the other: where Nova puts a VM differs from time to time. */
const rounds = Number(process.env['CREATE_ENV_ROUNDS'] ?? '1')

/** A root disk that boots, for a cloud whose servers really do: a guest that does not run keeps its disks. */
const rootDisk = process.env['BOOTING_ROOT_DISK']

const script: readonly ScriptedCall[] = readYaml('create-env.yaml', import.meta.url)
test('contract §6.24 a rehearsal of bosh create-env and delete-env: the exact calls of the CLI, info before each, API version cut to 2', async ({
  installation,
}) => {
  const { folder } = installation
  const { description: cloud, stop } = await openCloud(folder)
  onTestFinished(stop)
  const view = await TenantView.login(cloud)
  const before = await view.inventory()
  const { openstack, agent } = cpiConfig(cloud).cloud.properties
  const job = installation.render('openstack_cpi', { openstack, agent, ntp: ['t'] })
  const director = new Director({ command: [join(job, 'bin/cpi')], environment: installation.environment })

  // the CLI: no request_id, null for what is absent, vm.stemcell always there, info with version 1 before each call
  const context = { director_uuid: 'a-generated-id', vm: { stemcell: { api_version: 3 } } }
  const send = (method: string, values: readonly unknown[], version: number) =>
    director.raw(JSON.stringify({ method, arguments: values, context, api_version: version }))
  const sendAfterInfo = async ({ call, arguments: values }: ScriptedCall) => {
    const info = await send('info', [], 1)
    const { api_version: supported } = info.result as { api_version: number }
    return send(call, values, Math.min(supported, 2))
  }
  const expected: Readonly<Record<string, unknown>> = {
    has_vm: true,
    attach_disk: expect.stringMatching(/^\/dev\/(sd|disk\/by-id\/virtio-)/),
  }

  for (let round = 0; round < rounds; round += 1) {
    const values = {
      image: rootDisk ? await writeBootingStemcell(folder, rootDisk) : await writeStemcellImage(folder),
      stemcellProperties: rootDisk ? bootingStemcellProperties('raw', 'virtio') : stemcellCloudProperties,
      // The zone that operators write most: Nova binds such a request to no zone.
      vmType: vmType(cloud, { instance_type: 'm1.small', availability_zone: nameIn(cloud, 'nova') }),
      networks: { default: manualNetwork(cloud, 'bosh-net', '10.10.2.90') },
    }
    await runScript(script, values, sendAfterInfo, ({ call }, { error, exitCode, result }) => {
      expect({ error, exitCode }, call).toEqual({ error: null, exitCode: 0 })
      if (call in expected) expect(result, call).toEqual(expected[call])
    })
  }
  expect(await view.inventory()).toEqual(before)
})
