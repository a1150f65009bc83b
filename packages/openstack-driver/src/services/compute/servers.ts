import { isJsonObject } from '@openstack-cpi/cpi-core'
import * as z from 'zod/mini'
import { firstPollsMs } from '../../http/first-polls.ts'
import { foundOrUndefined, hasStatus, type OpenStackError } from '../../http/openstack-error.ts'
import { answerReader, metadata, readEach, textOrEmpty } from '../../http/read-answer.ts'
import { collect, type ServiceClient } from '../../http/service-client.ts'
import { done, failed, type Pace, waitFor, waiting } from '../../http/waiter.ts'

/** A server as Nova shows it up to microversion 2.46. */
export interface Server {
  readonly id: string
  readonly name: string
  /** `ACTIVE`, `BUILD`, `ERROR`, `DELETED`, `SHUTOFF`, … */
  readonly status: string
  readonly created: string
  readonly updated: string
  readonly flavor: { readonly id?: string; readonly ephemeral?: number; readonly swap?: number }
  /** `""` when booted from a volume. */
  readonly image: { readonly id: string } | ''
  readonly key_name: string | null
  readonly metadata: Readonly<Record<string, string>>
  /** By network name; empty until the server is active. */
  readonly addresses: Readonly<Record<string, readonly ServerAddress[]>>
  /** `"True"`, or `""` without one. */
  readonly config_drive: string
  readonly fault?: ServerFault
  readonly locked?: boolean
  readonly tags?: readonly string[]
  readonly 'OS-EXT-AZ:availability_zone'?: string
  /** Read it with `taskOf`: an extension that a cloud may lack. */
  readonly 'OS-EXT-STS:task_state'?: string | null
  readonly 'OS-EXT-SRV-ATTR:root_device_name'?: string
  /** Missing where the cloud lacks the extension: `volumes-of-server` asks for the attachments then. */
  readonly 'os-extended-volumes:volumes_attached'?: readonly AttachedVolume[] | null
}

export interface AttachedVolume {
  readonly id: string
  /** From 2.3. */
  readonly delete_on_termination?: boolean
}

export interface ServerAddress {
  readonly addr: string
  readonly version: 4 | 6
  readonly 'OS-EXT-IPS:type': 'fixed' | 'floating'
  readonly 'OS-EXT-IPS-MAC:mac_addr': string
}

export interface ServerFault {
  readonly code: number
  readonly message: string
  readonly details?: string
}

/** What a create answers: the rest is not known yet. */
export interface CreatedServer {
  readonly id: string
}

export interface BlockDeviceMapping {
  readonly boot_index: number
  readonly uuid: string
  readonly source_type: 'image' | 'volume' | 'snapshot'
  readonly destination_type: 'volume' | 'local'
  readonly volume_size?: number
  readonly delete_on_termination: boolean
  /** From 2.67. */
  readonly volume_type?: string
}

export interface ServerCreate {
  readonly name: string
  readonly flavorRef: string
  /** Left out with a boot volume. */
  readonly imageRef?: string
  readonly key_name?: string
  readonly availability_zone?: string
  /** base64, at most 65535 characters. */
  readonly user_data?: string
  readonly config_drive?: boolean
  readonly security_groups?: readonly { readonly name: string }[]
  /** A list, or from 2.37 `auto` or `none`. */
  readonly networks?: readonly ({ readonly port: string } | { readonly uuid: string })[] | 'auto' | 'none'
  readonly block_device_mapping_v2?: readonly BlockDeviceMapping[]
  readonly metadata?: Readonly<Record<string, string>>
  /** From 2.52. */
  readonly tags?: readonly string[]
}

export interface ServerQuery {
  /** A regular expression: anchor and escape it. */
  readonly name?: string
  readonly status?: string
}

/** What decides about a server. Attributes of extensions may be missing or null: that means unknown. */
const serverShape = () => ({
  id: z.string(),
  metadata,
  image: z.pipe(
    z.optional(z.unknown()),
    z.transform((given) => (isJsonObject(given) && typeof given['id'] === 'string' ? given : '')),
  ),
  'OS-EXT-STS:task_state': z.optional(z.nullable(z.string())),
  'os-extended-volumes:volumes_attached': z.optional(z.nullable(z.array(z.looseObject({ id: z.string() })))),
})
const readShown = answerReader<Server>('server', () => z.looseObject({ ...serverShape(), status: z.string() }))
const readListed = answerReader<Server>('server', () => z.looseObject({ ...serverShape(), status: textOrEmpty }))

