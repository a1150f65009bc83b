import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openCloud, tlsListener } from '@openstack-cpi/harness/fake-process'
import type { TestProject } from 'vitest/node'

declare module 'vitest' {
  interface ProvidedContext {
    /** Path of the cloud description file. */
    readonly descriptionFile: string
  }
}

/** The suite's only parameter is the description file; without one it brings its own fake cloud. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), 'openstack-e2e-'))
  const cloud = await openCloud(folder, tlsListener)
  project.provide('descriptionFile', cloud.descriptionFile)
  return async () => {
    await cloud.stop()
    await rm(folder, { recursive: true })
  }
}
