import { describeCpiContract } from './contract-suite.ts'
import { InMemoryCpi } from './in-memory-cpi.ts'

const manualNetwork = { type: 'manual', ip: '10.0.0.7', netmask: '255.255.255.0', gateway: '10.0.0.1' }

describeCpiContract('InMemoryCpi', () => {
  const cpi = new InMemoryCpi()
  return {
    createCpi: () => cpi,
    stemcell: { imagePath: '/stemcell/image', cloudProperties: { name: 'noble' } },
    vm: { cloudProperties: { size: 'small' }, networks: { default: manualNetwork } },
    disk: { sizeMiB: 1024, cloudProperties: {} },
    missingCid: 'missing-1',
    network: { type: 'manual', netmask_bits: 24, cloud_properties: {} },
    leftovers: () => cpi.existing(),
  }
})