const listed = (client: ServiceClient, query: ServerQuery, microversion?: string): AsyncIterable<Server> =>
  readEach(
    client.pages(
      'servers/detail',
      { ...query },
      { key: 'servers', ...(microversion === undefined ? {} : { microversion }) },
    ),
    readListed,
  )

/** Nova servers. https://docs.openstack.org/api-ref/compute/#servers-servers */
export const servers = (client: ServiceClient) => {
  const path = (id: string): string => `servers/${encodeURIComponent(id)}`
  const action = (id: string, body: Readonly<Record<string, unknown>>): Promise<void> =>
    client.post(`${path(id)}/action`, body, { expect: [200, 202], repeat: 'lookup' })
  const remove = (id: string): Promise<void> => client.delete(path(id), { expect: 204 })
  const show = async (id: string, options: { readonly microversion?: string }): Promise<Server> =>
    readShown(await client.get(path(id), { pick: 'server', ...options }))

  return {
    /** @param hints sent as `os:scheduler_hints` */
    create: (server: ServerCreate, hints?: Readonly<Record<string, unknown>>, microversion?: string) =>
      client.post<CreatedServer>(
        'servers',
        { server, ...(hints === undefined ? {} : { 'os:scheduler_hints': hints }) },
        { expect: 202, pick: 'server', repeat: 'lookup', ...(microversion === undefined ? {} : { microversion }) },
      ),
    show: (id: string) => show(id, {}),
    /** With `delete_on_termination` of each attached volume; needs 2.3. */
    showWithVolumes: (id: string) => show(id, { microversion: '2.3' }),
    list: (query: ServerQuery = {}) => listed(client, query),
    /** All servers, as `showWithVolumes` shows one. */
    listWithVolumes: () => listed(client, {}, '2.3'),
    /** Servers with this name, and all others in a cloud that ignores the filter, which is a regular expression. */
    named: (name: string) => collect(listed(client, { name: `^${escapeRegExp(name)}$` })),
    update: (id: string, changes: { readonly name: string }) =>
      client.put<Server>(path(id), { server: changes }, { expect: 200, pick: 'server' }),
    delete: remove,
    reboot: (id: string, type: 'SOFT' | 'HARD') => action(id, { reboot: { type } }),
    start: (id: string) => action(id, { 'os-start': null }),
    forceDelete: (id: string) => action(id, { forceDelete: null }),
    unpause: (id: string) => action(id, { unpause: null }),
    resume: (id: string) => action(id, { resume: null }),
    unshelve: (id: string) => action(id, { unshelve: null }),
    unrescue: (id: string) => action(id, { unrescue: null }),
    /** Merges: keys not named stay. */
    setMetadata: (id: string, metadata: Readonly<Record<string, string>>) =>
      client.post<Record<string, string>>(
        `${path(id)}/metadata`,
        { metadata },
        { expect: 200, pick: 'metadata', repeat: 'safe' },
      ),
    /** Replaces all tags; needs 2.26. */
    setTags: (id: string, tags: readonly string[]) =>
      client.put<string[]>(`${path(id)}/tags`, { tags }, { expect: 200, pick: 'tags', microversion: '2.26' }),
  }
}

export type Servers = ReturnType<typeof servers>

/**
 * Waits until the server is `ACTIVE` (driver spec §3.6). Throws kind `unexpected-state` with Nova's fault when it becomes
 * `ERROR` or `DELETED`, `wait-timeout` after `pace.timeoutMs`. Nova writes the fault a moment after the status: an `ERROR`
 * without one is read one more time.
 * @param isReady what else must hold, for example that a reboot is over; default: nothing
 */
export const waitForServer = (
  servers: Servers,
  id: string,
  pace: Pace,
  isReady: (server: Server) => boolean = () => true,
): Promise<Server> => {
  let errorsWithoutFault = 0
  return waitFor<Server, Server>(pace, {
    what: `Server \`${id}'`,
    target: 'active',
    firstPollMs: firstPollsMs.serverCreated,
    isJustMade: true,
    poll: () => foundOrUndefined(servers.show(id)),
    state: serverState,
    classify: (server) => {
      const status = server.status.toUpperCase()
      if (status === 'ERROR' && server.fault === undefined && errorsWithoutFault++ === 0) return waiting
      if (status === 'ERROR' || status === 'DELETED') return failed(faultText(server.fault))
      return status === 'ACTIVE' && isReady(server) ? done(server) : waiting
    },
  })
}

