import { CpiError } from '../errors/cpi-error.ts'
import { isJsonArray, isJsonObject, type Json, type JsonObject } from '../model/json.ts'
import { keysInOrder } from '../model/key-order.ts'
import { parseJsonText } from '../model/parse-json-text.ts'

/** A request whose JSON could be read; its members are checked one by one, in the order of contract §4.2. */
export type RawRequest = JsonObject

/** A request as it was read, and its text, which alone tells the order of all keys. */
export interface DecodedRequest {
  readonly request: RawRequest
  readonly text: string
}

/** The positional arguments. */
export interface ArgumentList {
  readonly values: readonly Json[]
  /** The keys of the object at a position in the order of the text; none when it is no object. */
  readonly keysAt: (index: number) => readonly string[]
}

/** What `context` says besides the configuration (contract §3). */
export interface RequestContext {
  readonly directorUuid: string
  readonly requestId?: string
  readonly stemcellApiVersion?: number
  /** All keys but the reserved ones: settings for this call alone. Secret. */
  readonly configOverrides: JsonObject
}

/** Throws `InvalidCall` unless the bytes are one JSON object in UTF-8. */
export const decodeRequest = (bytes: Uint8Array): DecodedRequest => {
  const text = decodeUtf8(bytes)
  const request = parseJson(text)
  if (!isJsonObject(request)) throw cannotBeRead('the request must be a JSON object')
  return { request, text }
}

const decodeUtf8 = (bytes: Uint8Array): string => {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    // Why it failed is all there is to know, and it is in the message.
    throw cannotBeRead('it is not valid UTF-8')
  }
}

const parseJson = (text: string): Json => {
  try {
    return parseJsonText(text)
  } catch (error) {
    if (error instanceof SyntaxError) throw cannotBeRead(error.message)
    throw error
  }
}

const cannotBeRead = (details: string): CpiError =>
  new CpiError('InvalidCall', `Request cannot be deserialized, details: ${details}`)

/** Throws `InvalidCall` when `method` is no string. */
export const readMethodName = (request: RawRequest): string => {
  const method = request['method']
  if (typeof method !== 'string') throw notCorrect('method must be a string')
  return method
}

/** Throws `InvalidCall` when `arguments` is no array. */
export const readArgumentList = ({ request, text }: DecodedRequest): ArgumentList => {
  const values = request['arguments']
  if (!isJsonArray(values)) throw notCorrect('arguments must be an array')
  return {
    values,
    keysAt: (index) => {
      const value = values[index]
      return isJsonObject(value) ? keysInOrder(value, text, (root) => argumentAt(root, index)) : []
    },
  }
}

const argumentAt = (request: Json, index: number): Json | undefined => {
  const values = isJsonObject(request) ? request['arguments'] : undefined
  return isJsonArray(values) ? values[index] : undefined
}

/** Throws `InvalidCall` when `context` is no object or has no `director_uuid`. */
export const readContext = (request: RawRequest): RequestContext => {
  const context = request['context']
  if (!isJsonObject(context)) throw notCorrect('context must be an object')
  const directorUuid = context['director_uuid']
  if (typeof directorUuid !== 'string') throw notCorrect('context.director_uuid must be a string')
  const requestId = peekRequestId(request)
  const stemcellApiVersion = readStemcellApiVersion(context['vm'])
  return {
    directorUuid,
    ...(requestId === undefined ? {} : { requestId }),
    ...(stemcellApiVersion === undefined ? {} : { stemcellApiVersion }),
    configOverrides: peekConfigOverrides(request),
  }
}

/** The director's name for the call, also of a request that is wrong elsewhere: its log lines should carry it. */
export const peekRequestId = (request: RawRequest): string | undefined => {
  const context = request['context']
  const id = isJsonObject(context) ? context['request_id'] : undefined
  return typeof id === 'string' && id !== '' ? id : undefined
}

/** `context` without its reserved keys, also of a request that is wrong elsewhere: its values must not be logged. */
export const peekConfigOverrides = (request: RawRequest): JsonObject => {
  const context = request['context']
  if (!isJsonObject(context)) return {}
  return Object.fromEntries(Object.entries(context).filter(([key]) => !reservedKeys.has(key)))
}

const reservedKeys: ReadonlySet<string> = new Set(['director_uuid', 'request_id', 'vm'])

/** `{"stemcell":{}}` and anything unexpected mean "unknown": a CPI config may even overwrite `vm` (contract §3). */
const readStemcellApiVersion = (vm: Json | undefined): number | undefined => {
  const stemcell = isJsonObject(vm) ? vm['stemcell'] : undefined
  const version = isJsonObject(stemcell) ? stemcell['api_version'] : undefined
  return typeof version === 'number' && Number.isInteger(version) ? version : undefined
}

const notCorrect = (details: string): CpiError =>
  new CpiError('InvalidCall', `Request is not correct, details: ${details}`)
