import * as z from 'zod'
import { ApiError } from '../../kernel/api-error.ts'
import type { Call } from '../../kernel/call.ts'
import { glanceDialect } from '../../kernel/dialects/glance.ts'
import { pythonRepr } from '../../kernel/python-repr.ts'
import { schemaProblem } from '../../kernel/validation.ts'
import type { ImageRecord } from './records.ts'

const diskFormats = ['ami', 'ari', 'aki', 'vhd', 'vhdx', 'vmdk', 'raw', 'qcow2', 'vdi', 'iso', 'ploop'] as const
const containerFormats = ['ami', 'ari', 'aki', 'bare', 'ovf', 'ova', 'docker', 'compressed'] as const

/** Attributes that only Glance itself sets. */
const readOnly = [
  'status',
  'checksum',
  'os_hash_algo',
  'os_hash_value',
  'size',
  'virtual_size',
  'created_at',
  'updated_at',
  'self',
  'file',
  'schema',
  'direct_url',
  'stores',
]

export const imageIdPattern = /^([0-9a-fA-F]){8}-([0-9a-fA-F]){4}-([0-9a-fA-F]){4}-([0-9a-fA-F]){4}-([0-9a-fA-F]){12}$/

/** Types whose refusals name all that is allowed, as the schema of the real service does. */
const described = <T>(problemOf: (value: unknown) => string | undefined) =>
  z
    .custom<T>()
    .superRefine((value, context) => {
      const message = value === undefined ? undefined : problemOf(value)
      if (message !== undefined) context.addIssue({ code: 'custom', message: `${pythonRepr(value)} ${message}` })
    })
    .optional()

const nullOrText = described<string | null>((value) => {
  if (value !== null && typeof value !== 'string') return "is not of type 'null', 'string'"
  return value !== null && value.length > 255 ? 'is too long' : undefined
})

const oneOfOrNull = <V extends string>(values: readonly V[]) =>
  described<V | null>((value) => {
    if (value !== null && typeof value !== 'string') return "is not of type 'null', 'string'"
    const all: readonly (string | null)[] = [null, ...values]
    return all.includes(value) ? undefined : `is not one of ${pythonRepr(all)}`
  })

const integer = described<number>((value) => (Number.isInteger(value) ? undefined : "is not of type 'integer'"))

const settable = z.object({
  id: z.string().regex(imageIdPattern).optional(),
  name: nullOrText,
  visibility: z.enum(['community', 'public', 'private', 'shared']).optional(),
  protected: z.boolean().optional(),
  os_hidden: z.boolean().optional(),
  owner: nullOrText,
  container_format: oneOfOrNull(containerFormats),
  disk_format: oneOfOrNull(diskFormats),
  min_ram: integer,
  min_disk: integer,
  tags: z.array(z.string().max(255)).optional(),
})

/** The body of an image create: fixed attributes, and any other as a text property. */
export const imageSchema = settable.catchall(z.string())

const fixed = new Set(Object.keys(settable.shape))

/** True for attributes that every image has; all others are free properties. */
export const isFixed = (name: string): boolean => fixed.has(name) || readOnly.includes(name)

/** Refuses read-only attributes (403), before anything else is looked at. */
export const refuseReadOnly = (name: string): void => {
  if (readOnly.includes(name)) throw new ApiError(403, `Attribute '${name}' is read-only.`)
}

/** Checks one attribute's new value as the schema of the whole image would. */
export const checkAttribute = (call: Call, name: string, value: unknown): void => {
  const result = imageSchema.safeParse({ [name]: value })
  if (!result.success) {
    const { release } = call.context.settings
    throw glanceDialect.invalid(schemaProblem(result.error, { [name]: value }, release), release)
  }
}

/** Rules beyond the schema, for creating and for updating. */
export const checkRules = (
  call: Call,
  attributes: { min_disk?: number | undefined; min_ram?: number | undefined; visibility?: string | undefined },
  image?: ImageRecord,
): void => {
  for (const name of ['min_disk', 'min_ram'] as const) {
    const value = attributes[name]
    if (value !== undefined && value < 0) {
      throw new ApiError(400, `Invalid value '${value}' for parameter '${name}': Cannot be a negative value`)
    }
  }
  if (attributes.visibility === 'public' && image?.visibility !== 'public' && !call.isAdmin) {
    throw glanceDialect.forbidden('publicize_image')
  }
}

/** Splits a checked body into fixed attributes and free properties, in the order given. */
export const splitProperties = (body: Readonly<Record<string, unknown>>): Record<string, string> => {
  const properties: Record<string, string> = {}
  for (const [name, value] of Object.entries(body)) {
    if (!isFixed(name) && typeof value === 'string') properties[name] = value
  }
  return properties
}

/** `image_property_quota` and `image_tag_quota` of glance-api.conf. */
const mostProperties = 128
const mostTags = 128

export const checkCounts = (properties: object, tags: readonly string[]): void => {
  const count = Object.keys(properties).length
  if (count > mostProperties) throw tooMany('image properties', count, mostProperties)
  if (tags.length > mostTags) throw tooMany('image tags', tags.length, mostTags)
}

const tooMany = (what: string, attempted: number, maximum: number): ApiError =>
  new ApiError(
    413,
    `The limit has been exceeded on the number of allowed ${what}. Attempted: ${attempted}, Maximum: ${maximum}`,
  )

/** Glance's tables have no characters of four bytes; the refusal names the attribute as Python's `title()` does. */
export const checkStorable = (name: unknown, properties: Readonly<Record<string, unknown>>): void => {
  for (const [key, value] of Object.entries({ name, ...properties })) {
    if (isFourByte(key)) throw new ApiError(400, "Property names can't contain 4 byte unicode.")
    if (typeof value === 'string' && isFourByte(value)) {
      const title = key.toLowerCase().replace(/(?<!\p{L})\p{L}/gu, (letter) => letter.toUpperCase())
      throw new ApiError(400, `${title} can't contain 4 byte unicode characters.`)
    }
  }
}

const isFourByte = (text: string): boolean => /[\u{10000}-\u{10FFFF}]/u.test(text)
