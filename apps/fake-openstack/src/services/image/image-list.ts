import { ApiError, badRequest } from '../../kernel/api-error.ts'
import type { Call } from '../../kernel/call.ts'
import type { Where } from '../../kernel/collection.ts'
import { glanceDialect } from '../../kernel/dialects/glance.ts'
import { byKeys, pageOf } from '../../kernel/pagination.ts'
import { ok } from '../../kernel/reply.ts'
import { imageDocument } from './document.ts'
import { type ImageRecord, imageMembers, images } from './records.ts'
import { rulesOf } from './release-rules.ts'

/** `limit_param_default` and `api_limit_max` of glance-api.conf. */
const defaultLimit = 25
const maxLimit = 1000

const sortKeys = [
  'name',
  'status',
  'container_format',
  'disk_format',
  'size',
  'id',
  'created_at',
  'updated_at',
] as const
const controls = new Set(['limit', 'marker', 'sort', 'sort_key', 'sort_dir', 'member_status'])
const comparisons: Readonly<Record<string, (a: number, b: number) => boolean>> = {
  eq: (a, b) => a === b,
  neq: (a, b) => a !== b,
  lt: (a, b) => a < b,
  lte: (a, b) => a <= b,
  gt: (a, b) => a > b,
  gte: (a, b) => a >= b,
}

/** https://docs.openstack.org/api-ref/image/v2/#list-images */
export const listImages = (call: Call) => {
  if (call.projectId === '' && rulesOf(call).refusesUnscopedTokens) throw glanceDialect.forbidden('get_images')
  const tests = [visibilityTest(call), ...filterTests(call)]
  const name = plain(call.query.get('name'))
  const owner = call.query.get('owner') ?? undefined
  const where: Where<'name' | 'owner' | 'status'> = { name, owner, status: plain(call.query.get('status')) }
  const sort = sortOf(call)
  const page = pageOf(call, call.store.of(images), {
    where,
    matches: (image) => tests.every((test) => test(image)),
    limit: limitOf(call),
    marker: call.query.get('marker') ?? undefined,
    maxPage: maxLimit,
    reverse: true,
    ...(sort ? { sort } : {}),
    unknownMarker: (marker) => badRequest(`No image found with ID ${marker}`),
  })
  const query = call.query.toString()
  const last = page.items.at(-1)
  return ok({
    images: page.items.map(imageDocument),
    first: query === '' ? '/v2/images' : `/v2/images?${withoutMarker(call.query)}`,
    schema: '/v2/schemas/images',
    ...(page.isFull && last ? { next: `/v2/images?${withMarker(call.query, last.id)}` } : {}),
  })
}

const withoutMarker = (query: URLSearchParams): string => {
  const copy = new URLSearchParams(query)
  copy.delete('marker')
  return copy.toString()
}

const withMarker = (query: URLSearchParams, marker: string): string => {
  const copy = new URLSearchParams(query)
  copy.delete('marker')
  copy.append('marker', marker)
  return copy.toString()
}

/** A filter without operator or `in:` list, which an index can answer. */
const plain = (value: string | null): string | undefined =>
  value === null || value.startsWith('in:') ? undefined : value

const limitOf = (call: Call): number => {
  const text = call.query.get('limit')
  if (text === null) return defaultLimit
  if (!/^[+-]?\d+$/.test(text)) throw badRequest('limit param must be an integer')
  if (Number(text) < 0) throw badRequest('limit param must be positive')
  return Number(text)
}

/** What a list shows at all: own, public and accepted shared images; community ones only when asked for. */
const visibilityTest = (call: Call): ((image: ImageRecord) => boolean) => {
  const visibility = call.query.get('visibility')
  if (visibility && !['community', 'public', 'private', 'shared', 'all'].includes(visibility)) {
    throw badRequest(`Invalid visibility value: ${visibility}`)
  }
  const memberStatus = call.query.get('member_status') ?? 'accepted'
  if (!['pending', 'accepted', 'rejected', 'all'].includes(memberStatus)) {
    throw badRequest(`Invalid status: ${memberStatus}`)
  }
  const members = call.store.of(imageMembers)
  return (image) => {
    if (visibility !== null && visibility !== 'all' && image.visibility !== visibility) return false
    if (image.owner === call.projectId || image.visibility === 'public') return true
    if (image.visibility === 'community') return visibility === 'community' || visibility === 'all'
    if (call.isAdmin) return true
    const member = members.get(`${image.id}/${call.projectId}`)
    return image.visibility === 'shared' && !!member && (memberStatus === 'all' || member.status === memberStatus)
  }
}

/** Keys that Glance knows of older versions, and those over which it fails. */
const checkRefused = ({ query }: Call): void => {
  const since = query.get('changes-since')
  if (since) throw badRequest('The "changes-since" filter is no longer available on v2.')
  if (since === '' || query.has('properties') || query.has('locations')) throw failure()
}

