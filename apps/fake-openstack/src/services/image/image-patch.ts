import { ApiError } from '../../kernel/api-error.ts'
import type { Call } from '../../kernel/call.ts'
import { ok } from '../../kernel/reply.ts'
import { ownImage } from './access.ts'
import { checkAttribute, checkCounts, checkRules, checkStorable, isFixed, refuseReadOnly } from './attributes.ts'
import { imageDocument } from './document.ts'
import { type ImageRecord, images } from './records.ts'
import { rulesOf } from './release-rules.ts'

/** In the older form the operation is the key of its path: `{"replace": "/name", "value": "x"}`. */
const olderType = 'application/openstack-images-v2.0-json-patch'
const patchTypes = [olderType, 'application/openstack-images-v2.1-json-patch']
const operations = ['add', 'remove', 'replace'] as const

interface Change {
  op: 'add' | 'remove' | 'replace'
  name: string
  value: unknown
}

/** What Glance says when a value of another type breaks it. */
const brokenByValue = 'The server has either erred or is incapable of performing the requested operation.'

/** https://docs.openstack.org/api-ref/image/v2/#update-image: all operations are applied, or none. */
export const patchImage = (call: Call) => {
  const type = (call.request.headers.get('content-type') ?? '').split(';')[0]?.trim() ?? ''
  if (!patchTypes.includes(type)) {
    const problem = `Image PATCH expects Content-Type one of: ${patchTypes.join(', ')}`
    throw rulesOf(call).otherMediaType(type, problem, { 'accept-patch': patchTypes.join(', ') })
  }
  const changes = readChanges(call, type === olderType)
  let image = ownImage(call, 'modify_image')
  for (const change of changes) image = applied(call, image, change)
  checkCounts(image.properties, image.tags)
  checkStorable(image.name, image.properties)
  return ok(imageDocument(call.store.of(images).update(image.id, { ...image, updated_at: call.now })))
}

/** The operation and the path of a change. */
const readTarget = (operation: Readonly<Record<string, unknown>>): { op: Change['op']; path: unknown } => {
  const { op, path } = operation
  if (op !== 'add' && op !== 'remove' && op !== 'replace') {
    const shown = typeof op === 'string' ? op : 'None'
    throw new ApiError(400, `Invalid operation: \`${shown}\`. It must be one of the following: add, remove, replace.`)
  }
  return { op, path }
}

const readOlderTarget = (operation: Readonly<Record<string, unknown>>): { op: Change['op']; path: unknown } => {
  const [op, ...others] = operations.filter((name) => Object.hasOwn(operation, name))
  if (op === undefined || others.length > 0) {
    const number = op === undefined ? 'exactly' : 'only'
    const names = '"add", "remove", or "replace"'
    throw new ApiError(400, `Operation objects must contain ${number} one member named ${names}.`)
  }
  return { op, path: operation[op] }
}

const readChanges = (call: Call, isOlder: boolean): Change[] => {
  const body = call.rawJson
  if (!Array.isArray(body)) throw new ApiError(400, 'Request body must be a JSON array of operation objects.')
  return body.map((raw: unknown) => {
    if (typeof raw !== 'object' || raw === null) throw new ApiError(400, 'Operations must be JSON objects.')
    const operation = raw as Record<string, unknown> // narrowed to an object above
    const { value } = operation
    const { op, path } = isOlder ? readOlderTarget(operation) : readTarget(operation)
    if (typeof path !== 'string' && isOlder) throw new ApiError(500, brokenByValue)
    if (typeof path !== 'string') throw new ApiError(400, 'Unable to find `path` in JSON Schema change')
    if (op !== 'remove' && !('value' in operation)) {
      throw new ApiError(400, `Operation "${op}" requires a member named "value".`)
    }
    if (!path.startsWith('/')) throw new ApiError(400, `Pointer \`${path}\` does not start with "/".`)
    if (path.endsWith('/') || path.includes('//')) {
      throw new ApiError(400, `Pointer \`${path}\` contains an empty token or ends with "/".`)
    }
    const name = path.slice(1).replaceAll('~1', '/').replaceAll('~0', '~')
    if (path.slice(1).includes('/')) throw new ApiError(400, `Invalid JSON pointer for this resource: '${path}'`)
    refuseReadOnly(name)
    if (name.startsWith('os_glance_')) throw new ApiError(403, `Attribute '${name}' is reserved.`)
    if (name === 'id') throw new ApiError(403, "Attribute 'id' is read-only.")
    if (op !== 'remove') checkAttribute(call, name, value)
    return { op, name, value }
  })
}

const applied = (call: Call, image: ImageRecord, { op, name, value }: Change): ImageRecord => {
  if (isFixed(name)) {
    if (op === 'remove') {
      throw new ApiError(403, `Property ${name} may not be removed.`, {
        explanation: 'Access was denied to this resource.',
      })
    }
    if (name === 'owner' && !call.isAdmin) {
      throw new ApiError(403, "Owner can't be updated by non admin.", {
        explanation: 'Access was denied to this resource.',
      })
    }
    refuseFormatChange(image, name)
    // The value has been checked against the schema of this very attribute.
    const attribute = { [name]: name === 'tags' ? [...new Set(value as string[])] : value } as Partial<ImageRecord>
    checkRules(call, attribute, image)
    return { ...image, ...attribute }
  }
  if (op !== 'add' && !Object.hasOwn(image.properties, name)) {
    throw new ApiError(409, `Property ${name} does not exist.`, {
      explanation: 'There was a conflict when trying to complete your request.',
    })
  }
  const properties = { ...image.properties }
  if (op === 'remove') delete properties[name]
  else properties[name] = String(value)
  return { ...image, properties }
}

/** Formats are settled once there are data. */
const refuseFormatChange = (image: ImageRecord, name: string): void => {
  if ((name === 'disk_format' || name === 'container_format') && image.status !== 'queued') {
    throw new ApiError(403, `Attribute ${name} can be only replaced for a queued image.`)
  }
}
