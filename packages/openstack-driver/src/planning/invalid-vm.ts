import { CpiError } from '@openstack-cpi/cpi-core'

/** A `create_vm` that cannot succeed as asked, however often it is repeated (contract §6.4). */
export function invalidVm(message: string): CpiError {
  return new CpiError('VmCreationFailed', message, { okToRetry: false })
}

/** Several problems of one request, reported together so that they can be fixed in one pass. */
export function invalidVmProblems(what: string, problems: readonly string[]): CpiError {
  const [only] = problems
  if (problems.length === 1 && only !== undefined) return invalidVm(only)
  return invalidVm(`${what}:\n${problems.map((problem) => `- ${problem}`).join('\n')}`)
}
