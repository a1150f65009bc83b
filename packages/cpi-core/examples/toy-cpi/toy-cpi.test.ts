import { describeCpiContract } from '@openstack-cpi/cpi-core/testing'
import { createToyCloud } from './toy-cloud.ts'
import { createToyCpi } from './toy-cpi.ts'

describeCpiContract(
  'the toy cloud',
  () => {
    const cloud = createToyCloud()
    return {
      createCpi: () => createToyCpi('http://toy.test', cloud.send),
      stemcell: { imagePath: '/stemcell/image', cloudProperties: { name: 'noble' } },
      vm: { cloudProperties: { size: 'small' }, networks: { default: { type: 'dynamic' } } },
      disk: { sizeMiB: 1024, cloudProperties: {} },
      missingCid: 'no-such-thing',
      refusedVmCloudProperties: { size: 'huge' },
      leftovers: () => cloud.existing(),
    }
  },
  { without: ['get_disks', 'resize_disk', 'update_disk', 'calculate_vm_cloud_properties', 'networks'] },
)
