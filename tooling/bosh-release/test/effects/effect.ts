import { createFakeOpenStack, type FakeOpenStack, type FakeOpenStackOptions } from 'fake-openstack'
import { type Answer, callCpi } from '../cpi-process.ts'
import type { Installation } from '../installation.ts'

/** Properties of a manifest, nested as there. */
export type Properties = Readonly<Record<string, unknown>>

type Row = Readonly<Record<string, unknown>>
type FullAnswer = Answer & { readonly stderr: string }

/** What properties of the job do, seen in the cloud or in the requests that reached it. */
export interface Effect {
  readonly name: string
  readonly job: 'openstack_cpi' | 'openstack_cpi_golang'
  /** The properties whose effect is asserted. */
  readonly proves: readonly string[]
  readonly cloud?: FakeOpenStackOptions
  readonly run: (stage: Stage) => Promise<void>
}

/** The CPI as a director finds it: a job's `bin/cpi`, rendered for one manifest. */
export interface RenderedCpi {
  readonly folder: string
  /** One process; whatever it answers. */
  call(method: string, ...args: readonly unknown[]): Promise<FullAnswer>
  /** The result of a call that must not fail. */
  ask(method: string, ...args: readonly unknown[]): Promise<unknown>
  /** The message of a call that must fail. */
  refusal(method: string, ...args: readonly unknown[]): Promise<string>
}

/** A cloud on a port of its own, in which calls take no time, and the job that is to work with it. */
export class Stage {
  readonly cloud: FakeOpenStack
  readonly url: string
  readonly #installation: Installation
  readonly #job: string

  private constructor(cloud: FakeOpenStack, url: string, installation: Installation, job: string) {
    this.cloud = cloud
    this.url = url
    this.#installation = installation
    this.#job = job
  }

  static async open(installation: Installation, { job, cloud: options }: Effect): Promise<Stage> {
    const cloud = createFakeOpenStack({ autoAdvance: '1s', ...options })
    return new Stage(cloud, (await cloud.listen()).url, installation, job)
  }

  /** The login of a user for the project of the same name. */
  login(user: string, authUrl = `${this.url}/identity/v3`): Properties {
    return { auth_url: authUrl, username: user, api_key: `${user}-password`, project: user, domain: 'Default' }
  }

  /** Renders the job. Logins are not kept, so that each call shows its own. */
  async cpi(openstack: Properties, others: Properties = {}): Promise<RenderedCpi> {
    const folder = await this.#installation.render(this.#job, { openstack, cpi: { token_cache: false }, ...others })
    const call = (method: string, ...args: readonly unknown[]) =>
      callCpi(`${folder}/bin/cpi`, this.#installation.environment, {
        method,
        arguments: args,
        context: { director_uuid: 'director', vm: { stemcell: { api_version: 3 } } },
        api_version: 2,
      })
    return {
      folder,
      call,
      ask: async (method, ...args) => {
        const { error, result, stderr } = await call(method, ...args)
        if (error !== null) throw new Error(`${method}: ${error.type}: ${error.message}\n${stderr}`)
        return result
      },
      refusal: async (method, ...args) => {
        const { error, result } = await call(method, ...args)
        if (error === null) throw new Error(`${method} did not fail, it answered ${JSON.stringify(result)}`)
        return error.message
      },
    }
  }

  /** Arguments of a `create_vm` on a manual network. */
  vm(vmType: Properties = {}): readonly unknown[] {
    const network = {
      type: 'manual',
      ip: '10.10.2.90',
      netmask: '255.255.252.0',
      gateway: '10.10.0.1',
      cloud_properties: { net_id: this.named('networks', 'bosh-net')['id'] },
    }
    const image = this.named('images', 'tiny-image')['id']
    return ['agent', `${image} light`, { instance_type: 'm1.small', ...vmType }, { default: network }, [], {}]
  }

  /** What the cloud has of a kind. */
  all(kind: string): readonly Row[] {
    return this.cloud.state()[kind]?.map((record) => ({ ...record })) ?? []
  }

  named(kind: string, name: string): Row {
    return one(this.all(kind).filter((row) => row['name'] === name))
  }

  /** What there is beyond the seed, of a kind: exactly one. */
  made(kind: string): Row {
    return one(this.cloud.leftovers()[kind]?.map((record) => ({ ...record })) ?? [])
  }

  /** The settings that the agent of the only server reads. */
  agentSettings(): Row {
    return JSON.parse(Buffer.from(String(this.made('servers')['user_data']), 'base64').toString())
  }

  /** The paths that were asked for, of one operation. */
  paths(operation: string): readonly string[] {
    return this.cloud.journal.of(operation).map(({ path }) => path)
  }

  /** Bodies of the requests of one operation, without secrets. */
  bodies(operation: string): readonly unknown[] {
    return this.cloud.journal.of(operation).map(({ request }) => request)
  }
}

function one(rows: readonly Row[]): Row {
  const [row, ...others] = rows
  if (row === undefined || others.length > 0) throw new Error(`one was expected, not ${rows.length}`)
  return row
}
