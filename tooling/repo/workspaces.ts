import { glob, readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
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
  for await (const file of glob('{packages,apps,tooling}/*/package.json', { cwd: root })) {
    const { name, scripts = {} } = JSON.parse(await readFile(join(root, file), 'utf8')) as {
      name: string
      scripts?: Record<string, string>
    } // our own manifests
    found.push({ folder: dirname(file), name, hasTests: 'test' in scripts })
  }
  return found.toSorted((a, b) => (a.folder < b.folder ? -1 : 1))
}
