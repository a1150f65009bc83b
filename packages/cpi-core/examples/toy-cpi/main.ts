import { mergeConfig } from '@openstack-cpi/cpi-core'
import { readConfigFile, runCpi } from '@openstack-cpi/cpi-core/node'

// BOSH starts it once per call, with the path of its configuration: {"url": "https://toy.example.com"}
runCpi({
  name: 'toy-cpi',
  version: '1.0.0',
  info: { apiVersion: 2, stemcellFormats: ['toy-raw'] },
  readConfig: ([path]) => readConfigFile(path),
  createCpi: async (call, file) => {
    const { createToyCpi } = await import('./toy-cpi.ts')
    const config = mergeConfig(file, call.configOverrides)
    return createToyCpi(String(config['url']), (request) => fetch(request, { signal: call.signal }))
  },
})
