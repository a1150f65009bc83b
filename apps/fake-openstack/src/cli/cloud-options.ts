import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import * as z from 'zod'
import type { FakeOpenStackOptions } from '../cloud.ts'
import { releases } from '../kernel/release.ts'
import { boshCloud } from '../seed/bosh-cloud.ts'
import { devstackCloud } from '../seed/devstack-cloud.ts'
import { emptyCloud } from '../seed/empty-cloud.ts'
import { type SeedInput, seedSchema } from '../seed/schema.ts'
import { CliError } from './cli-error.ts'

/** The options of `serve` and `exec` that shape the cloud, as commander reads them. */
export interface CloudFlags {
  release?: string
  seed: string
  clock: string
  autoAdvance?: string
  latency?: string
  duration?: string[]
  pageSize?: string
  idSeed?: string
  tokenLifetime?: string
  keepUploads?: boolean
  deviceNames?: string
  configDriveType?: string
  keystoneV2?: boolean
}

/** Turns flags into options; a mistake is a `CliError` that names the flag. */
export const cloudOptions = async (flags: CloudFlags, publicKey: string | undefined): Promise<FakeOpenStackOptions> => {
  const clock = oneOf('--clock', flags.clock, ['real', 'virtual'] as const)
  const pageSize = flags.pageSize === undefined ? undefined : Number(flags.pageSize)
  if (pageSize !== undefined && !(Number.isInteger(pageSize) && pageSize > 0)) {
    throw new CliError(`--page-size wants a number from 1, not ${flags.pageSize}`)
  }
  const idSeed = flags.idSeed === undefined ? undefined : Number(flags.idSeed)
  if (idSeed !== undefined && !(Number.isSafeInteger(idSeed) && idSeed >= 0)) {
    throw new CliError(`--id-seed wants a whole number from 0, not ${flags.idSeed}`)
  }
  return {
    ...(flags.release === undefined ? {} : { release: oneOf('--release', flags.release, releases) }),
    seed: await seedOf(flags.seed, publicKey),
    clock,
    ...(pageSize === undefined ? {} : { pageSize }),
    ...(idSeed === undefined ? {} : { idSeed }),
    ...(flags.autoAdvance === undefined ? {} : { autoAdvance: flags.autoAdvance }),
    ...(flags.latency === undefined ? {} : { latency: flags.latency }),
    ...(flags.duration === undefined ? {} : { durations: durations(flags.duration) }),
    ...(flags.tokenLifetime === undefined ? {} : { tokenLifetime: flags.tokenLifetime }),
    ...(flags.deviceNames === undefined
      ? {}
      : { deviceNames: oneOf('--device-names', flags.deviceNames, ['as-requested', 'next-free'] as const) }),
    ...(flags.configDriveType === undefined
      ? {}
      : { configDriveType: oneOf('--config-drive-type', flags.configDriveType, ['cdrom', 'disk'] as const) }),
    keepUploads: flags.keepUploads ?? false,
    keystoneV2: flags.keystoneV2 ?? false,
  }
}

const durations = (pairs: readonly string[]): Record<string, string> =>
  Object.fromEntries(
    pairs.map((pair) => {
      const [name, time, ...more] = pair.split('=')
      if (!name || !time || more.length > 0)
        throw new CliError(`--duration wants <transition>=<time>, such as servers.build=5s, not ${pair}`)
      return [name, time]
    }),
  )

const oneOf = <T extends string>(flag: string, value: string, allowed: readonly T[]): T => {
  const found = allowed.find((one) => one === value)
  if (found === undefined) throw new CliError(`${flag} wants ${allowed.join(' or ')}, not ${value}`)
  return found
}

/** The seed by name or from a file; its first key pair gets the key that the files of the cloud hold. */
const seedOf = async (seed: string, publicKey: string | undefined): Promise<SeedInput> => {
  const input: SeedInput = seed === 'bosh' ? boshCloud : await readSeed(seed)
  if (publicKey === undefined || !input.keypairs?.[0]) return input
  const [first, ...others] = input.keypairs
  return { ...input, keypairs: [{ ...first, publicKey }, ...others] }
}

const readSeed = async (file: string) => {
  if (file === 'empty') return emptyCloud
  if (file === 'devstack') return devstackCloud
  if (!existsSync(file))
    throw new CliError(`--seed: there is no file ${file}; the seeds by name are bosh, devstack and empty`)
  const result = seedSchema.safeParse(await readYaml(file))
  if (result.success) return result.data
  throw new CliError(`--seed ${file}: ${z.prettifyError(result.error)}`)
}

const readYaml = async (file: string): Promise<unknown> => {
  const { parse } = await import('yaml')
  try {
    return parse(await readFile(file, 'utf8'))
  } catch (error) {
    const [problem] = (error instanceof Error ? error.message : String(error)).split('\n') // an excerpt may follow
    throw new CliError(`--seed ${file} cannot be read: ${problem}`, { cause: error })
  }
}
