import type { Readable } from 'node:stream'
import { isSecretName as isSecretOfAnyCloud, type Json, redactJson as redactByName } from '@openstack-cpi/cpi-core'
import type { HttpRequest, HttpResponse } from './exchange.ts'
import { shortened } from './shortened.ts'

/**
 * True for the names of secrets in OpenStack's headers and bodies (contract §12): also `user_data` of a server, which Nova
 * shows to administrators as `OS-EXT-SRV-ATTR:user_data`, of every VM.
 */
const isSecretName = (name: string): boolean => isSecretOfAnyCloud(name) || /(?:^|:)user_?data$/i.test(name)

/** A copy of a JSON body that may be logged. */
export const redactJson = (body: Json): Json => redactByName(body, isSecretName)

/** A copy of headers that may be logged: tokens and logins are replaced. */
export const redactHeaders = (
  headers: Readonly<Record<string, string | readonly string[] | undefined>>,
): Record<string, string> =>
  Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) => {
      if (value === undefined) return []
      if (isSecretName(name)) return [[name, '<redacted>']]
      return [[name, typeof value === 'string' ? value : value.join(', ')]]
    }),
  )

/** The longest piece of a body in the log, in characters. */
const longestShown = 4096

/** Headers and body for the log (contract §12). */
export const shownMessage = (
  label: string,
  { headers, body }: Pick<HttpRequest | HttpResponse, 'headers' | 'body'>,
): string => `${label} ${JSON.stringify(redactHeaders(headers))}${shownBody(label, body)}`

/** For the log: without secrets, cut. Streams and what is no JSON are told by their size. */
function shownBody(label: string, body: string | Readable | undefined): string {
  if (body === undefined || body === '') return ''
  if (typeof body !== 'string') return `${label} a stream`
  let json: Json
  try {
    json = JSON.parse(body)
  } catch (error) {
    if (error instanceof SyntaxError) return `${label} ${body.length} characters that are no JSON`
    throw error
  }
  return `${label} ${shortened(JSON.stringify(redactJson(json)), longestShown)}`
}