const failure = (): ApiError =>
  new ApiError(500, 'The server has either erred or is incapable of performing the requested operation.')

const filterTests = (call: Call): ((image: ImageRecord) => boolean)[] => {
  checkRefused(call)
  const tests: ((image: ImageRecord) => boolean)[] = []
  if (!call.query.has('os_hidden')) tests.push((image) => !image.os_hidden)
  for (const [name, value] of call.query) {
    if (!controls.has(name) && name !== 'visibility') tests.push(filterTest(name, value))
  }
  return tests
}

const filterTest = (name: string, value: string): ((image: ImageRecord) => boolean) => {
  switch (name) {
    case 'id':
    case 'name':
    case 'status':
    case 'container_format':
    case 'disk_format': {
      const wanted = value.startsWith('in:') ? value.slice(3).split(',').map(unquoted) : [value]
      return (image) => wanted.includes(image[name] ?? '')
    }
    case 'owner':
    case 'checksum':
    case 'os_hash_value':
    case 'os_hash_algo':
      return (image) => image[name] === value
    case 'protected':
    case 'os_hidden': {
      const wanted = value.toLowerCase()
      if (wanted !== 'true' && wanted !== 'false') {
        throw badRequest(`Invalid value '${value}' for '${name}' filter. Valid values are 'true' or 'false'.`)
      }
      return (image) => image[name] === (wanted === 'true')
    }
    case 'tag':
      return (image) => image.tags.includes(value)
    case 'tags':
      // Glance takes each character for a tag.
      return (image) => [...value].every((tag) => image.tags.includes(tag))
    case 'deleted':
      return () => true
    case 'size_min':
    case 'size_max': {
      if (!/^\d+$/.test(value)) throw badRequest('Unable to filter on a range with a non-numeric value.')
      const compare = name === 'size_min' ? 'gte' : 'lte'
      return (image) => image.size !== null && (comparisons[compare]?.(image.size, Number(value)) ?? false)
    }
    case 'min_disk':
    case 'min_ram':
    case 'size':
      // The database reads the number at the beginning of the text.
      return (image) => image[name] === Number(/^\s*[+-]?\d+/.exec(value)?.[0] ?? 0)
    case 'created_at':
    case 'updated_at': {
      const [operator, moment] = timeFilter(name, value)
      return (image) => operator(Math.floor(image[name] / 1000) * 1000, moment)
    }
    default:
      return (image) => image.properties[name] === value
  }
}

const timeFilter = (name: string, value: string): [(a: number, b: number) => boolean, number] => {
  const match = /^(eq|neq|lt|lte|gt|gte):(.*)$/.exec(value)
  const operator = comparisons[match?.[1] ?? 'eq']
  const text = match?.[2] ?? value
  const moment = Date.parse(/[zZ]|[+-]\d\d:?\d\d$/.test(text) || text.length === 10 ? text : `${text}Z`)
  if (!operator || !/^\d{4}/.test(text) || Number.isNaN(moment)) {
    throw badRequest(`Bad "${name}" query filter format. Use ISO 8601 DateTime notation.`)
  }
  return [operator, moment]
}

const unquoted = (text: string): string => (/^".*"$/.test(text) ? text.slice(1, -1) : text)

/** Undefined for the default order, newest first, which needs no sorting. */
const sortOf = (call: Call): ((a: ImageRecord, b: ImageRecord) => number) | undefined => {
  const sort = call.query.get('sort')
  const keys = call.query.getAll('sort_key')
  const directions = call.query.getAll('sort_dir')
  if (sort === null && keys.length === 0 && directions.length === 0) return undefined
  if (sort !== null && keys.length + directions.length > 0) {
    throw badRequest('Old and new sorting syntax cannot be combined')
  }
  const orders =
    sort === null
      ? (keys.length === 0 ? ['created_at'] : keys).map((key, i) => [key, directions[i] ?? directions[0] ?? 'desc'])
      : sort.split(',').map((part) => [part.split(':')[0]?.trim() ?? '', part.split(':')[1]?.trim() ?? 'desc'])
  return byKeys(orders.map(([key = '', direction = '']) => ({ of: keyOf(key), descending: isDescending(direction) })))
}

const keyOf = (key: string): ((image: ImageRecord) => unknown) => {
  const known = sortKeys.find((one) => one === key)
  if (!known) {
    throw new ApiError(400, `Invalid sort key: ${key}. It must be one of the following: ${sortKeys.join(', ')}.`)
  }
  return (image) => image[known]
}

const isDescending = (direction: string): boolean => {
  if (direction !== 'asc' && direction !== 'desc') throw badRequest(`Invalid sort direction: ${direction}`)
  return direction === 'desc'
}
