import { execFileSync } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readCloudDescription } from '@openstack-cpi/harness/cloud-description'
import { type Inventory, TenantView } from '@openstack-cpi/harness/tenant'
import type { TestProject } from 'vitest/node'
import { descriptionFile, hostProgram } from './guest-host.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** Paths of the booting stemcell's root disks, by format. */
    readonly rootDisks: { readonly raw: string; readonly qcow2: string }
    /** What the project had before the first test. */
    readonly inventory: Inventory
  }
}

/** Makes the root disks once for all test files. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const view = await TenantView.login(await readCloudDescription(descriptionFile))
  project.provide('inventory', await view.inventory())
  const folder = await mkdtemp(join(tmpdir(), 'openstack-cpi-stemcell-'))
  execFileSync(hostProgram('stemcell/build'), [folder])
  project.provide('rootDisks', { raw: join(folder, 'root.img'), qcow2: join(folder, 'root.qcow2') })
  return () => rm(folder, { recursive: true })
}
