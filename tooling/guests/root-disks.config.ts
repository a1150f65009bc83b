import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'
import { buildRootDisks } from './guest-host.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** Paths of the booting stemcell's root disks, by format. */
    readonly rootDisks: { readonly raw: string; readonly qcow2: string }
  }
}

/** Makes the root disks once for all test files. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), 'openstack-cpi-stemcell-'))
  project.provide('rootDisks', await buildRootDisks(folder))
  return () => rm(folder, { recursive: true })
}
