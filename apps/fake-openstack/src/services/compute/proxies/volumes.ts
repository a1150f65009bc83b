import * as z from 'zod'
import { type ApiError, badRequest, forbidden, notFound } from '../../../kernel/api-error.ts'
import type { Call, PeerRequest } from '../../../kernel/call.ts'
import { accepted, ok } from '../../../kernel/reply.ts'
import type { Route } from '../../../kernel/service.ts'
import { booleanWord } from '../query.ts'
import { cinderWords, limited, proxy, translated, unexpectedError } from './proxy-answers.ts'

const text = z.string().nullable()

const cinderVolume = z.object({
  id: z.string(),
  status: z.string(),
  size: z.number(),
  availability_zone: z.string(),
  created_at: text,
  name: text,
  description: text,
  volume_type: text,
  snapshot_id: text,
  metadata: z.record(z.string(), z.string()),
  attachments: z.array(z.object({ server_id: text, device: text })),
})

const cinderSnapshot = z.object({
  id: z.string(),
  volume_id: z.string(),
  status: z.string(),
  size: z.number(),
  created_at: text,
  name: text,
  description: text,
})

const volumeView = (volume: z.infer<typeof cinderVolume>) => {
  const [attachment] = volume.attachments
  return {
    id: volume.id,
    status: volume.status,
    size: volume.size,
    availabilityZone: volume.availability_zone,
    createdAt: volume.created_at,
    attachments: [
      attachment
        ? {
            id: volume.id,
            volumeId: volume.id,
            serverId: attachment.server_id,
            ...(attachment.device === null ? {} : { device: attachment.device }),
          }
        : {},
    ],
    displayName: volume.name,
    displayDescription: volume.description,
    volumeType: volume.volume_type,
    snapshotId: volume.snapshot_id,
    metadata: volume.metadata,
  }
}

const snapshotView = (snapshot: z.infer<typeof cinderSnapshot>) => ({
  id: snapshot.id,
  volumeId: snapshot.volume_id,
  status: snapshot.status,
  size: snapshot.size,
  createdAt: snapshot.created_at,
  displayName: snapshot.name,
  displayDescription: snapshot.description,
})

/** What Nova makes of Cinder's refusals; `missing` words a 404. */
const refused =
  (call: Call, missing: string | undefined) =>
  (error: ApiError): ApiError => {
    if (error.status === 400) return badRequest(`Invalid input received: ${cinderWords(call, error)}`)
    if (error.status === 404 && missing !== undefined) return notFound(missing)
    if (error.status === 404) return unexpectedError('nova.exception.NotFound')
    return error.status === 413 ? forbidden(error.message) : unexpectedError('cinderclient.exceptions.ClientException')
  }

const askCinder = <T>(
  call: Call,
  schema: z.ZodType<T>,
  request: Pick<PeerRequest, 'method' | 'path' | 'body'>,
  missing?: string,
): T =>
  translated(
    () => call.ask(schema, { service: 'block-storage', ...request, path: `/v3/${call.projectId}${request.path}` }),
    refused(call, missing),
  )

const pathOf = (collection: string, id: string): string => `/${collection}/${encodeURIComponent(id)}`

const noVolume = (id: string): string => `Volume ${id} could not be found.`
const noSnapshot = (id: string): string => `Snapshot ${id} could not be found.`

const list = (call: Call) => {
  const { volumes } = askCinder(call, z.object({ volumes: z.array(cinderVolume) }), {
    method: 'GET',
    path: '/volumes/detail',
  })
  return ok({ volumes: limited(call, volumes).map(volumeView) })
}

const show = (call: Call) => {
  const id = call.param('id')
  const request = { method: 'GET', path: pathOf('volumes', id) } as const
  const { volume } = askCinder(call, z.object({ volume: cinderVolume }), request, noVolume(id))
  return ok({ volume: volumeView(volume) })
}

const volumeBody = z.object({
  volume: z.object({
    size: z.unknown().optional(),
    display_name: text.optional(),
    display_description: text.optional(),
    snapshot_id: z.string().optional(),
    volume_type: z.string().optional(),
    metadata: z.record(z.string(), z.string()).nullish(),
    availability_zone: z.string().optional(),
  }),
})

