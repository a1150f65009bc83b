import type { CloudContext } from '../kernel/cloud-context.ts'
import { type Answer, answerOf } from '../kernel/reply.ts'
import { configDrive, type GuestDocuments, metadataService } from '../services/compute/views/guest-documents.ts'

/**
 * What the guest of a server would read, for tests that look at it with the agent's eyes:
 * `GET /_fake/metadata/<server>/latest/user-data`, `…/latest/meta-data/…`, `…/openstack/latest/…` as the metadata service
 * serves them, `…/config-drive/<path>` for the files of the config drive. A listing for a path that ends with a slash.
 */
export const guestMetadata = (context: CloudContext, path: string): Answer | undefined => {
  const match = /^\/metadata\/([^/]+)\/(config-drive\/?)?(.*)$/.exec(path)
  if (!match) return undefined
  const [, serverId = '', drive, file = ''] = match
  context.lifecycle.settle()
  const files = drive === undefined ? metadataService(context, serverId) : configDrive(context, serverId)
  if (!files) {
    const what = drive === undefined ? 'running server' : 'config drive of a server'
    return answerOf({ status: 404, body: { error: `there is no ${what} ${serverId}` } }, {}, 'GET')
  }
  return answerOf(replyFor(files, file), {}, 'GET')
}

const replyFor = (files: GuestDocuments, file: string) => {
  const text = { 'content-type': 'text/plain; charset=UTF-8' }
  const found = files[file]
  if (found instanceof Uint8Array)
    return { status: 200, headers: { 'content-type': 'application/octet-stream' }, body: found }
  if (typeof found === 'string') return { status: 200, headers: text, body: found }
  if (found !== undefined) return { status: 200, body: found }
  if (file === '' || file.endsWith('/')) {
    const below = Object.keys(files).filter((name) => name.startsWith(file) && name !== file)
    const names = below.map((name) => name.slice(file.length).replace(/\/.*$/, '/'))
    if (below.length > 0) return { status: 200, headers: text, body: [...new Set(names)].join('\n') }
  }
  return { status: 404, headers: text, body: '404 Not Found' }
}
