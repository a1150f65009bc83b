import { createDriverContext, createOpenStackCpi, type OpenStackCpiOptions } from '@openstack-cpi/openstack-driver'
import { type Check, type Report, type Result, runChecks, summarise } from './check.ts'
import { blockStorageChecks } from './checks/block-storage.ts'
import { computeChecks, rateLimitCheck } from './checks/compute.ts'
import { diskLettersCheck } from './checks/disk-letters.ts'
import { identityChecks } from './checks/identity.ts'
import { ephemeralDisksCheck, imageChecks } from './checks/image.ts'
import { networkChecks, severalNetworksCheck, userDataCheck } from './checks/network.ts'
import { blockStorageQuotaCheck, computeQuotaCheck, networkQuotaCheck } from './checks/quota.ts'
import { releaseCheck } from './checks/release.ts'
import { runLifeCycle } from './life-cycle.ts'
import { readTargets, type TargetOptions } from './targets.ts'

const [loginCheck, ...otherIdentityChecks] = identityChecks

const checksAfterLogin: readonly Check[] = [
  ...otherIdentityChecks,
  releaseCheck,
  ...computeChecks,
  computeQuotaCheck,
  ephemeralDisksCheck,
  rateLimitCheck,
  ...networkChecks,
  networkQuotaCheck,
  severalNetworksCheck,
  userDataCheck,
  ...blockStorageChecks,
  blockStorageQuotaCheck,
  ...imageChecks,
]

/** They read all servers and volumes of the project. */
const deepChecks: readonly Check[] = [diskLettersCheck]

export interface ExamineOptions {
  /** Its token cache should keep logins, or each driver made here logs in. Its call's signal ends the examination. */
  readonly driver: OpenStackCpiOptions
  readonly targets: TargetOptions
  /** Also look at each VM of the project, and take a stemcell, a VM and a disk through their life. */
  readonly deep: boolean
  /** Hears of each result as it comes. */
  readonly onDone?: (result: Result) => void
}

/** Is this OpenStack project ready for BOSH? Throws `CpiError` for a configuration that cannot be used. */
export async function examine({
  driver,
  targets: options,
  deep,
  onDone = () => undefined,
}: ExamineOptions): Promise<Report> {
  const ctx = createDriverContext(driver)
  const withoutRetries = createDriverContext({
    ...driver,
    call: {
      ...driver.call,
      configOverrides: { ...driver.call.configOverrides, request_retries: 0, rate_limit_timeout: 0 },
    },
  })
  const targets = await readTargets(ctx.config, options)
  const examination = { ctx, withoutRetries, targets }

  // A token is wanted by all checks; if it is not to be had, one answer says so instead of twenty.
  const login = await runChecks([loginCheck], examination, onDone)
  if (summarise(login).problems > 0) return summarise(login)
  const others = await runChecks(deep ? [...checksAfterLogin, ...deepChecks] : checksAfterLogin, examination, onDone)
  if (!deep) return summarise([...login, ...others])
  const lifeCycle = await runLifeCycle({
    targets,
    ctx,
    cpi: (signal) => createOpenStackCpi({ ...driver, call: { ...driver.call, signal } }),
    onDone,
  })
  return summarise([...login, ...others, ...lifeCycle])
}
