/** A CPI whose driver misbehaves in the way that `behaviour` of its configuration file names. */
import { mergeConfig } from '@openstack-cpi/cpi-core'
import { readConfigFile, runCpi } from '@openstack-cpi/cpi-core/node'
import { OddCpi } from './odd-driver.ts'

runCpi({
  name: 'odd-cpi',
  version: '1.2.3',
  info: { apiVersion: 3, stemcellFormats: ['odd-raw'] },
  readConfig: ([path]) => readConfigFile(path),
  createCpi: (call, file) => {
    const config = mergeConfig(file, call.configOverrides)
    if (config['url'] === 'broken') throw new Error('the cloud cannot be reached')
    return new OddCpi(call, config)
  },
})
