import { writeFile } from 'node:fs/promises'
import { addConfigSecrets, type CpiCall, createLogger, createSecrets, type JsonObject } from '@openstack-cpi/cpi-core'
import { createDriverContext, createOpenStackCpi, type OpenStackCpiOptions } from '@openstack-cpi/openstack-driver'
import { readCpiConfig } from '../config/cpi-config.ts'
import type { Check } from '../doctor/check.ts'
import { blockStorageChecks } from '../doctor/checks/block-storage.ts'
import { computeChecks } from '../doctor/checks/compute.ts'
import { identityChecks } from '../doctor/checks/identity.ts'
import { imageChecks } from '../doctor/checks/image.ts'
import { networkChecks } from '../doctor/checks/network.ts'
import { runLifeCycle } from '../doctor/deep.ts'
import { reportHtml } from '../doctor/report-html.ts'
import { reportText } from '../doctor/report-text.ts'
import { type Result, runChecks, summarise } from '../doctor/run-checks.ts'
import { readSubject, type SubjectOptions } from '../doctor/subject.ts'
import { createStderrLines } from '../process/stderr-lines.ts'
import { systemOptions } from '../process/system.ts'
import { version } from '../version.ts'

/** What commander gives for `doctor`. */
export interface DoctorOptions extends Omit<SubjectOptions, 'vms'> {
  readonly config: string
  readonly ca?: string
  readonly context?: string
  readonly vms: string
  readonly deep?: true
  readonly json?: true
  readonly html?: string
  readonly trace?: true
}

/** Names what the life cycle makes, so that it can be told from a director's. */
const directorUuid = 'openstack-cpi-doctor'

const allChecks: readonly Check[] = [
  ...identityChecks,
  ...computeChecks,
  ...networkChecks,
  ...blockStorageChecks,
  ...imageChecks,
]

/** Is this OpenStack project fit for BOSH? Returns the exit code: 0 no problem, 1 problems. Throws for a bad configuration. */
export async function runDoctor(options: DoctorOptions): Promise<number> {
  const stop = new AbortController()
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.once(signal, () => stop.abort(new Error(`interrupted by ${signal}`)))
  }
  const driverOptions = prepare(options, stop.signal)
  const ctx = createDriverContext(driverOptions)
  const subject = await readSubject(ctx.config, { ...options, vms: wholeNumber(options.vms) })

  const progress = createProgress()
  // A token is wanted by all checks; if it is not to be had, one answer says so instead of fifteen.
  const [login, ...others] = allChecks
  const examination = { ctx, subject }
  const first = await runChecks(login === undefined ? [] : [login], examination, progress.done)
  const hasToken = summarise(first).problems === 0
  const rest = hasToken ? await runChecks(others, examination, progress.done) : []
  const deep =
    options.deep === true && hasToken
      ? await runLifeCycle({
          subject,
          cpi: (signal) => createOpenStackCpi({ ...driverOptions, call: { ...driverOptions.call, signal } }),
          signal: stop.signal,
          monotonicMs: ctx.clock.monotonicMs,
          tmpDir: ctx.tmpDir,
          onDone: progress.done,
        })
      : []
  progress.clear()

  const report = summarise([...first, ...rest, ...deep])
  const redact = driverOptions.call.secrets.redact
  if (options.html !== undefined) {
    const page = reportHtml(report, { authUrl: ctx.config.authUrl, when: new Date(ctx.clock.nowMs()) })
    await writeFile(options.html, redact(page))
  }
  const colour = process.stdout.isTTY === true && !process.env['NO_COLOR']
  const text = options.json === true ? `${JSON.stringify(report, null, 2)}\n` : reportText(report, colour)
  process.stdout.write(redact(text))
  return report.problems === 0 ? 0 : 1
}

function prepare(options: DoctorOptions, signal: AbortSignal): OpenStackCpiOptions {
  const secrets = createSecrets()
  const log = createLogger({
    sink: createStderrLines().write,
    clock: { now: () => new Date(), monotonicMs: () => performance.now() },
    pid: process.pid,
    secrets,
    level: options.trace === true ? 'debug' : 'error',
  })
  const { cloudProperties, caBundle } = readCpiConfig({ configPath: options.config, caPath: options.ca })
  addConfigSecrets(cloudProperties, secrets)
  const configOverrides: JsonObject = options.context === undefined ? {} : JSON.parse(options.context)
  const call: CpiCall = { method: 'doctor', apiVersion: 3, directorUuid, configOverrides, signal, log, secrets }
  return {
    ...systemOptions(),
    cloudProperties,
    ...(caBundle === undefined ? {} : { caBundle }),
    call,
    userAgent: `openstack-cpi/${version}`,
  }
}

const wholeNumber = (text: string): number => {
  const value = Number(text)
  if (!Number.isInteger(value) || value < 1) throw new TypeError(`--vms must be a whole number from 1 on, not ${text}`)
  return value
}

/** One line on a terminal, rewritten as checks end; nothing elsewhere. */
function createProgress(): { readonly done: (result: Result) => void; readonly clear: () => void } {
  let count = 0
  const isLive = process.stderr.isTTY === true
  return {
    done: (result) => {
      count++
      if (isLive) process.stderr.write(`\r\u001b[2K${count} done: ${result.group}, ${result.title}`)
    },
    clear: () => {
      if (isLive) process.stderr.write('\r\u001b[2K')
    },
  }
}
