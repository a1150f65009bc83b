import type { CloudUnderTest, User } from '../cloud-under-test.ts'
import type { Recorded, Service } from '../probe.ts'
import { type Step, toSteps } from '../probe-file.ts'
import { deletionOf, deletionSteps, ScenarioRun, withTexts } from '../scenario.ts'
import { type Answer, type Request, Session, unknownId } from '../session.ts'
import { readYaml } from '../yaml-file.ts'

type ByService<T> = Readonly<Partial<Record<Service, T>>>

const written = readYaml<{
  account: unknown
  given: unknown
  objects: ByService<unknown>
  settle: ByService<unknown>
  left: ByService<readonly string[]>
}>(new URL('./prepared.yaml', import.meta.url))

const objectsOf = (service: Service): readonly Step[] => toSteps(written.objects[service])

/** What requests may name of the prepared objects of a service: `server`, `network`. */
export const preparedNames = (service: Service): readonly string[] =>
  objectsOf(service).flatMap(({ save }) => Object.keys(save))

/** Of every user that the exploration makes. */
const password = 'explore-password'

/** The users that send requests. */
const exploring: readonly User[] = ['bosh', 'other', 'admin']

/** Status of an answer that never came: there is nothing to compare. */
export const noResponse = 0
const silence: Answer = { status: noResponse, headers: new Headers(), body: null }

/** One cloud with a project of its own for the exploration of a service, and the objects in it. */
export class PreparedCloud {
  readonly session: Session
  readonly #service: Service
  /** Of the administrator, who has made the account. */
  readonly #admin: Session
  readonly #account: ScenarioRun
  #objects: ScenarioRun

  private constructor(service: Service, admin: Session, account: ScenarioRun, session: Session, given: ScenarioRun) {
    this.#service = service
    this.#admin = admin
    this.#account = account
    this.session = session
    this.#objects = given
  }

  /** Makes project, user and objects on a cloud. */
  static async prepare(cloud: CloudUnderTest, service: Service, name: string): Promise<PreparedCloud> {
    const admin = new Session(cloud, name)
    await admin.start(['admin'])
    const account = new ScenarioRun({ name: 'account', service: 'identity', variables: { password } }, admin)
    await account.steps(toSteps(written.account))
    const own = { name, password, project: name }
    const session = new Session({ ...cloud, people: { ...cloud.people, bosh: own, small: own } }, name)
    await session.start(exploring)
    const named = { name, user_name: name, project_name: name, unknown: unknownId }
    const variables = { ...Object.fromEntries(account.variables), ...named }
    const given = new ScenarioRun({ name: 'given', service: 'identity', variables }, session)
    await given.steps(toSteps(written.given))
    const prepared = new PreparedCloud(service, admin, account, session, given)
    await prepared.renew()
    return prepared
  }

  /**
   * Sends a request, with ids and names in place of `{server}`, `{network}`, `{name}`. `undo` deletes what it has created.
   * When the server closes the connection, the answer has the status `noResponse`.
   */
  async ask(request: Request): Promise<{ readonly recorded: Recorded; undo(): Promise<void> }> {
    const known = this.#objects.variables
    const filled = withTexts(request, (text) =>
      text.replace(/\{(\w+)\}/g, (whole, name: string) => known.get(name) ?? whole),
    )
    const answer = await this.#sent(filled).catch((error: unknown) => {
      if (error instanceof TypeError && error.message === 'fetch failed') return silence
      throw error
    })
    return {
      recorded: this.session.record(filled, answer),
      undo: () => this.#objects.steps(deletionOf(filled, answer)),
    }
  }

  /** Makes the objects anew, in place of those that a request may have changed. */
  async renew(): Promise<void> {
    await this.#clear()
    const variables = Object.fromEntries(this.#objects.variables)
    this.#objects = new ScenarioRun({ name: 'objects', service: this.#service, variables }, this.session)
    await this.#objects.steps(objectsOf(this.#service))
  }

  /** Waits until the load balancer has taken a change, if there is one. */
  settle(): Promise<void> {
    return this.#objects.steps(toSteps(written.settle[this.#service] ?? []))
  }

  /** Deletes everything, the project and the user too. */
  async remove(): Promise<void> {
    await this.#clear()
    await this.#admin.start(['admin']) // the token may have ended meanwhile
    await this.#account.undo()
  }

  /** The answer to a request. A token that has ended meanwhile is fetched anew, once. */
  async #sent(request: Request): Promise<Answer> {
    const answer = await this.session.send(request)
    const hasToken = request.as !== 'anonymous' && request.as !== 'bad-token'
    if (answer.status !== 401 || !hasToken || request.path.startsWith('/auth')) return answer
    await this.session.start(exploring)
    return this.session.send(request)
  }

  /** Deletes the objects, and what accepted requests have left in the project. */
  async #clear(): Promise<void> {
    await this.#objects.undo()
    const project = this.session.login('bosh').projectId
    for (const path of written.left[this.#service] ?? []) {
      const { body } = await this.session.send({ service: this.#service, method: 'GET', path })
      const list = Object.values(body ?? {}).find(Array.isArray) as
        | readonly { id?: string; project_id?: string; name?: string }[]
        | undefined // of the documented form
      for (const item of list ?? []) {
        const isOwn = item.project_id === undefined || item.project_id === project
        if (!isOwn || item.id === undefined || item.name === 'default') continue
        await this.#objects.steps(deletionSteps(path.replace(/\?.*/, ''), item.id, {}))
      }
    }
  }
}
