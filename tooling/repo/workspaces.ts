import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { root } from './run-command.ts'

/** A workspace of the repository. */
export interface Workspace {
  /** From the root, for example `packages/cpi-core`. */
  readonly folder: string
  readonly name: string
  readonly hasTests: boolean
}

/** All workspaces of `packages`, `apps` and `tooling`, in the order of their folders. */
export async function readWorkspaces(): Promise<readonly Workspace[]> {
  const found: Workspace[] = []
  for (const group of ['packages', 'apps', 'tooling']) {
    for (const name of (await readdir(join(root, group))).toSorted()) {
      const manifest = await readFile(join(root, group, name, 'package.json'), 'utf8').catch(() => undefined)
      if (manifest === undefined) continue
      const { name: packageName, scripts = {} } = JSON.parse(manifest) as {
        name: string
        scripts?: Record<string, string>
      } // our own manifests
      found.push({ folder: join(group, name), name: packageName, hasTests: 'test' in scripts })
    }
  }
  return found
}