/** How long Nova may show a server as `DELETED` before that counts as its end, in milliseconds. */
const longestDeletedMs = 30_000

/**
 * Waits until the server is gone or soft-deleted. A server in `ERROR` without a running task will not be removed by
 * itself: the DELETE is sent once more (driver spec §3.6 b). `DELETED` is not yet the end: Nova shows it before it frees
 * what Placement has for the server, and where that fails the server comes back in `ERROR`.
 * @returns `soft-deleted` when Nova keeps the server, with its ports and disks, for `reclaim_instance_interval`
 */
export const waitForServerDeleted = (servers: Servers, id: string, pace: Pace): Promise<'gone' | 'soft-deleted'> => {
  let deletedAgain = false
  let deletedSinceMs: number | undefined
  const isDeletedForGood = (server: Server): boolean => {
    deletedSinceMs = isServerGone(server) ? (deletedSinceMs ?? pace.clock.monotonicMs()) : undefined
    return deletedSinceMs !== undefined && pace.clock.monotonicMs() - deletedSinceMs >= longestDeletedMs
  }
  return waitFor<Server, 'gone' | 'soft-deleted'>(pace, {
    what: `Server \`${id}'`,
    target: 'deleted',
    firstPollMs: firstPollsMs.serverDeleted,
    poll: async () => {
      const server = await foundOrUndefined(servers.show(id))
      if (server?.status.toUpperCase() === 'ERROR' && taskOf(server) === undefined && !deletedAgain) {
        deletedAgain = true
        await foundOrUndefined(servers.delete(id))
      }
      return server
    },
    state: serverState,
    classify: (server) => {
      if (isServerSoftDeleted(server)) return done('soft-deleted')
      return isDeletedForGood(server) ? done('gone') : waiting
    },
    whenGone: () => 'gone',
  })
}

/** Waits until a soft-deleted server is gone for good. */
export const waitForServerPurged = (servers: Servers, id: string, pace: Pace): Promise<void> =>
  waitFor<Server, void>(pace, {
    what: `Server \`${id}'`,
    target: 'deleted for good',
    firstPollMs: firstPollsMs.serverDeleted,
    poll: () => foundOrUndefined(servers.show(id)),
    state: serverState,
    classify: (server) => (isServerGone(server) ? done(undefined) : waiting),
    whenGone: () => undefined,
  })

/** Whether the server is deleted, for good or softly (driver spec §7.6). */
export const isServerDeleted = (server: Server): boolean => isServerGone(server) || isServerSoftDeleted(server)

/** Whether Nova only shows the record of a server that is gone: since 2025.1 for several seconds. */
export const isServerGone = (server: Server): boolean => ['DELETED', 'TERMINATED'].includes(server.status.toUpperCase())

/** Whether Nova keeps the deleted server, with its ports and disks, for `reclaim_instance_interval`. */
export const isServerSoftDeleted = (server: Server): boolean => server.status.toUpperCase() === 'SOFT_DELETED'

/** Did Nova give the server a config drive? */
export const hasConfigDrive = (server: Server): boolean => server.config_drive === 'True'

/** What Nova is doing with the server; undefined when nothing, or when this cloud does not tell. */
export const taskOf = (server: Server): string | undefined => server['OS-EXT-STS:task_state'] ?? undefined

const serverState = (server: Server): string => {
  const task = taskOf(server)
  return server.status.toLowerCase() + (task === undefined ? '' : ` (${task})`)
}

const faultText = (fault: ServerFault | undefined): string | undefined =>
  fault === undefined ? undefined : [fault.message, fault.details].filter(Boolean).join('\n')

const escapeRegExp = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')

/** "Maximum number of metadata items exceeds 128": 403, and the word quota does not occur (driver spec §7.8). */
export function isMetadataQuota(error: unknown): error is OpenStackError {
  return hasStatus(error, 403, 413) && /metadata items|quota.*metadata/i.test(error.fault?.message ?? '')
}
