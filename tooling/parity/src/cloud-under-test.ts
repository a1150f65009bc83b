import { setTimeout } from 'node:timers/promises'
import { readCloudDescription, type Tenant } from '@openstack-cpi/harness/cloud-description'
import { createFakeOpenStack } from 'fake-openstack'
import type { Release } from './recording.ts'

/** A user of the cloud. */
export type User = 'bosh' | 'small' | 'other' | 'admin'

/** The sender of a request: `anonymous` sends no token, `bad-token` one that was never issued. */
export type TestUser = User | 'anonymous' | 'bad-token'

/** A cloud as the suite sees it: the real one and the fake differ in nothing else. */
export interface CloudUnderTest {
  readonly authUrl: string
  readonly region: string
  readonly people: Readonly<Record<User, Pick<Tenant, 'name' | 'password' | 'project'>>>
  fetch(url: string, init: RequestInit): Promise<Response>
  /** Lets time pass: really, or on the fake's clock. */
  pause(ms: number): Promise<void>
}

/** Any cloud with a description file, over HTTP. The file's `admin` reads only. */
export async function describedCloud(file: string): Promise<CloudUnderTest> {
  const description = await readCloudDescription(file)
  const { admin } = description
  if (!admin) throw new Error(`${file} names no administrator`)
  return {
    authUrl: description.auth_url,
    region: description.region,
    people: {
      bosh: description.user,
      small: description.small_user,
      other: description.other_user,
      admin: { name: admin.user, password: admin.password, project: admin.project },
    },
    fetch: fetchAgain,
    pause: setTimeout,
  }
}

/** A connection that the server closed while it was idle is no answer: the request goes out again. */
const fetchAgain = async (url: string, init: RequestInit): Promise<Response> => {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await fetch(url, init)
    } catch (error) {
      if (!(error instanceof TypeError) || attempt === maxAttempts) throw error
      await setTimeout(200 * attempt)
    }
  }
}

const maxAttempts = 6

/** The fake in this process, with a virtual clock that moves a little with each request. */
export function fakeCloud(release: Release): CloudUnderTest {
  const cloud = createFakeOpenStack({ release, seed: 'bosh', clock: 'virtual', autoAdvance: '5ms' })
  const tenant = (name: string) => ({ name, password: 'bosh-password', project: name })
  return {
    authUrl: cloud.authUrl,
    region: 'RegionOne',
    people: {
      bosh: tenant('bosh'),
      small: tenant('bosh-small'),
      other: tenant('other'),
      admin: { name: 'admin', password: 'admin-password', project: 'admin' },
    },
    fetch: (url, init) => cloud.fetch(url, init),
    pause: async (ms) => cloud.clock.advance(ms),
  }
}
