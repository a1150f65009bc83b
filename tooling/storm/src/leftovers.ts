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

/** Runs `openstack-cpi leftovers` for a director, whatever the age; answers what it lists, and what it could not delete. */
export async function findLeftovers(
  given: { readonly configFile: string; readonly director: string; readonly recordsFolder: string },
  ...more: readonly string[]
): Promise<{ readonly listed: readonly string[]; readonly problems: readonly string[] }> {
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
  const { leftovers } = JSON.parse(stdout) as { readonly leftovers: readonly Row[] } // documented in docs/leftovers.md
  return {
    listed: leftovers.map(({ kind, id }) => `${inventoryKinds[kind] ?? kind} ${id}`).sort(),
    problems: leftovers.flatMap(({ kind, id, problem }) =>
      problem === undefined ? [] : [`${kind} ${id}: ${problem}`],
    ),
  }
}
