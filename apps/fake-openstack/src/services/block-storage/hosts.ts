import type { Call } from '../../kernel/call.ts'
import type { CloudContext } from '../../kernel/cloud-context.ts'

/** Where Cinder itself runs; the back end of a zone is `<this>@<zone>`, its only pool `<this>@<zone>#fake`. */
const controller = 'block-storage'

/** The host of the volumes of a zone, as volumes show it to administrators. */
export const poolOf = (zone: string): string => `${controller}@${zone}#${backend}`

/** What the pools, the volume back ends and their protocol are called. */
export const backend = 'fake'

/** A process of Cinder. */
export interface CinderService {
  readonly binary: 'cinder-volume' | 'cinder-scheduler'
  readonly host: string
  readonly zone: string
}

/** A volume service for each zone, and the scheduler. */
export const cinderServices = ({ settings }: CloudContext): readonly CinderService[] => [
  ...settings.volumeZones.map((zone) => ({ binary: 'cinder-volume' as const, host: `${controller}@${zone}`, zone })),
  { binary: 'cinder-scheduler', host: controller, zone: settings.volumeZones[0] ?? 'nova' },
]

/** The volume service of a host; the name without a back end stands for the first one. */
export const volumeServiceOf = (call: Call, host: string): CinderService | undefined =>
  cinderServices(call.context).find((one) => one.binary === 'cinder-volume' && isAt(one, host))

/** Whether a service is at the host, or is a back end of it. */
export const isAt = (service: CinderService, host: string): boolean =>
  service.host === host || service.host.startsWith(`${host}@`)
