import { mergeConfig } from '@openstack-cpi/cpi-core'
import { readConfigFile, runCpi } from '@openstack-cpi/cpi-core/node'

// BOSH starts it once per call, with the path of its configuration: {"folder": "/var/lib/qemu-cpi"}
runCpi({
  name: 'qemu-cpi',
  version: '1.0.0',
  info: { apiVersion: 2, stemcellFormats: ['qemu-raw'] },
  readConfig: ([path]) => readConfigFile(path),
  createCpi: async (call, file) => {
    // Not at the top: `info`, half of all calls, needs none of it.
    const [{ readConfig }, { openQemuCpi }] = await Promise.all([import('./config.ts'), import('./qemu-cpi.ts')])
    return await openQemuCpi(call, readConfig(mergeConfig(file, call.configOverrides), call))
  },
})
