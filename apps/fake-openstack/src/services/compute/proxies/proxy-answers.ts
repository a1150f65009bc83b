import * as z from 'zod'
import { ApiError, badRequest } from '../../../kernel/api-error.ts'
import type { Call } from '../../../kernel/call.ts'
import type { Handler } from '../../../kernel/service.ts'
import { requireVersion } from '../query.ts'

/** A handler up to 2.35: from 2.36 on Nova has no proxies of other services. */
export const proxy =
  (handle: Handler, until = '2.36'): Handler =>
  (call) => {
    requireVersion(call, '2.1', until)
    return handle(call)
  }

/** What Nova answers when the other service refuses in a way that it does not expect. */
export const unexpectedError = (exception: string): ApiError =>
  new ApiError(
    500,
    'Unexpected API Error. Please report this at http://bugs.launchpad.net/nova/ and attach the Nova API log if possible.' +
      `\n<class '${exception}'>`,
  )

const neutronClasses: Readonly<Record<number, string>> = {
  400: 'BadRequest',
  403: 'Forbidden',
  404: 'NotFound',
  409: 'Conflict',
}

/** What Nova answers to a refusal of Neutron that it does not expect. */
export const unexpectedOfNeutron = ({ status }: ApiError): ApiError =>
  unexpectedError(`neutronclient.common.exceptions.${neutronClasses[status] ?? 'NeutronClientException'}`)

/** A refusal of Neutron as its Python client words it. */
export const neutronWords = (call: Call, error: ApiError): string =>
  `${error.message}\nNeutron server returns request_ids: ['${call.requestId}']`

/** A refusal of Cinder as its Python client words it. */
export const cinderWords = (call: Call, error: ApiError): string =>
  `${error.message} (HTTP ${error.status}) (Request-ID: ${call.requestId})`

/** Asks another service; `refusal` says what Nova makes of its refusal. */
export const translated = <T>(work: () => T, refusal: (error: ApiError) => ApiError): T => {
  try {
    return work()
  } catch (error) {
    throw error instanceof ApiError && error.status !== 501 ? refusal(error) : error
  }
}

/** The part of a list that `offset` and `limit` ask for. */
export const limited = <T>(call: Call, items: readonly T[]): T[] => {
  const [offset, limit] = [number(call, 'offset') ?? 0, number(call, 'limit') ?? 0]
  return items.slice(offset, limit === 0 ? undefined : offset + limit)
}

const number = (call: Call, name: string): number | undefined => {
  const text = call.query.getAll(name).at(-1)
  return text === undefined || text === '' ? undefined : Number(text)
}

/** The object of a body whose form Nova checks by hand. */
export const objectOfBody = (call: Call, key: string): Readonly<Record<string, unknown>> => {
  const body = call.json(z.looseObject({}))
  if (Object.keys(body).length === 0) throw badRequest("The request body can't be empty")
  const value = body[key]
  if (value === undefined || value === null) throw badRequest(`Missing parameter ${key}`)
  const object = z.looseObject({}).safeParse(value)
  if (!object.success) throw unexpectedError('AttributeError')
  return object.data
}
