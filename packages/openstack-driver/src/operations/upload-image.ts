import { Readable } from 'node:stream'
import type { DriverContext } from '../driver-context.ts'
import { detailsOf, foundOrUndefined, hasStatus, OpenStackError } from '../http/openstack-error.ts'
import type { RootImage } from '../stemcell/root-image.ts'

/** Straight into the image, or through Glance's staging area and its import, which may convert the format. */
export type Upload = 'file' | 'import'

const importMethod = 'glance-direct'

/** Imports only where configured and offered by the cloud (driver spec §7.2). */
export async function chooseUpload(ctx: DriverContext): Promise<Upload> {
  if (!ctx.config.stemcellImport) return 'file'
  const offered = (await foundOrUndefined(ctx.services.image.images.importMethods())) ?? []
  if (offered.includes(importMethod)) return 'import'
  ctx.log.warn(`Glance offers no import by "${importMethod}": the stemcell is uploaded without it`)
  return 'file'
}

/**
 * Streams the root image into a queued image. When the connection breaks after the last byte, Glance may be done or busy
 * storing: then it is left to the wait for `active` to tell. What is wrong with the archive rises as it is.
 */
export async function sendRootImage(
  ctx: DriverContext,
  upload: Upload,
  imageId: string,
  rootImage: RootImage,
): Promise<void> {
  const { images } = ctx.services.image
  const reading = watch(rootImage.data, (sentBytes) => ctx.onUpload?.(sentBytes, rootImage.sizeBytes))
  const body = Readable.from(reading.data, { objectMode: false })
  const send = upload === 'file' ? images.upload : images.stage
  try {
    await send(imageId, body, { sizeBytes: rootImage.sizeBytes, onSent: rootImage.release })
    if (upload === 'import') await images.importStaged(imageId)
  } catch (error) {
    if (ctx.signal.aborted) {
      throw new OpenStackError('aborted', `Uploading image \`${imageId}': the call was interrupted`, { cause: error })
    }
    if (reading.failure() !== undefined) throw reading.failure()
    if (!reading.isComplete() || !isWithoutResponse(error)) throw error
    const image = await foundOrUndefined(images.show(imageId))
    if (image === undefined || !['saving', 'importing', 'active'].includes(image.status)) throw error
    ctx.log.info(`Glance did not answer, but image \`${imageId}' is ${image.status}: ${error.message}`)
  } finally {
    body.destroy()
  }
}

/**
 * Since 2025.1 Glance inspects uploads and answers 415 when the content is not in the image's disk_format: then the
 * error that says so, else the error as it is. The CPI always sends the media type that Glance wants.
 */
export function explainRefusedContent(error: unknown, diskFormat: string): unknown {
  if (!hasStatus(error, 415) || error.service !== 'image') return error
  return new OpenStackError(
    'config',
    `The stemcell's image is not what its disk_format \`${diskFormat}' says: ${error.message}. ` +
      'Set disk_format in the cloud properties of the stemcell to the format of its image, or use an intact stemcell',
    detailsOf(error),
  )
}

/** Records how reading the archive ended: the HTTP client only knows that its body broke off. */
function watch(data: AsyncIterable<Buffer>, onRead: (bytes: number) => void) {
  let failure: unknown
  let isComplete = false
  async function* watched(): AsyncGenerator<Buffer, void, undefined> {
    try {
      let bytes = 0
      for await (const chunk of data) {
        yield chunk
        bytes += chunk.length
        onRead(bytes)
      }
      isComplete = true
    } catch (error) {
      failure = error
      throw error
    }
  }
  return { data: watched(), failure: () => failure, isComplete: () => isComplete }
}

function isWithoutResponse(error: unknown): error is OpenStackError {
  if (!(error instanceof OpenStackError)) return false
  return ['ambiguous', 'network', 'timeout'].includes(error.kind) || hasStatus(error, 502, 504)
}
