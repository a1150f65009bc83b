import { randomBytes } from 'node:crypto'
import type { JsonObject } from '@openstack-cpi/cpi-core'
import type { FaultRule } from 'fake-openstack'
import { type CloudRecord, made } from './cinder-on-fake.ts'
import type { CallOptions, DriverOnFake } from './driver-on-fake.ts'
import { stemcellImage, withFile } from './stemcell-archive.ts'

const qcow2Signature = Buffer.from([0x51, 0x46, 0x49, 0xfb])

/** The disk inside the archives of `givenStemcell`. Glance inspects how it begins. */
export const rootImage = Buffer.concat([qcow2Signature, randomBytes(300_000 - qcow2Signature.length)])

const properties = {
  name: 'bosh-openstack-kvm-ubuntu-jammy',
  version: '1.785',
  hypervisor: 'kvm',
  disk_format: 'qcow2',
  container_format: 'bare',
  os_type: 'linux',
  auto_disk_config: true,
}

interface GivenStemcell extends CallOptions {
  readonly archive?: Buffer
  readonly cloudProperties?: JsonObject
  readonly tags?: JsonObject
}

/** A stemcell made by the driver, heavy unless told otherwise. Answers its CID. */
export async function givenStemcell(driver: DriverOnFake, given: GivenStemcell = {}): Promise<string> {
  const { archive, cloudProperties = {}, tags = {}, ...call } = given
  return await withFile(archive ?? (await stemcellImage(rootImage)), (imagePath) =>
    driver.call(call).createStemcell({ imagePath, cloudProperties: { ...properties, ...cloudProperties }, tags }),
  )
}

/** The images that the cloud did not have before. */
export const newImages = (driver: DriverOnFake): readonly CloudRecord[] => made(driver, 'images')

/** Something goes wrong with the upload. */
export const onUpload = (effect: FaultRule['do'], more: Partial<FaultRule> = {}): FaultRule => ({
  match: { service: 'image', operation: 'images.upload' },
  do: effect,
  ...more,
})
