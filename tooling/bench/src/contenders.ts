import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { CloudDescription } from '@openstack-cpi/harness/cloud-description'
import { openCountingListener } from '@openstack-cpi/harness/counting-listener'
import { writeCpiConfig } from '@openstack-cpi/harness/cpi-config'
import { type CpiAnswer, Director } from '@openstack-cpi/harness/director'
import { runLifeCycle } from '@openstack-cpi/harness/life-cycle'
import { writeStemcellImage } from '@openstack-cpi/harness/stemcell'
import { type MethodFigures, Samples } from './method-samples.ts'
import { recordUsage } from './usage.ts'

/** A CPI executable in one way of use. */
export interface Contender {
  readonly name: string
  /** Command and leading arguments; absent: the built executable of this repository. */
  readonly command?: readonly string[]
  /** Keeps logins between calls, and has one before the first. */
  readonly keepsLogins?: boolean
}

/** This CPI logging in in each call, and as a director's job runs it. */
export const ourselves: readonly Contender[] = [{ name: 'cold' }, { name: 'warm', keepsLogins: true }]

/** `name=command with arguments` of the command line. */
export function readPeer(text: string): Contender {
  const [name = '', ...rest] = text.split('=')
  const command = rest.join('=').split(' ').filter(Boolean)
  if (name === '' || command.length === 0) throw new Error(`--peer wants name=command, not '${text}'`)
  return { name, command }
}

export interface ContenderFigures {
  readonly name: string
  readonly methods: readonly MethodFigures[]
}

/**
 * The life cycle of a stemcell, a VM and a disk, some rounds of it, one process per call, all contenders in turn. The
 * requests of each are counted at the same listener.
 */
export async function benchContenders(
  cloud: CloudDescription,
  contenders: readonly Contender[],
  rounds: number,
): Promise<readonly ContenderFigures[]> {
  const folder = await mkdtemp(join(tmpdir(), 'openstack-cpi-bench-'))
  const listener = await openCountingListener(cloud)
  const usage = await recordUsage()
  try {
    const configFile = await writeCpiConfig(folder, listener.cloud)
    const imagePath = await writeStemcellImage(folder)
    const entrants = contenders.map((contender) => ({
      contender,
      samples: new Samples(),
      director: new Director({
        configFile,
        directorUuid: 'bench',
        ...(contender.command === undefined ? {} : { command: contender.command }),
        environment: {
          ...usage.environment,
          // As the release's wrapper sets it; only the login is what "cold" calls lack.
          NODE_COMPILE_CACHE: join(folder, 'code'),
          ...(contender.keepsLogins ? { OPENSTACK_CPI_CACHE_DIR: join(folder, contender.name) } : {}),
        },
      }),
    }))
    for (const { contender, director } of entrants) {
      if (contender.keepsLogins) await director.call('has_vm', ['11111111-1111-4111-8111-111111111111'])
    }
    await usage.take()
    listener.take()
    // The first round is not counted: the first call of each method compiles its code.
    for (let round = -1; round < rounds; round++) {
      for (const { contender, samples, director } of entrants) {
        const call = async (method: string, args: readonly unknown[]): Promise<CpiAnswer> => {
          const answer = await director.call(method, args)
          const used = (await usage.take()).at(-1)
          const requests = listener.take().length
          if (answer.error === null) {
            if (round >= 0) samples.add(method, { wallMs: answer.wallMs, requests, ...used })
          } else if (!optional.has(method)) throw new Error(`${contender.name}: ${method}: ${answer.error.message}`)
          return { ...answer, error: null }
        }
        await runLifeCycle({ director: { call }, cloud: listener.cloud, imagePath, ip: '10.10.2.61' })
      }
    }
    return entrants.map(({ contender, samples }) => ({ name: contender.name, methods: samples.figures() }))
  } finally {
    await usage.close()
    await listener.close()
    await rm(folder, { recursive: true })
  }
}

/** A life cycle goes on without these, and not every CPI has them. */
const optional: ReadonlySet<string> = new Set([
  'calculate_vm_cloud_properties',
  'get_disks',
  'has_disk',
  'resize_disk',
  'set_disk_metadata',
  'snapshot_disk',
  'delete_snapshot',
])
