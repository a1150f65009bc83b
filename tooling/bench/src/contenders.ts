import { join } from 'node:path'
import type { CloudDescription } from '@openstack-cpi/harness/cloud-description'
import { openCountingListener } from '@openstack-cpi/harness/counting-proxy'
import { writeCpiConfig } from '@openstack-cpi/harness/cpi-config'
import { type CpiAnswer, Director } from '@openstack-cpi/harness/director'
import { runLifeCycle } from '@openstack-cpi/harness/life-cycle'
import { writeStemcellImage } from '@openstack-cpi/harness/stemcell'
import { type Spread, spread } from './statistics.ts'
import { bareNode, cpuOf, recordUsage, type Usage } from './usage.ts'

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

/** One method over all rounds. Requests include logins; CPU and memory are known of Node programs only. */
export interface MethodFigures {
  readonly method: string
  readonly wallMs: Spread
  readonly requests: Spread
  readonly cpuMs?: Spread
  /** CPU in starts of bare Node, each call against the two right before and after it. */
  readonly cpuStarts?: Spread
  readonly peakRssMiB?: Spread
}

export interface ContenderFigures {
  readonly name: string
  /** In the order of the life cycle. */
  readonly methods: readonly MethodFigures[]
}

interface Sample extends Partial<Usage> {
  readonly method: string
  readonly wallMs: number
  readonly requests: number
  readonly bareNodeCpuMs: number
}

/**
 * The life cycle of a stemcell, a VM and a disk, some rounds of it, one process per call, all contenders in turn. The
 * requests of each are counted at the same listener.
 */
export const benchContenders = (
  cloud: CloudDescription,
  contenders: readonly Contender[],
  rounds: number,
): Promise<readonly ContenderFigures[]> =>
  recordUsage(async (recorder) => {
    const listener = await openCountingListener(cloud)
    try {
      const configFile = await writeCpiConfig(recorder.folder, listener.cloud)
      const imagePath = await writeStemcellImage(recorder.folder)
      const entrants = contenders.map(({ name, command, keepsLogins = false }) => {
        const cache = { OPENSTACK_CPI_CACHE_DIR: join(recorder.folder, name) }
        const environment = { ...recorder.environment, ...(keepsLogins ? cache : {}) }
        const director = new Director({
          configFile,
          directorUuid: 'bench',
          environment,
          ...(command ? { command } : {}),
        })
        return { name, keepsLogins, director, samples: [] as Sample[] }
      })
      for (const { keepsLogins, director } of entrants) {
        if (keepsLogins) await director.call('has_vm', ['11111111-1111-4111-8111-111111111111'])
      }
      await recorder.take()
      listener.take()
      // A busy cloud makes all that runs beside it dearer, so bare Node is timed between all calls.
      let bareBefore = await cpuOf(bareNode)
      // The first round is not counted: the first call of each method compiles its code.
      for (let round = -1; round < rounds; round++) {
        for (const { name, samples, director } of entrants) {
          const call = async (method: string, args: readonly unknown[]): Promise<CpiAnswer> => {
            const answer = await director.call(method, args)
            const used = (await recorder.take()).at(-1)
            const requests = listener.take().length
            const bareAfter = await cpuOf(bareNode)
            const bareNodeCpuMs = (bareBefore + bareAfter) / 2
            bareBefore = bareAfter
            if (answer.error === null) {
              if (round >= 0) samples.push({ method, wallMs: answer.wallMs, requests, bareNodeCpuMs, ...used })
            } else if (!optional.has(method)) throw new Error(`${name}: ${method}: ${answer.error.message}`)
            return { ...answer, error: null }
          }
          await runLifeCycle({ director: { call }, cloud: listener.cloud, imagePath, ip: '10.10.2.61' })
        }
      }
      return entrants.map(({ name, samples }) => ({ name, methods: figuresOf(samples) }))
    } finally {
      await listener.close()
    }
  })

const figuresOf = (samples: readonly Sample[]): readonly MethodFigures[] =>
  [...Map.groupBy(samples, ({ method }) => method)].map(([method, own]) => {
    const of = (what: 'wallMs' | 'requests' | 'cpuMs' | 'peakRssMiB') => spread(own.flatMap((one) => one[what] ?? []))
    const starts = own.flatMap(({ cpuMs, bareNodeCpuMs }) => (cpuMs === undefined ? [] : cpuMs / bareNodeCpuMs))
    return {
      method,
      wallMs: of('wallMs'),
      requests: of('requests'),
      ...(starts.length > 0 ? { cpuMs: of('cpuMs'), cpuStarts: spread(starts), peakRssMiB: of('peakRssMiB') } : {}),
    }
  })

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
