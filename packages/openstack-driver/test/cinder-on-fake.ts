import { type DiskCid, diskCid } from '@openstack-cpi/cpi-core'
import type { DriverOnFake } from './driver-on-fake.ts'

/** A record of the fake's store, as a test reads it. */
export type CloudRecord = Readonly<Record<string, unknown>>

/** What the cloud has of a kind and had not at the start. */
export function made({ cloud }: DriverOnFake, kind: string): readonly CloudRecord[] {
  return (cloud.leftovers()[kind] ?? []) as unknown as readonly CloudRecord[] // records of any kind
}

/** A disk of so many GiB, made by the driver. */
export const givenDisk = (driver: DriverOnFake, sizeGiB = 1, type?: string): Promise<DiskCid> =>
  driver.call().createDisk({ sizeMiB: sizeGiB * 1024, cloudProperties: type === undefined ? {} : { type } })

/** A disk CID that no volume has. */
export const absentDisk = diskCid('11111111-1111-4111-8111-111111111111')

/** Brings something into a state that the driver cannot bring it into. */
export function force(driver: DriverOnFake, kind: string, id: string, changes: CloudRecord): void {
  const snapshot = driver.cloud.snapshot()
  const content = Object.entries(snapshot.content).map(([name, records]) => [
    name,
    name === kind ? records.map((record) => (record.id === id ? { ...record, ...changes } : record)) : records,
  ])
  driver.cloud.restore({ ...snapshot, content: Object.fromEntries(content) })
}