const snapshotOf = (call: Call, id: string) =>
  askCinder(
    call,
    z.object({ snapshot: cinderSnapshot }),
    { method: 'GET', path: pathOf('snapshots', id) },
    noSnapshot(id),
  ).snapshot

const create = (call: Call) => {
  const { volume: asked } = call.json(volumeBody)
  const snapshot = asked.snapshot_id === undefined ? undefined : snapshotOf(call, asked.snapshot_id)
  const body = {
    volume: {
      size: asked.size ?? snapshot?.size ?? null,
      name: asked.display_name ?? null,
      description: asked.display_description ?? null,
      snapshot_id: snapshot?.id ?? null,
      volume_type: asked.volume_type ?? null,
      metadata: asked.metadata ?? {},
      availability_zone: asked.availability_zone ?? null,
    },
  }
  const request = { method: 'POST', path: '/volumes', body } as const
  const { volume } = askCinder(call, z.object({ volume: cinderVolume }), request)
  return ok({ volume: volumeView(volume) }, { location: `${call.url.href}/${volume.id}` })
}

const remove = (call: Call) => {
  const id = call.param('id')
  askCinder(call, z.undefined(), { method: 'DELETE', path: pathOf('volumes', id) }, noVolume(id))
  return accepted()
}

const listSnapshots = (call: Call) => {
  const { snapshots } = askCinder(call, z.object({ snapshots: z.array(cinderSnapshot) }), {
    method: 'GET',
    path: '/snapshots/detail',
  })
  return ok({ snapshots: limited(call, snapshots).map(snapshotView) })
}

const showSnapshot = (call: Call) => ok({ snapshot: snapshotView(snapshotOf(call, call.param('id'))) })

const snapshotBody = z.object({
  snapshot: z.object({
    volume_id: z.string(),
    display_name: text.optional(),
    display_description: text.optional(),
    force: z.unknown().optional(),
  }),
})

const createSnapshot = (call: Call) => {
  const { snapshot: asked } = call.json(snapshotBody)
  const body = {
    snapshot: {
      volume_id: asked.volume_id,
      force: asked.force !== undefined && booleanWord(String(asked.force)),
      name: asked.display_name ?? null,
      description: asked.display_description ?? null,
      metadata: {},
    },
  }
  const request = { method: 'POST', path: '/snapshots', body } as const
  const { snapshot } = askCinder(call, z.object({ snapshot: cinderSnapshot }), request)
  return ok({ snapshot: snapshotView(snapshot) })
}

const removeSnapshot = (call: Call) => {
  const id = call.param('id')
  askCinder(call, z.undefined(), { method: 'DELETE', path: pathOf('snapshots', id) }, noSnapshot(id))
  return accepted()
}

/** https://docs.openstack.org/api-ref/compute/#volume-extension-os-volumes-os-snapshots-deprecated */
export const volumeProxyRoutes: readonly Route[] = [
  { method: 'GET', path: '/os-volumes', operation: 'volumes.list', handle: proxy(list) },
  { method: 'GET', path: '/os-volumes/detail', operation: 'volumes.list-detail', handle: proxy(list) },
  { method: 'POST', path: '/os-volumes', operation: 'volumes.create', handle: proxy(create) },
  { method: 'GET', path: '/os-volumes/:id', operation: 'volumes.show', handle: proxy(show) },
  { method: 'DELETE', path: '/os-volumes/:id', operation: 'volumes.delete', handle: proxy(remove) },
  { method: 'GET', path: '/os-snapshots', operation: 'snapshots.list', handle: proxy(listSnapshots) },
  { method: 'GET', path: '/os-snapshots/detail', operation: 'snapshots.list-detail', handle: proxy(listSnapshots) },
  { method: 'POST', path: '/os-snapshots', operation: 'snapshots.create', handle: proxy(createSnapshot) },
  { method: 'GET', path: '/os-snapshots/:id', operation: 'snapshots.show', handle: proxy(showSnapshot) },
  { method: 'DELETE', path: '/os-snapshots/:id', operation: 'snapshots.delete', handle: proxy(removeSnapshot) },
]
