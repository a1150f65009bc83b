import * as z from 'zod'
import { ApiError, badRequest, conflict } from '../../kernel/api-error.ts'
import type { Call } from '../../kernel/call.ts'
import type { CloudContext } from '../../kernel/cloud-context.ts'
import { isObject } from '../../kernel/json-schema.ts'
import { defineLifecycle } from '../../kernel/lifecycle.ts'
import { acceptedAsHtml, ok } from '../../kernel/reply.ts'
import type { Route } from '../../kernel/service.ts'
import { isoMicros } from '../../kernel/time-format.ts'
import { ownImage, visibleImage } from './access.ts'
import { type ImageStatus, type ImageTaskRecord, images, imageTasks } from './records.ts'

const importSchema = z.object({
  method: z.object({ name: z.string(), uri: z.string().optional() }),
  stores: z.array(z.string()).optional(),
  all_stores: z.boolean().optional(),
  all_stores_must_succeed: z.boolean().optional(),
})

/** Ends the task that imports an image; answers its id. */
const finishTask = (
  context: CloudContext,
  imageId: string,
  changes: Pick<ImageTaskRecord, 'status' | 'message'>,
): string | undefined => {
  const task = context.store
    .of(imageTasks)
    .where({ image: imageId })
    .findLast((one) => one.status === 'processing')
  if (task) context.store.of(imageTasks).update(task.id, { ...changes, updated_at: context.clock.now() })
  return task?.id
}

/** uploading -> importing -> active; a failed one goes back to `uploading`, as in Glance's import flow. */
export const importImage = defineLifecycle({
  name: 'images.import',
  collection: images,
  steps: [
    {
      name: 'importing',
      afterMs: 100,
      apply: (_image, { context }) => ({ status: 'importing' as const, updated_at: context.clock.now() }),
    },
    {
      name: 'active',
      afterMs: 400,
      apply: (image, { context }) => {
        const { staged, stagedProblem } = image
        if (stagedProblem !== null) {
          finishTask(context, image.id, { status: 'failure', message: stagedProblem })
          return {
            staged: null,
            stagedProblem: null,
            status: 'importing' as const,
            properties: { ...image.properties, os_glance_importing_to_stores: '', os_glance_failed_import: 'file' },
            updated_at: context.clock.now(),
          }
        }
        const taskId = finishTask(context, image.id, {
          status: 'success',
          message: `Copied ${Math.floor((staged?.size ?? 0) / 2 ** 20)} MiB`,
        })
        return {
          ...staged,
          staged: null,
          properties: {
            ...image.properties,
            os_glance_importing_to_stores: '',
            os_glance_failed_import: '',
            ...(taskId === undefined ? {} : { os_glance_import_task: taskId }),
          },
          status: 'active' as const,
          updated_at: context.clock.now(),
        }
      },
    },
  ],
  fail: (image, failure, { context }) => {
    finishTask(context, image.id, { status: 'failure', message: failure.message })
    return {
      status: failure.to as ImageStatus, // a rule may name any status, also one that Glance would not use
      properties: { ...image.properties, os_glance_importing_to_stores: '', os_glance_failed_import: 'file' },
      updated_at: context.clock.now(),
    }
  },
})

/** Glance looks into the method without a look at what it is. */
const checkMethod = (body: unknown): void => {
  if (!isObject(body) || !('method' in body)) throw badRequest("Import request requires a 'method' field.")
  const { method } = body
  if (!isObject(method)) {
    throw new ApiError(500, 'The server has either erred or is incapable of performing the requested operation.')
  }
  if (!('name' in method)) throw badRequest("Import request requires a 'name' field.")
}

const start = (call: Call) => {
  checkMethod(call.rawJson)
  const body = call.json(importSchema)
  const { name } = body.method
  if (name !== 'glance-direct' && name !== 'web-download' && name !== 'copy-image') {
    throw badRequest(`Unknown import method name '${name}'.`)
  }
  const image = ownImage(call, 'modify_image')
  if (name !== 'glance-direct') throw new ApiError(501, `The fake does not model the import method ${name}.`)
  if (image.status !== 'uploading') throw conflict("Image needs to be staged before 'glance-direct' method can be used")
  if (image.disk_format === null) throw badRequest("'disk_format' needs to be set before import")
  if (image.container_format === null) throw badRequest("'container_format' needs to be set before import")
  call.store.of(imageTasks).insert({
    id: call.context.ids.uuid(),
    image_id: image.id,
    status: 'processing',
    owner: call.projectId,
    user_id: call.userId,
    request_id: call.requestId,
    input: { image_id: image.id, import_req: body, backend: ['file'] },
    message: '',
    created_at: call.now,
    updated_at: call.now,
  })
  call.context.lifecycle.start(importImage, image.id)
  return acceptedAsHtml()
}

const twoDaysMs = 172_800_000

const tasks = (call: Call) => {
  const image = visibleImage(call)
  const found = call.store.of(imageTasks).where({ image: image.id })
  return ok({
    tasks: found.map((task) => ({
      id: task.id,
      type: 'api_image_import',
      status: task.status,
      owner: task.owner,
      expires_at: task.status === 'processing' ? null : isoMicros(task.updated_at + twoDaysMs),
      created_at: isoMicros(task.created_at),
      updated_at: isoMicros(task.updated_at),
      deleted_at: null,
      deleted: false,
      image_id: task.image_id,
      request_id: task.request_id,
      user_id: task.user_id,
      input: task.input,
      result: task.status === 'success' ? { image_id: task.image_id } : null,
      message: task.message,
    })),
  })
}

/** https://docs.openstack.org/api-ref/image/v2/#interoperable-image-import */
export const imageImportRoutes: readonly Route[] = [
  { method: 'POST', path: '/images/:image_id/import', operation: 'images.import', handle: start },
  { method: 'GET', path: '/images/:image_id/tasks', operation: 'image-tasks.list', handle: tasks },
]
