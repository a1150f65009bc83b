import { stemcellCloudProperties, writeStemcellImage } from '@openstack-cpi/harness/stemcell'
import { expect, test } from 'vitest'
import { useCloud } from '../cloud-fixture.ts'

const given = useCloud()

/** Glance inspects the content of uploads since 2025.1. */
const inspects = (release: string | undefined): boolean => release !== undefined && release !== 'zed'

test('§7.2 create_stemcell names a disk_format that is not the format of the image, where Glance inspects it', async () => {
  const { cloud, view, folder, director } = given()
  const before = await view.list('image', `images?owner=${view.projectId}`, 'images')
  const answer = await director.call('create_stemcell', [
    await writeStemcellImage(folder),
    { ...stemcellCloudProperties, disk_format: 'qcow2' },
  ])
  if (inspects(cloud.release)) {
    expect(answer.error).toMatchObject({
      type: 'Bosh::Clouds::CloudError',
      message: expect.stringMatching(
        /stemcell's image is not what its disk_format `qcow2' says.*with 415.*disk_format/s,
      ),
    })
  } else {
    expect(answer.error).toBeNull()
    await director.ask('delete_stemcell', [answer.result])
  }
  expect(await view.list('image', `images?owner=${view.projectId}`, 'images')).toEqual(before)
})
