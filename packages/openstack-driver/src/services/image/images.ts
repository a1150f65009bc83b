import type { Readable } from 'node:stream'
import { firstPollsMs } from '../../http/first-polls.ts'
import { foundOrUndefined, isUnknownPath } from '../../http/openstack-error.ts'
import type { ServiceClient, UploadOptions } from '../../http/service-client.ts'
import { done, failed, type Pace, waitFor, waiting } from '../../http/waiter.ts'

/** An image; its own properties stand beside these keys. */
export interface GlanceImage {
  readonly id: string
  readonly name: string | null
  /** `queued`, `saving`, `uploading`, `importing`, `active`, `killed`, `deleted`, `pending_delete`, `deactivated`. */
  readonly status: string
  readonly visibility: string
  readonly disk_format: string | null
  readonly container_format: string | null
  /** Bytes. */
  readonly size: number | null
  readonly virtual_size: number | null
  /** GiB. */
  readonly min_disk: number
  /** MiB. */
  readonly min_ram: number
  readonly checksum: string | null
  readonly owner: string | null
  readonly tags: readonly string[]
  /** Stores that failed in an import, comma separated. */
  readonly os_glance_failed_import?: string
  /** On which bus Nova puts the disks of a server of this image, for example `virtio` or `scsi`. */
  readonly hw_disk_bus?: string
  readonly [property: string]: unknown
}

export interface ImageCreate {
  readonly name: string
  readonly disk_format: string
  readonly container_format: string
  readonly visibility: 'private' | 'public' | 'shared' | 'community'
  readonly tags?: readonly string[]
  /** Properties of the image, strings. */
  readonly [property: string]: string | readonly string[] | undefined
}

export interface ImageQuery {
  readonly name?: string
  readonly status?: string
  readonly visibility?: string
  readonly owner?: string
  readonly tag?: string
  readonly hw_disk_bus?: string
}

const listed = (client: ServiceClient, query: ImageQuery): AsyncIterable<GlanceImage> =>
  client.pages('images', { ...query }, { key: 'images', style: 'next' })

/** Glance images. https://docs.openstack.org/api-ref/image/v2/#images */
const images = (client: ServiceClient) => {
  const path = (id: string): string => `images/${encodeURIComponent(id)}`
  const remove = (id: string): Promise<void> => client.delete(path(id), { expect: 204 })

  return {
    /**
     * Makes a `queued` image.
     * @param uniqueTag a tag of no other image, so that the image can be looked up when no response is received: stemcell
     *   names are not unique
     */
    create: (image: ImageCreate, uniqueTag: string) =>
      client.post<GlanceImage>(
        'images',
        { ...image, tags: [...(image.tags ?? []), uniqueTag] },
        { expect: 201, repeat: 'lookup' },
      ),
    show: (id: string) => client.get<GlanceImage>(path(id)),
    list: (query: ImageQuery = {}) => listed(client, query),
    delete: remove,
    /** Sets all tags of the image; the answer is the image as it is then. */
    replaceTags: (id: string, tags: readonly string[]) =>
      client.patch<GlanceImage>(path(id), [{ op: 'replace', path: '/tags', value: tags }], {
        contentType: 'application/openstack-images-v2.1-json-patch',
        repeat: 'safe',
      }),
    /** Streams the image's bytes. Cannot be resumed or repeated. */
    upload: (id: string, body: Readable, options: UploadOptions = {}) =>
      client.upload(`${path(id)}/file`, body, { expect: 204, ...options }),
    /** Streams the bytes to the staging area, for `importStaged`. */
    stage: (id: string, body: Readable, options: UploadOptions = {}) =>
      client.upload(`${path(id)}/stage`, body, { expect: 204, ...options }),
    /** Starts the import (method `glance-direct`), in which the cloud may convert the format. */
    importStaged: (id: string) =>
      client.post<void>(`${path(id)}/import`, { method: { name: 'glance-direct' } }, { expect: 202 }),
    /** The import methods the cloud offers; none where Glance is too old for imports. */
    importMethods: async (): Promise<readonly string[]> => {
      try {
        const info = await client.get<{ 'import-methods'?: { value?: readonly string[] } }>('info/import')
        return info['import-methods']?.value ?? []
      } catch (error) {
        if (isUnknownPath(error)) return []
        throw error
      }
    },
  }
}

export type Images = ReturnType<typeof images>

/** Waits until the image is `active` (driver spec §3.6). */
export const waitForImage = (images: Images, id: string, pace: Pace): Promise<GlanceImage> =>
  waitFor<GlanceImage, GlanceImage>(pace, {
    what: `Image \`${id}'`,
    target: 'active',
    isJustMade: true,
    // An upload is answered when the bytes are stored; most backends need nothing more.
    firstPollMs: firstPollsMs.mayHoldAlready,
    poll: () => foundOrUndefined(images.show(id)),
    state: (image) => image.status.toLowerCase(),
    classify: (image, state) => {
      if (state === 'active') return done(image)
      if (['killed', 'deleted', 'pending_delete', 'deactivated'].includes(state)) return failed()
      if (image.os_glance_failed_import !== undefined && image.os_glance_failed_import !== '') {
        return failed(`The import failed in store ${image.os_glance_failed_import}`)
      }
      return waiting
    },
  })

/** Glance. https://docs.openstack.org/api-ref/image/v2/ */
export const image = (client: ServiceClient) => ({ images: images(client) })

export type Image = ReturnType<typeof image>
