/** What a server's metadata says about one pool it belongs to (driver spec §6.6). */
export interface PoolRecord {
  readonly poolId: string
  /** Absent when the creating process died before it had made or recorded the member: then go by the addresses. */
  readonly memberId?: string
}

const plainId = /^[\w-]+$/
const keyPattern = /^lbaas_pool_\d+$/

/** The metadata key of the pool at an index: both existing CPIs count from 1. */
export function poolMetadataKey(index: number): string {
  return `lbaas_pool_${index + 1}`
}

/** `<pool id>/<member id>`, as both existing CPIs write and read it. */
export function poolRecordText(poolId: string, memberId: string): string {
  return `${poolId}/${memberId}`
}

/** Whether a metadata key, in any case, is one that `poolMetadataKey` makes. */
export function isPoolMetadataKey(key: string): boolean {
  return keyPattern.test(key.toLowerCase())
}

/** All pools that the metadata of a server names, also of servers of other CPIs (driver spec §10). */
export function poolRecords(metadata: Readonly<Record<string, string>>): PoolRecord[] {
  return Object.entries(metadata).flatMap(([key, value]) => {
    if (!keyPattern.test(key)) return []
    const [poolId = '', memberId = ''] = value.split('/')
    // Ids become parts of URLs: "<pool id>/.." would lead to the pool itself.
    if (!plainId.test(poolId) || (memberId !== '' && !plainId.test(memberId))) return []
    return [{ poolId, ...(memberId === '' ? {} : { memberId }) }]
  })
}

const tagPattern = /^lbaas-(pool|member)-(\d+):([\w-]+)$/

/**
 * The same as tags of a port, which outlives its server. Two tags, as Neutron allows 60 characters in each.
 * @param index tells several records on one port apart
 */
export function poolRecordTags({ poolId, memberId }: PoolRecord, index: number): string[] {
  return [`lbaas-pool-${index}:${poolId}`, ...(memberId === undefined ? [] : [`lbaas-member-${index}:${memberId}`])]
}

/** Is this one of the tags that `poolRecordTags` writes? */
export const isPoolRecordTag = (tag: string): boolean => tagPattern.test(tag)

/** What `poolRecordTags` wrote. */
export function poolRecordsOfTags(tags: readonly string[]): PoolRecord[] {
  const parts = tags.flatMap((tag) => {
    const [, kind, index, id] = tagPattern.exec(tag) ?? []
    return kind === undefined || index === undefined || id === undefined ? [] : [{ kind, index, id }]
  })
  return [...Map.groupBy(parts, ({ index }) => index).values()].flatMap((group) => {
    const poolId = group.find(({ kind }) => kind === 'pool')?.id
    const memberId = group.find(({ kind }) => kind === 'member')?.id
    return poolId === undefined ? [] : [{ poolId, ...(memberId === undefined ? {} : { memberId }) }]
  })
}
