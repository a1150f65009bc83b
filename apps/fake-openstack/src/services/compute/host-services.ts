import type { CloudContext } from '../../kernel/cloud-context.ts'
import { type ComputeServiceRecord, computeServices } from './records.ts'

/** Binaries of Nova that run beside the hypervisors. */
export const controlServices = ['nova-scheduler', 'nova-conductor'] as const

export type HostService = Omit<ComputeServiceRecord, 'id'>

const usual: HostService = { disabled: false, disabled_reason: null, forced_down: false }

/** How administrators have set the compute service of a host. */
export const hostService = (context: CloudContext, host: string): HostService =>
  context.store.of(computeServices).get(host) ?? usual

/** Changes how the compute service of a host is set. One that is set as in the beginning is no resource of the cloud. */
export const changeHostService = (context: CloudContext, host: string, changes: Partial<HostService>): void => {
  const all = context.store.of(computeServices)
  const { disabled, disabled_reason, forced_down } = { ...hostService(context, host), ...changes }
  if (all.has(host)) all.delete(host)
  if (disabled || forced_down) all.insert({ id: host, disabled, disabled_reason, forced_down })
}

/** The number of a host, from 1 on: it stays when the host changes its zone. */
export const numberOfHost = (context: CloudContext, host: string): number =>
  Object.values(context.settings.computeZones).flat().indexOf(host) + 1

/** As the API shows it to administrators (`host_status`). */
export const hostStatus = (context: CloudContext, host: string | null): string => {
  if (host === null) return ''
  const { disabled, forced_down } = hostService(context, host)
  if (forced_down) return 'DOWN'
  return disabled ? 'MAINTENANCE' : 'UP'
}
