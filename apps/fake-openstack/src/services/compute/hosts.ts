import { notFound } from '../../kernel/api-error.ts'
import type { Call } from '../../kernel/call.ts'
import { notModelled } from '../../kernel/not-modelled.ts'
import { ok } from '../../kernel/reply.ts'
import type { Route } from '../../kernel/service.ts'
import { isoMicros } from '../../kernel/time-format.ts'
import { requireVersion } from './query.ts'
import { servers } from './records.ts'
import { zonesOf } from './zones.ts'

/** Binaries of Nova that run beside the hypervisors. */
export const controlServices = ['nova-scheduler', 'nova-conductor'] as const

/** What a host of the fake has: as much as a host of Nova's own fake driver. */
export const hostCapacity = { vcpus: 1000, ramMiB: 800_000, diskGiB: 600_000 }

const hosts = (call: Call): { zone: string; host: string }[] =>
  Object.entries(zonesOf(call.context)).flatMap(([zone, names]) => names.map((host) => ({ zone, host })))

/** Ids are numbers before 2.53 and uuids from then on. */
const idOf = (call: Call, kind: number, n: number): number | string =>
  call.microversion.atLeast('2.53') ? `${kind}0000000-0000-4000-8000-${String(n).padStart(12, '0')}` : n

const hypervisor = (call: Call, { host }: { host: string }, n: number) => ({
  id: idOf(call, 1, n + 1),
  hypervisor_hostname: host,
  state: 'up',
  status: 'enabled',
})

const listHypervisors = (call: Call) => ok({ hypervisors: hosts(call).map((one, n) => hypervisor(call, one, n)) })

const detailed = (call: Call, one: { host: string }, n: number) => {
  const all = call.store.of(servers)
  const used = {
    vcpus: all.sum('hostCores', one.host),
    ram: all.sum('hostRam', one.host),
    disk: all.sum('hostDisk', one.host),
    count: all.count('host', one.host),
  }
  return {
    ...hypervisor(call, one, n),
    hypervisor_type: 'fake',
    hypervisor_version: 1000,
    host_ip: '127.0.0.1',
    service: { id: idOf(call, 2, n + 3), host: one.host, disabled_reason: null },
    ...(call.microversion.atLeast('2.88')
      ? { uptime: null }
      : {
          vcpus: hostCapacity.vcpus,
          memory_mb: hostCapacity.ramMiB,
          local_gb: hostCapacity.diskGiB,
          vcpus_used: used.vcpus,
          memory_mb_used: used.ram,
          local_gb_used: used.disk,
          free_ram_mb: hostCapacity.ramMiB - used.ram,
          free_disk_gb: hostCapacity.diskGiB - used.disk,
          current_workload: 0,
          running_vms: used.count,
          disk_available_least: 0,
          cpu_info: call.microversion.atLeast('2.28') ? {} : '{}',
        }),
  }
}

const detailHypervisors = (call: Call) => ok({ hypervisors: hosts(call).map((one, n) => detailed(call, one, n)) })

const showHypervisor = (call: Call) => {
  const id = call.param('hypervisor_id')
  const all = hosts(call).map((one, n) => detailed(call, one, n))
  const found = all.find((one) => String(one.id) === id)
  if (!found) throw notFound(`Hypervisor with ID '${id}' could not be found.`)
  return ok({ hypervisor: found })
}

const listServices = (call: Call) => {
  const updated_at = isoMicros(Math.floor(call.now / 1000) * 1000)
  const all = [
    ...controlServices.map((binary) => ({ binary, host: 'controller', zone: 'internal' })),
    ...hosts(call).map(({ host, zone }) => ({ binary: 'nova-compute', host, zone })),
  ]
  const wanted = all.filter(
    (one) =>
      (call.query.get('binary') ?? one.binary) === one.binary && (call.query.get('host') ?? one.host) === one.host,
  )
  return ok({
    services: wanted.map(({ binary, host, zone }) => ({
      binary,
      host,
      id: idOf(call, 2, all.findIndex((one) => one.binary === binary && one.host === host) + 1),
      zone,
      status: 'enabled',
      state: 'up',
      updated_at,
      disabled_reason: null,
      ...(call.microversion.atLeast('2.11') ? { forced_down: false } : {}),
    })),
  })
}

const listHosts = (call: Call) => {
  requireVersion(call, '2.1', '2.43')
  call.requireAdmin('os_compute_api:os-hosts:list')
  return ok({
    hosts: [
      ...controlServices.map((binary) => ({
        host_name: 'controller',
        service: binary.replace('nova-', ''),
        zone: 'internal',
      })),
      ...hosts(call).map(({ host, zone }) => ({ host_name: host, service: 'compute', zone })),
    ],
  })
}

const admin = (rule: string) => ({ admin: `os_compute_api:${rule}` })

/** What admins see of the hosts; read only. */
export const hostRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/os-hypervisors',
    operation: 'hypervisors.list',
    access: admin('os-hypervisors:list'),
    handle: listHypervisors,
  },
  {
    method: 'GET',
    path: '/os-hypervisors/detail',
    operation: 'hypervisors.list-detail',
    access: admin('os-hypervisors:list-detail'),
    handle: detailHypervisors,
  },
  {
    method: 'GET',
    path: '/os-hypervisors/statistics',
    operation: 'hypervisors.statistics',
    endsUnmodelled: true,
    handle: (call) => {
      requireVersion(call, '2.1', '2.88')
      call.requireAdmin('os_compute_api:os-hypervisors:statistics')
      return notModelled(call)
    },
  },
  {
    method: 'GET',
    path: '/os-hypervisors/:hypervisor_id',
    operation: 'hypervisors.show',
    access: admin('os-hypervisors:show'),
    handle: showHypervisor,
  },
  {
    method: 'GET',
    path: '/os-services',
    operation: 'services.list',
    access: admin('os-services:list'),
    handle: listServices,
  },
  { method: 'GET', path: '/os-hosts', operation: 'hosts.list', handle: listHosts },
]
