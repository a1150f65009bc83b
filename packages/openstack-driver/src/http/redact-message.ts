import { isSecretName as isSecretOfAnyCloud, type Json, redactJson as redactByName } from '@openstack-cpi/cpi-core'

/** True for the names of secrets in OpenStack's headers and bodies (contract §12): also `user_data` of a server. */
const isSecretName = (name: string): boolean => isSecretOfAnyCloud(name) || /^user_?data$/i.test(name)

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
