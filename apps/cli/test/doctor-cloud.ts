import { randomUUID } from 'node:crypto'
import { tmpdir } from 'node:os'
import { createSecrets, type JsonObject } from '@openstack-cpi/cpi-core'
import { ExchangeError, type OpenStackCpiOptions, type SendHttp } from '@openstack-cpi/openstack-driver'
import { createFakeOpenStack, type FakeOpenStack, type FakeOpenStackOptions, type SeedInput } from 'fake-openstack'
import type { Report } from '../src/doctor/check.ts'
import { type ExamineOptions, examine } from '../src/doctor/examine.ts'
import { createMemoryTokenCache } from '../src/token-cache/token-cache.ts'

type Seed = FakeOpenStack['seed']

/** The usual cloud of the tests, changed. */
export const seedWith = (change: (seed: Seed) => SeedInput): SeedInput => change(createFakeOpenStack().seed)

/** What is asked of the usual cloud, all of which it has. */
export interface Question {
  readonly cloud?: FakeOpenStackOptions
  /** Done to the cloud before it is examined. */
  readonly prepare?: (cloud: FakeOpenStack) => void | Promise<void>
  /** User with a project of the same name. */
  readonly user?: string
  readonly openstack?: JsonObject
  readonly targets?: (cloud: FakeOpenStack) => Partial<ExamineOptions['targets']>
  readonly deep?: boolean
  /** Changes what the cloud answers. */
  readonly answers?: (url: URL, body: string) => string
  readonly signal?: AbortSignal
  readonly onDone?: NonNullable<ExamineOptions['onDone']>
  /** Milliseconds by which this machine's clock is fast. */
  readonly fastByMs?: number
}

/** A fault to apply, and the finding that must be reported. */
export interface Fault extends Question {
  readonly name: string
  /** The complaint that must be there: severity, found, and remedy. */
  readonly reported: readonly ['problem' | 'warning', RegExp, RegExp]
  /** Complaints that follow from the fault, besides. */
  readonly besides?: number
}

export interface Examined {
  readonly cloud: FakeOpenStack
  readonly report: Report
}

/** Examines a fake cloud in process; time is the cloud's. */
export async function examined(question: Question = {}): Promise<Examined> {
  const cloud = createFakeOpenStack(question.cloud)
  await question.prepare?.(cloud)
  const { user = 'bosh', openstack = {}, targets = () => ({}), deep = false, onDone } = question
  const usual = {
    flavor: ['m1.small'],
    network: [idOf(cloud, 'networks', 'bosh-net')],
    availabilityZone: ['z1'],
    vms: 1,
  }
  const login = { auth_url: cloud.authUrl, username: user, api_key: 'bosh-password', project: user, domain: 'Default' }
  const names = user === 'bosh' ? { default_key_name: 'bosh', default_security_groups: ['bosh'] } : {}
  const driver: OpenStackCpiOptions = {
    cloudProperties: { openstack: { ...login, ...names, ...openstack }, agent: {} },
    call: {
      method: 'doctor',
      apiVersion: 3,
      directorUuid: 'openstack-cpi-doctor',
      configOverrides: {},
      signal: question.signal ?? new AbortController().signal,
      log: { debug: ignore, info: ignore, warn: ignore, error: ignore },
      secrets: createSecrets(),
    },
    clock: {
      nowMs: () => cloud.clock.now() + (question.fastByMs ?? 0),
      monotonicMs: () => cloud.clock.now(),
      sleep: async (ms, signal) => {
        signal.throwIfAborted()
        cloud.clock.advance(ms)
      },
    },
    random: { uuid: randomUUID, fraction: () => 0.5 },
    tmpDir: tmpdir(),
    environment: {},
    userAgent: 'openstack-cpi-test/1',
    tokenCache: createMemoryTokenCache(),
    send: sendTo(cloud, question.answers ?? ((_, body) => body)),
  }
  const report = await examine({
    driver,
    targets: { ...usual, ...targets(cloud) },
    deep,
    ...(onDone === undefined ? {} : { onDone }),
  })
  return { cloud, report }
}

/** The id of what the seed calls so. */
export function idOf(cloud: FakeOpenStack, kind: string, name: string): string {
  const found = cloud.state()[kind]?.find((item) => Object(item).name === name)
  if (found === undefined) throw new Error(`the cloud has no ${name} among its ${kind}`)
  return String(Object(found).id)
}

/** Warnings and problems, as text. */
export const complaints = ({ results }: Report): readonly string[] =>
  results.flatMap(({ title, findings }) =>
    findings
      .filter(({ severity }) => severity === 'problem' || severity === 'warning')
      .map(({ severity, found, why, remedy }) => `${severity}: ${title}: ${found} | ${why} | ${remedy}`),
  )

const ignore = (): void => undefined

function sendTo(cloud: FakeOpenStack, answers: NonNullable<Question['answers']>): SendHttp {
  return async ({ method, url, headers, body, signal }) => {
    try {
      const answer = await cloud.fetch(url, {
        method,
        headers,
        ...(body === undefined ? {} : { body: typeof body === 'string' ? body : ReadableStream.from(body) }),
        ...(typeof body === 'object' ? { duplex: 'half' } : {}),
        ...(signal === undefined ? {} : { signal }),
      })
      return {
        status: answer.status,
        headers: Object.fromEntries(answer.headers),
        body: answers(url, await answer.text()),
      }
    } catch (error) {
      if (signal?.aborted === true) throw signal.reason
      throw new ExchangeError('network', error instanceof Error ? error.message : String(error), false, error)
    }
  }
}
