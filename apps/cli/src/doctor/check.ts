import { messageOf } from '@openstack-cpi/cpi-core'
import { type DriverContext, OpenStackError } from '@openstack-cpi/openstack-driver'
import type { Targets } from './targets.ts'

/**
 * `problem`: BOSH will fail. `warning`: it may, or works worse than it could. `note`: BOSH works, other programs or images
 * may not.
 */
export type Severity = 'ok' | 'note' | 'warning' | 'problem' | 'skipped'

/** What a check saw. A note, warning or problem also says why it matters and how to fix it. */
export interface Finding {
  readonly severity: Severity
  readonly found: string
  readonly why?: string
  readonly remedy?: string
}

export type Group = 'identity' | 'compute' | 'network' | 'block storage' | 'image' | 'life cycle'

/** What checks may look at. They read only. */
export interface Examination {
  readonly ctx: DriverContext
  /** The same cloud and login, but failures and rate limits are reported immediately instead of being waited for. */
  readonly withoutRetries: DriverContext
  readonly targets: Targets
}

/** One question to the cloud. A failed request is a problem, and does not stop the other checks. */
export interface Check {
  readonly group: Group
  readonly title: string
  readonly run: (examination: Examination) => Promise<readonly Finding[]>
}

export const ok = (found: string): Finding => ({ severity: 'ok', found })
export const skipped = (found: string): Finding => ({ severity: 'skipped', found })
export const note = (found: string, why: string, remedy: string): Finding => ({
  severity: 'note',
  found,
  why,
  remedy,
})
export const warning = (found: string, why: string, remedy: string): Finding => ({
  severity: 'warning',
  found,
  why,
  remedy,
})
export const problem = (found: string, why: string, remedy: string): Finding => ({
  severity: 'problem',
  found,
  why,
  remedy,
})

/** A check with what it found. */
export interface Result {
  readonly group: Check['group']
  readonly title: string
  readonly findings: readonly Finding[]
  readonly durationMs: number
}

export interface Report {
  readonly results: readonly Result[]
  readonly problems: number
  readonly warnings: number
}

/** Runs all checks side by side; `onDone` hears of each as it ends. Results keep the order of the checks. */
export async function runChecks(
  checks: readonly Check[],
  examination: Examination,
  onDone: (result: Result) => void = () => undefined,
): Promise<readonly Result[]> {
  const { clock } = examination.ctx
  return await Promise.all(
    checks.map(async ({ group, title, run }) => {
      const startedMs = clock.monotonicMs()
      const findings = await run(examination).catch((error: unknown): readonly Finding[] => [failedCheck(error)])
      const result = { group, title, findings, durationMs: clock.monotonicMs() - startedMs }
      onDone(result)
      return result
    }),
  )
}

export function summarise(results: readonly Result[]): Report {
  const count = (severity: Finding['severity']) =>
    results.flatMap((result) => result.findings).filter((finding) => finding.severity === severity).length
  return { results, problems: count('problem'), warnings: count('warning') }
}

const whyFailed = 'The API request failed; the CPI needs this API too.'

/** The finding of a check whose request failed, and how to fix it. */
function failedCheck(error: unknown): Finding {
  const found = messageOf(error)
  if (!(error instanceof OpenStackError)) return problem(found, whyFailed, 'The message says what is wrong.')
  // The check of the catalog reports what is missing, once.
  if (error.kind === 'config')
    return skipped(`not looked at: no endpoint of the ${error.service ?? 'service'} is configured or in the catalog`)
  return problem(found, whyFailed, remedyFor(error))
}

/** Keystone answers the same to a wrong user, password, project and domain, on purpose. */
const loginRemedy =
  'Check username and api_key (or the application credential), project and domain; check that the user is a member of the project.'

function remedyFor(error: OpenStackError): string {
  switch (error.kind) {
    case 'auth':
      return error.status === undefined ? loginRemedy : remedyForStatus(error.status)
    case 'timeout':
      return 'Check the address, firewalls and proxies between this machine and the endpoint.'
    case 'network':
      return isCertificateProblem(error)
        ? 'Give the CA that signed the certificate: connection_options.ca_cert, or the CA file; and check the name in the URL.'
        : 'Check the address in auth_url and in the catalog, name resolution, firewalls and proxies.'
    case 'rate-limited':
      return 'Ask for a higher rate limit.'
    case 'decode':
      return 'Something other than OpenStack answers there: check the address, and whether a proxy stands in between.'
    case 'unsupported':
      return 'The message names what the cloud is too old for: upgrade that service, or do without.'
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
  if (status !== undefined && status >= 500) return "The service itself is broken: tell the cloud's operator."
  return 'The message says what the service refused.'
}

const isCertificateProblem = (error: OpenStackError): boolean =>
  error.cause instanceof Error && 'reason' in error.cause && error.cause.reason === 'certificate'
