import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { listenDuringTest } from './listening.ts'

/** A request as the server saw it. */
export interface SeenRequest {
  readonly method: string
  /** Path and query. */
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

export interface ScriptedServer {
  /** `http://127.0.0.1:<port>`. */
  readonly origin: string
  readonly requests: readonly SeenRequest[]
}

/** Answers a request, or breaks the connection through `response.socket`, or never answers. */
export type Script = (request: SeenRequest, response: ServerResponse) => void

/** An HTTP server on the loopback that does what the test says; it ends with the test. */
export async function scriptedServer(script: Script): Promise<ScriptedServer> {
  const requests: SeenRequest[] = []
  const server = createServer(async (incoming: IncomingMessage, response) => {
    const body = await wholeBody(incoming)
    if (body === undefined) return
    const headers = Object.fromEntries(Object.entries(incoming.headers).map(([name, value]) => [name, String(value)]))
    const request = { method: incoming.method ?? '', path: incoming.url ?? '', headers, body }
    requests.push(request)
    response.sendDate = false // the time of tests is not this machine's
    script(request, response)
  })
  const port = await listenDuringTest(server)
  return { origin: `http://127.0.0.1:${port}`, requests }
}

/** Undefined when the client broke off. */
async function wholeBody(incoming: IncomingMessage): Promise<string | undefined> {
  let body = ''
  try {
    for await (const chunk of incoming) body += String(chunk)
  } catch (error) {
    if (incoming.errored !== null) return undefined
    throw error
  }
  return body
}

/** Answers with JSON. */
export function answer(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers })
  response.end(typeof body === 'string' ? body : JSON.stringify(body))
}
