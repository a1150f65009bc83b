import { CpiError, type CreateStemcell, type Json, type StemcellCid, stemcellCid } from '@openstack-cpi/cpi-core'
import type { DriverContext } from '../driver-context.ts'
import { detailsOf, foundOrUndefined, hasStatus, isQuota, OpenStackError } from '../http/openstack-error.ts'
import { collect } from '../http/service-client.ts'
import { createRecognisable } from '../operations/ambiguous-request.ts'
import { chooseUpload, explainRefusedContent, sendRootImage, type Upload } from '../operations/upload-image.ts'
import { finishPendingResult } from '../pending-results.ts'
import { isResourceId, lightStemcellCid } from '../planning/cids.ts'
import { originOf, uploadTagPrefix } from '../planning/creation-marks.ts'
import { type ImagePlan, planImage } from '../planning/image-properties.ts'
import { hasTag } from '../planning/ownership.ts'
import { withRollback } from '../rollback.ts'
import { type GlanceImage, waitForImage } from '../services/image/images.ts'
import { openRootImage } from '../stemcell/root-image.ts'

/** An upload cannot be resumed: a failed one is removed and started over, at most once (driver spec §7.2). */
const maxUploads = 2
const pauseMs = 3_000

/**
 * `create_stemcell` (driver spec §7.2, contract §6.2). A light stemcell's image is checked and left alone; a heavy one is
 * streamed out of its archive into Glance.
 */
export async function createStemcell(ctx: DriverContext, request: CreateStemcell): Promise<StemcellCid> {
  const lightImage = request.cloudProperties['image_id']
  if (lightImage !== undefined && lightImage !== null) return await lightStemcell(ctx, lightImage)
  const plan = planImage({
    cloudProperties: request.cloudProperties,
    tags: request.tags,
    isPublic: ctx.config.stemcellPublicVisibility,
    ...(ctx.config.tagResources ? { origin: originOf(ctx.call) } : {}),
  })
  const upload = await chooseUpload(ctx)
  for (let uploads = 1; ; uploads++) {
    const left: Left = {}
    try {
      return await heavyStemcell(ctx, plan, upload, request.imagePath, left)
    } catch (error) {
      if (uploads === maxUploads || left.imageId !== undefined || !isWorthRepeating(error)) throw error
      const waitMs = error.retryAfterMs ?? pauseMs
      if (error.retryAfterMs !== undefined && !ctx.waitBudget.take(waitMs)) throw waitTooLong(error)
      ctx.log.warn(`The upload of the stemcell failed and is started over: ${error.message}`)
      await ctx.clock.sleep(waitMs, ctx.signal)
    }
  }
}

const waitTooLong = (error: OpenStackError): OpenStackError =>
  new OpenStackError(
    'rate-limited',
    `The service asks to wait for ${(error.retryAfterMs ?? 0) / 1000} s, which is more than the call has left of ` +
      `rate_limit_timeout: ${error.message}`,
    detailsOf(error),
  )

/** An image of a failed attempt that could not be removed. */
interface Left {
  imageId?: string
}

async function lightStemcell(ctx: DriverContext, imageId: Json): Promise<StemcellCid> {
  const isId = typeof imageId === 'string' && isResourceId(imageId)
  const image = isId ? await foundOrUndefined(ctx.services.image.images.show(imageId)) : undefined
  if (image?.status !== 'active') {
    const seen = image === undefined ? '' : ` Its state is ${image.status}.`
    throw new CpiError(
      'CloudError',
      `No active image with id '${String(imageId)}' referenced by light stemcell found in OpenStack.${seen}`,
    )
  }
  return lightStemcellCid(image.id)
}

async function heavyStemcell(
  ctx: DriverContext,
  plan: ImagePlan,
  upload: Upload,
  archivePath: string,
  left: Left,
): Promise<StemcellCid> {
  const rootImage = await openRootImage(archivePath, ctx.signal)
  try {
    return await withRollback(ctx, async (rollback) => {
      const unfinishedTag = `${uploadTagPrefix}${ctx.random.uuid()}`
      const wanted = {
        ...plan.properties,
        name: plan.name,
        disk_format: plan.diskFormat,
        container_format: plan.containerFormat,
        visibility: plan.visibility,
      }
      const image = await createRecognisable<GlanceImage>(ctx, rollback, {
        what: `image ${plan.name}`,
        label: ({ id }) => `image ${id}`,
        create: ({ services }) => services.image.images.create(wanted, unfinishedTag),
        find: async ({ services }) =>
          (await collect(services.image.images.list({ tag: unfinishedTag }))).filter(hasTag(unfinishedTag)),
        remove: async (cleanup, { id }) => {
          await foundOrUndefined(cleanup.services.image.images.delete(id))
          delete left.imageId
        },
      })
      left.imageId = image.id
      await sendRootImage(ctx, upload, image.id, rootImage).catch((error: unknown) => {
        throw explainRefusedContent(error, plan.diskFormat)
      })
      await finishPendingResult(ctx.pendingResults, { kind: 'image', id: image.id }, () =>
        finishImage(ctx, { id: image.id, unfinishedTag, upload, sizeBytes: rootImage.sizeBytes }),
      )
      return stemcellCid(image.id)
    })
  } finally {
    await rootImage.close()
  }
}

/**
 * Sees that the image is active and has all its bytes, and takes its mark off. A plain upload is answered when it is
 * done, so that the answer of the one tells of the other; where it is not, the mark is put back for the time of the wait.
 */
async function finishImage(
  ctx: DriverContext,
  sent: { readonly id: string; readonly unfinishedTag: string; readonly upload: Upload; readonly sizeBytes: number },
): Promise<void> {
  const { images } = ctx.services.image
  const { id, unfinishedTag, upload, sizeBytes } = sent
  const isWhole = ({ size }: GlanceImage) => upload !== 'file' || size === null || size === sizeBytes
  if (upload === 'file') {
    const stored = await images.replaceTags(id, [])
    if (stored.status === 'active' && isWhole(stored)) return
    await images.replaceTags(id, [unfinishedTag])
  }
  const active = await waitForImage(images, id, ctx.pace)
  if (!isWhole(active)) {
    throw new OpenStackError(
      'unexpected-state',
      `Image \`${id}' has ${active.size} of ${sizeBytes} bytes after the upload`,
    )
  }
  await images.replaceTags(id, [])
}

/** Could the same upload go well a moment later? Not when the archive, the rights or the quota are the reason. */
function isWorthRepeating(error: unknown): error is OpenStackError {
  if (!(error instanceof OpenStackError)) return false
  // The token ended on the way; that of a refused login would again.
  if (error.kind === 'auth') return error.service !== 'identity'
  if (isQuota(error)) return false
  // A 413 without a time is about the size, with one about the rate.
  if (hasStatus(error, 413)) return error.retryAfterMs !== undefined
  if (error.kind === 'http') return (error.status ?? 0) >= 500 || hasStatus(error, 404, 408, 409, 410, 429)
  return ['ambiguous', 'network', 'timeout', 'unexpected-state'].includes(error.kind)
}
