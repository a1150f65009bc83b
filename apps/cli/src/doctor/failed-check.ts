import { OpenStackError } from '@openstack-cpi/openstack-driver'
import { type Finding, problem, skipped } from './check.ts'

const why = 'The API request failed; the CPI needs this API too.'

/** The finding of a check whose request failed, and how to fix it. */
export function failedCheck(error: unknown): Finding {
  const found = error instanceof Error ? error.message : String(error)
  if (!(error instanceof OpenStackError)) return problem(found, why, 'See the message.')
  // The check of the catalog tells what is missing, once.
  if (error.kind === 'config')
    return skipped(`not looked at: no endpoint of the ${error.service ?? 'service'} is configured or in the catalog`)
  return problem(found, why, remedyFor(error))
}

/** Keystone answers the same to a wrong user, password, project and domain, on purpose. */
const loginRemedy =
  'Check username and api_key (or the application credential), project and domain; is the user a member of the project?'

function remedyFor(error: OpenStackError): string {
  switch (error.kind) {
    case 'auth':
      return error.status === undefined ? loginRemedy : remedyForStatus(error.status)
    case 'timeout':
      return 'Check the address, firewalls and proxies between here and there.'
    case 'network':
      return isCertificateProblem(error)
        ? 'Give the CA that signed the certificate: connection_options.ca_cert, or the CA file; and check the name in the URL.'
        : 'Check the address in auth_url and in the catalog, name resolution, firewalls and proxies.'
    case 'rate-limited':
      return 'Ask for a higher rate limit.'
    case 'decode':
      return 'Something else than OpenStack answers there: check the address, and whether a proxy stands in between.'
    case 'unsupported':
      return 'The cloud is too old for this.'
    case 'aborted':
      return 'Start again; nothing was changed.'
    default:
      return remedyForStatus(error.status)
  }
}

function remedyForStatus(status: number | undefined): string {
  if (status === 401) return loginRemedy
  if (status === 403) return 'The user lacks a right in this project: ask for the role member.'
  if (status === 404) return 'Check auth_url, and the endpoints in the catalog: this address is not that service.'
  if (status !== undefined && status >= 500) return 'The service itself is broken: tell those who run the cloud.'
  return 'See the message.'
}

const isCertificateProblem = (error: OpenStackError): boolean =>
  error.cause instanceof Error && 'reason' in error.cause && error.cause.reason === 'certificate'
