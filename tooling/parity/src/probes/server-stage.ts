import { type Stage, statusIn } from '../scenario.ts'
import type { Answer } from '../session.ts'

/** Ids of what every server needs. */
interface Places {
  readonly image: string
  readonly network: string
  readonly external: string
}

/** Looks up what servers are made of. */
export const places = async ({ quiet }: Stage): Promise<Places> => {
  const image = await quiet('GET /images?name=tiny-image', { service: 'image' })
  const network = await quiet('GET /networks?name=bosh-net', { service: 'network' })
  const external = await quiet('GET /networks?name=public', { service: 'network' })
  return {
    image: image.at('images', 0, 'id'),
    network: network.at('networks', 0, 'id'),
    external: external.at('networks', 0, 'id'),
  }
}

/** Status and task state, or the HTTP status where there is no server. */
export const serverState = (answer: Answer): unknown =>
  answer.status === 200
    ? [answer.at('server', 'status'), answer.at('server', 'OS-EXT-STS:task_state')].join('/')
    : answer.status

/** Deletes, and waits until there is nothing any more. */
export const gone = async (stage: Stage, path: string): Promise<void> => {
  await stage.quiet(`DELETE ${path}`)
  await stage.until(`GET ${path}`, statusIn('server', 'status'), [404])
}
