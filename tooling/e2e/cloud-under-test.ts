import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startFake, tlsListener } from '@openstack-cpi/harness/fake-process'
import type { TestProject } from 'vitest/node'

declare module 'vitest' {
  interface ProvidedContext {
    /** Path of the cloud description file. */
    readonly descriptionFile: string
  }
}

/** The suite's only parameter is the description file; without one it brings its own fake cloud. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const given = process.env['OPENSTACK_FIXTURES']
  if (given) {
    project.provide('descriptionFile', given)
    return async () => undefined
  }
  const folder = await mkdtemp(join(tmpdir(), 'openstack-e2e-'))
  const fake = await startFake(folder, tlsListener)
  project.provide('descriptionFile', fake.descriptionFile)
  return async () => {
    await fake.stop()
    await rm(folder, { recursive: true })
  }
}
