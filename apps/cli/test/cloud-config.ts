import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createFakeOpenStack, type FakeOpenStack, type FakeOpenStackOptions } from 'fake-openstack'

export interface CloudUnderTest {
  readonly cloud: FakeOpenStack
  /** Writes a configuration for the user `bosh` of this cloud, with more `openstack` properties, and returns its path. */
  config(openstack?: object, agent?: object): string
  file(name: string, content: string): string
  /** The id of what the seed calls so, for example of the network `bosh-net`. */
  idOf(kind: string, name: string): string
  close(): Promise<void>
}

/** A fake cloud on a port of its own, and a folder for files that belong to it. */
export const startCloud = async (options: FakeOpenStackOptions = {}): Promise<CloudUnderTest> => {
  const cloud = createFakeOpenStack({ autoAdvance: '1s', ...options })
  const { authUrl } = await cloud.listen()
  const folder = mkdtempSync(join(tmpdir(), 'openstack-cpi-cli-'))
  const login = { auth_url: authUrl, username: 'bosh', api_key: 'bosh-password', project: 'bosh', domain: 'Default' }
  const file = (name: string, content: string): string => {
    writeFileSync(join(folder, name), content, { mode: 0o600 })
    return join(folder, name)
  }
  let files = 0
  return {
    cloud,
    file,
    config(openstack = {}, agent = {}) {
      files += 1
      const properties = { openstack: { ...login, ...openstack }, agent }
      return file(`cpi-${files}.json`, JSON.stringify({ cloud: { plugin: 'openstack', properties } }))
    },
    idOf(kind, name) {
      const found = cloud.state()[kind]?.find((item) => Object(item).name === name)
      if (found === undefined) throw new Error(`the cloud has no ${name} among its ${kind}`)
      return String(Object(found).id)
    },
    async close() {
      await cloud.close()
      rmSync(folder, { recursive: true })
    },
  }
}
