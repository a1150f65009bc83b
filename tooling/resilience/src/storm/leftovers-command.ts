import { builtExecutable, startProcess } from '../cpi-process.ts'

/** Names of the command's kinds in a project's inventory. */
const inventoryKinds: Readonly<Record<string, string>> = {
  server: 'servers',
  port: 'ports',
  volume: 'volumes',
  snapshot: 'snapshots',
  image: 'images',
  'server group': 'server_groups',
}

interface Row {
  readonly kind: string
  readonly id: string
  readonly problem?: string
}

/** Everything as `kind id` of a project's inventory. */
export interface Search {
  readonly listed: readonly string[]
  /** Of calls that died while they sent their response. */
  readonly undecided: readonly string[]
  readonly problems: readonly string[]
}

/** Runs `openstack-cpi leftovers` for a director, whatever the age; returns what it lists and could not delete. */
export async function findLeftovers(
  given: { readonly configFile: string; readonly director: string; readonly recordsFolder: string },
  ...more: readonly string[]
): Promise<Search> {
  const where = ['--config', given.configFile, '--director', given.director, '--older-than', '0s', '--json']
  const { stdout, stderr, exitCode } = await startProcess(builtExecutable, ['leftovers', ...where, ...more], {
    environment: { OPENSTACK_CPI_RECORDS_DIR: given.recordsFolder },
  }).ended
  // 1: leftovers exist; without a list the search did not run.
  if (stdout === '') throw new Error(`leftovers ended with ${exitCode}: ${stderr}`)
  const { leftovers, undecided } = JSON.parse(stdout) as Record<'leftovers' | 'undecided', readonly Row[]> // documented
  const keys = (rows: readonly Row[]) => rows.map(({ kind, id }) => `${inventoryKinds[kind] ?? kind} ${id}`).sort()
  return {
    listed: keys(leftovers),
    undecided: keys(undecided),
    problems: leftovers.flatMap(({ kind, id, problem }) =>
      problem === undefined ? [] : [`${kind} ${id}: ${problem}`],
    ),
  }
}
