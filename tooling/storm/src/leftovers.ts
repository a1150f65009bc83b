import { execFile } from 'node:child_process'
import { program } from './deadly-director.ts'

/** What the command calls its kinds, as the tenant's inventory calls them. */
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
  readonly removed?: boolean
  readonly problem?: string
}

/** All as `kind id` of a tenant's inventory. */
export interface Search {
  readonly listed: readonly string[]
  /** Of calls that died in the instant in which they answered. */
  readonly undecided: readonly string[]
  readonly problems: readonly string[]
}

/** Runs `openstack-cpi leftovers` for a director, whatever the age; answers what it lists, and what it could not delete. */
export async function findLeftovers(
  given: { readonly configFile: string; readonly director: string; readonly recordsFolder: string },
  ...more: readonly string[]
): Promise<Search> {
  const args = [
    'leftovers',
    '--config',
    given.configFile,
    '--director',
    given.director,
    '--older-than',
    '0s',
    '--json',
    ...more,
  ]
  const env = { PATH: '/usr/bin:/bin', OPENSTACK_CPI_RECORDS_DIR: given.recordsFolder }
  const stdout = await new Promise<string>((resolve, reject) => {
    execFile(process.execPath, [program, ...args], { env }, (error, out, err) =>
      // 1 says that there is something; without a list it could not be looked.
      out === '' ? reject(new Error(`leftovers: ${error?.message} ${err}`)) : resolve(out),
    )
  })
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
