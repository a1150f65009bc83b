import { badRequest, notFound } from '../../kernel/api-error.ts'
import type { Call } from '../../kernel/call.ts'
import { notModelled } from '../../kernel/not-modelled.ts'
import { ok } from '../../kernel/reply.ts'
import type { Route } from '../../kernel/service.ts'
import { isoMicros } from '../../kernel/time-format.ts'
import { backend, cinderServices, poolOf, volumeServiceOf } from './hosts.ts'
import { booleanOf } from './list-query.ts'
import { type SnapshotRecord, snapshots, type VolumeRecord, volumes, volumeTypes } from './records.ts'
import { storedTime } from './volume-view.ts'

const gibibytes = (records: readonly { readonly size: number }[]): number =>
  records.reduce((total, { size }) => total + size, 0)

const volumesIn = (call: Call, zone: string): VolumeRecord[] =>
  call.store
    .of(volumes)
    .all()
    .filter((volume) => volume.availability_zone === zone)

/** What drivers without limits of their own say of a pool. */
const capabilitiesOf = (call: Call, zone: string) => ({
  pool_name: backend,
  total_capacity_gb: 'infinite',
  free_capacity_gb: 'infinite',
  provisioned_capacity_gb: 0,
  reserved_percentage: 100,
  QoS_support: false,
  filter_function: null,
  goodness_function: null,
  consistencygroup_support: false,
  replication_enabled: true,
  group_replication_enabled: true,
  allocated_capacity_gb: gibibytes(volumesIn(call, zone)),
  volume_backend_name: backend,
  storage_protocol: backend,
  vendor_name: 'Open Source',
  driver_version: '3.0.0',
  timestamp: isoMicros(call.now),
})

/** Filters of pools: from 3.28 on by what pools are, from 3.31 on by name and, from 3.35 on, by volume type only. */
const isWanted = (call: Call): ((name: string) => boolean) => {
  if (!call.microversion.atLeast('3.28')) return () => true
  const others = call.query.names.filter((name) => !['name', 'detail'].includes(name))
  const type = call.microversion.atLeast('3.35') ? call.query.get('volume_type') : null
  const unknown = others.filter((name) => name !== 'volume_type' || type === null)
  if (unknown.length > 0 && call.microversion.atLeast('3.31')) {
    throw badRequest(`Invalid filters ${unknown.join(',')} are found in query options.`)
  }
  if (unknown.some((name) => name in capabilitiesOf(call, ''))) return notModelled(call, `?${unknown.join(', ?')}`)
  if (type !== null && !isType(call, type)) throw notFound(`Volume type with name ${type} could not be found.`)
  const name = call.query.get('name')
  return (pool) => unknown.length === 0 && (name === null || name === pool)
}

const isType = (call: Call, type: string): boolean =>
  call.store.of(volumeTypes).has(type) || call.store.of(volumeTypes).count('name', type.toLowerCase()) > 0

const listPools = (call: Call) => {
  const isDetailed = booleanOf(call, 'detail')
  const matches = isWanted(call)
  const pools = call.context.settings.volumeZones.flatMap((zone) => {
    const name = poolOf(zone)
    if (!matches(name)) return []
    return [{ name, ...(isDetailed ? { capabilities: capabilitiesOf(call, zone) } : {}) }]
  })
  return ok({ pools })
}

const property = (title: string, description: string) => ({ title, description, type: 'boolean' })

const showCapabilities = (call: Call) => {
  const service = volumeServiceOf(call, call.param('host'))
  if (!service) throw notFound(`Can't find service: ${call.param('host')}`)
  return ok({
    namespace: `OS::Storage::Capabilities::${service.host}`,
    vendor_name: 'Open Source',
    volume_backend_name: backend,
    pool_name: null,
    driver_version: '3.0.0',
    storage_protocol: backend,
    display_name: null,
    description: null,
    visibility: null,
    replication_targets: [],
    properties: {
      thin_provisioning: property('Thin Provisioning', 'Sets thin provisioning.'),
      compression: property('Compression', 'Enables compression.'),
      qos: property('QoS', 'Enables QoS.'),
      replication_enabled: property('Replication', 'Enables replication.'),
    },
  })
}

const listHosts = (call: Call) => {
  const zone = call.query.get('zone') || undefined
  const hosts = cinderServices(call.context).filter((one) => (zone ?? one.zone) === one.zone)
  return ok({
    hosts: hosts.map((one) => ({
      host_name: one.host,
      service: one.binary,
      zone: one.zone,
      'service-status': 'available',
      'service-state': 'enabled',
      'last-update': storedTime(call.now),
    })),
  })
}

/** Volumes and snapshots on a host: in all, then project by project. */
const showHost = (call: Call) => {
  const host = call.param('host')
  const service = volumeServiceOf(call, host)
  if (!service) throw notFound(`Service cinder-volume could not be found on host ${host}.`)
  const own = volumesIn(call, service.zone)
  const taken = own.flatMap(({ id }) => call.store.of(snapshots).where({ volume: id }))
  const row = (project: string, ofVolumes: readonly VolumeRecord[], ofSnapshots: readonly SnapshotRecord[]) => ({
    resource: {
      host,
      project,
      volume_count: String(ofVolumes.length),
      total_volume_gb: String(gibibytes(ofVolumes)),
      snapshot_count: String(ofSnapshots.length),
      total_snapshot_gb: String(gibibytes(ofSnapshots)),
    },
  })
  const of = <T extends { readonly project_id: string }>(records: readonly T[], project: string): T[] =>
    records.filter(({ project_id }) => project_id === project)
  const projects = [...new Set(own.map(({ project_id }) => project_id))]
  return ok({
    host: [
      row('(total)', own, taken),
      ...projects.map((project) => row(project, of(own, project), of(taken, project))),
    ],
  })
}

/** What administrators see of the storage. https://docs.openstack.org/api-ref/block-storage/v3/#back-end-storage-pools */
export const poolRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/scheduler-stats/get_pools',
    operation: 'pools.list',
    access: { admin: 'scheduler_extension:scheduler_stats:get_pools' },
    handle: listPools,
  },
  {
    method: 'GET',
    path: '/capabilities/:host',
    operation: 'capabilities.show',
    access: { admin: 'volume_extension:capabilities' },
    handle: showCapabilities,
  },
  {
    method: 'GET',
    path: '/os-hosts',
    operation: 'hosts.list',
    access: { admin: 'volume_extension:hosts' },
    handle: listHosts,
  },
  {
    method: 'GET',
    path: '/os-hosts/:host',
    operation: 'hosts.show',
    access: { admin: 'volume_extension:hosts' },
    handle: showHost,
  },
]
