import { notFound } from '../../kernel/api-error.ts'
import type { Call } from '../../kernel/call.ts'
import { notModelled } from '../../kernel/not-modelled.ts'
import { ok } from '../../kernel/reply.ts'
import type { Route } from '../../kernel/service.ts'
import { controlServices, hostService, numberOfHost } from './host-services.ts'
import { requireVersion } from './query.ts'
import { servers } from './records.ts'
import { hostsWithZones } from './zones.ts'

/** What a host of the fake has: as much as a host of Nova's own fake driver. */
export const hostCapacity = { vcpus: 1000, ramMiB: 800_000, diskGiB: 600_000 }

const hosts = (call: Call) => hostsWithZones(call.context)

/** Ids are numbers before 2.53 and uuids from then on. */
const idOf = (call: Call, kind: number, n: number): number | string =>
  call.microversion.atLeast('2.53') ? `${kind}0000000-0000-4000-8000-${String(n).padStart(12, '0')}` : n

/** The id of a service of Nova by its number. */
export const serviceId = (call: Call, number: number): number | string => idOf(call, 2, number)

const hypervisor = (call: Call, host: string) => {
  const { disabled, forced_down } = hostService(call.context, host)
  return {
    id: idOf(call, 1, numberOfHost(call.context, host)),
    hypervisor_hostname: host,
    state: forced_down ? 'down' : 'up',
    status: disabled ? 'disabled' : 'enabled',
  }
}

const listHypervisors = (call: Call) => ok({ hypervisors: hosts(call).map(({ host }) => hypervisor(call, host)) })

const detailed = (call: Call, host: string) => {
  const all = call.store.of(servers)
  const used = {
    vcpus: all.sum('hostCores', host),
    ram: all.sum('hostRam', host),
    disk: all.sum('hostDisk', host),
    count: all.count('host', host),
  }
  return {
    ...hypervisor(call, host),
    hypervisor_type: 'fake',
    hypervisor_version: 1000,
    host_ip: '127.0.0.1',
    service: {
      id: serviceId(call, controlServices.length + numberOfHost(call.context, host)),
      host,
      disabled_reason: hostService(call.context, host).disabled_reason,
    },
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

const detailHypervisors = (call: Call) => ok({ hypervisors: hosts(call).map(({ host }) => detailed(call, host)) })

const showHypervisor = (call: Call) => {
  const id = call.param('hypervisor_id')
  const all = hosts(call).map(({ host }) => detailed(call, host))
  const found = all.find((one) => String(one.id) === id)
  if (!found) throw notFound(`Hypervisor with ID '${id}' could not be found.`)
  return ok({ hypervisor: found })
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
  { method: 'GET', path: '/os-hosts', operation: 'hosts.list', handle: listHosts },
]
