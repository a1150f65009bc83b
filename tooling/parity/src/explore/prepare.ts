import type { CloudUnderTest, User } from '../cloud-under-test.ts'
import type { Service } from '../probe.ts'
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
export type PreparedCloud = Awaited<ReturnType<typeof prepareCloud>>

/** Makes project, user and objects on a cloud. */
export async function prepareCloud(cloud: CloudUnderTest, service: Service, name: string) {
  const admin = new Session(cloud, name)
  await admin.start(['admin'])
  const account = new ScenarioRun({ name: 'account', service: 'identity', variables: { password } }, admin)
  await account.steps(toSteps(written.account))
  const own = { name, password, project: name }
  const session = new Session({ ...cloud, people: { ...cloud.people, bosh: own, small: own } }, name)
  await session.start(exploring)
  const named = { name, user_name: name, project_name: name, unknown: unknownId }
  const variables = { ...Object.fromEntries(account.variables), ...named }
  let objects = new ScenarioRun({ name: 'given', service: 'identity', variables }, session)
  await objects.steps(toSteps(written.given))

  /** Makes the objects anew, in place of those that a request may have changed. */
  const renew = async (): Promise<void> => {
    await clear()
    objects = new ScenarioRun({ name: 'objects', service, variables: Object.fromEntries(objects.variables) }, session)
    await objects.steps(objectsOf(service))
  }

  /** Deletes the objects, and what accepted requests have left in the project. */
  const clear = async (): Promise<void> => {
    await objects.undo()
    const project = session.login('bosh').projectId
    for (const path of written.left[service] ?? []) {
      const { body } = await session.send({ service, method: 'GET', path })
      const list = Object.values(body ?? {}).find(Array.isArray) as
        | readonly { id?: string; project_id?: string; name?: string }[]
        | undefined // of the documented form
      for (const item of list ?? []) {
        const isOwn = item.project_id === undefined || item.project_id === project
        if (!isOwn || item.id === undefined || item.name === 'default') continue
        await objects.steps(deletionSteps(path.replace(/\?.*/, ''), item.id, {}))
      }
    }
  }

  await renew()
  return {
    renew,

    /**
     * Sends a request, with ids and names in place of `{server}`, `{network}`, `{name}`. `undo` deletes what it has
     * created. When the server closes the connection, the answer has the status `noResponse`.
     */
    async ask(request: Request) {
      const { variables: known } = objects
      const filled = withTexts(request, (text) =>
        text.replace(/\{(\w+)\}/g, (whole, variable: string) => known.get(variable) ?? whole),
      )
      const answer = await answerTo(session, filled)
      return {
        recorded: session.record(filled, answer),
        undo: () => objects.steps(deletionOf(filled, answer)),
      }
    },

    /** Waits until the load balancer has taken a change, if there is one. */
    settle: () => objects.steps(toSteps(written.settle[service] ?? [])),

    /** Deletes everything, the project and the user too. */
    async remove(): Promise<void> {
      await clear()
      await admin.start(['admin']) // the token may have ended meanwhile
      await account.undo()
    },
  }
}

/** The answer to a request. A token that has ended meanwhile is fetched anew, once. */
async function answerTo(session: Session, request: Request): Promise<Answer> {
  try {
    const answer = await session.send(request)
    const hasToken = request.as !== 'anonymous' && request.as !== 'bad-token'
    if (answer.status !== 401 || !hasToken || request.path.startsWith('/auth')) return answer
    await session.start(exploring)
    return await session.send(request)
  } catch (error) {
    if (error instanceof TypeError && error.message === 'fetch failed') return silence
    throw error
  }
}
