import { stemcellCloudProperties, writeStemcellImage } from '@openstack-cpi/harness/stemcell'
import { expect, test } from 'vitest'
import { useCloud } from '../cloud-fixture.ts'

const given = useCloud()

test('§7.2 create_stemcell names a disk_format that is not the format of the image, where Glance inspects it', async () => {
  const { cloud, folder, director } = given()
  const properties = { ...stemcellCloudProperties, disk_format: 'qcow2' }
  const answer = await director.call('create_stemcell', [await writeStemcellImage(folder), properties])
  // Glance inspects the content of uploads since 2025.1.
  if (cloud.release !== undefined && cloud.release !== 'zed') {
    const message = /stemcell's image is not what its disk_format `qcow2' says.*with 415.*disk_format/s
    expect(answer.error).toMatchObject({
      type: 'Bosh::Clouds::CloudError',
      message: expect.stringMatching(message),
    })
  } else {
    expect(answer.error).toBeNull()
    await director.ask('delete_stemcell', [answer.result])
  }
})
