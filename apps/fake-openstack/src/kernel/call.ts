import type * as z from 'zod'
import { ApiError } from './api-error.ts'
import type { TokenRecord } from './auth.ts'
import type { CloudContext } from './cloud-context.ts'
import type { Dialect } from './dialect.ts'
import type { RequestedFailure } from './failure.ts'
import type { Method } from './method.ts'
import { Microversion } from './microversion.ts'
import { TrackedQuery } from './tracked-query.ts'
import { schemaProblem, unreadFields } from './validation.ts'

/** A request of one service to another. */
export interface PeerRequest {
  /** Name of the other service: `network`. */
  readonly service: string
  readonly method: Method
  /** Below the other's prefix, with its query: `/v2.0/networks?name=a`. */
  readonly path: string
  readonly body?: unknown
  readonly contentType?: string
}

/** Sends a request with the caller's token; answers its body. */
export type Peers = (caller: Call, request: PeerRequest) => unknown

/** One request on its way through a handler. */
export class Call {
  readonly context: CloudContext
  readonly request: Request
  readonly url: URL
  /** Address of the service as the client reaches it, without slash: `http://127.0.0.1:8080/compute`. */
  readonly serviceUrl: string
  /** Address of the cloud as the client reaches it. */
  readonly origin: string
  readonly params: Readonly<Record<string, string>>
  readonly query: TrackedQuery
  readonly requestId: string
  /** The bytes of the body, for routes with `body: 'stream'`; a chunk is valid until the next one is asked for. */
  readonly upload: AsyncIterable<Uint8Array> | null
  /** Names of body fields that no schema asked for; the journal shows them. */
  unread: string[] = []
  /** What a fault rule wants of this request's resource, for handlers that change states without a lifecycle. */
  failure: RequestedFailure | undefined
  microversion = new Microversion(0, 0)
  /** The request is for the API before the microversions, whose schemas are looser. */
  isOfFormerApi = false
  /** Headers that a handler adds to its answer besides those of its reply. */
  readonly responseHeaders: Record<string, string> = {}
  readonly #dialect: Dialect
  readonly #token: TokenRecord | undefined
  readonly #peers: Peers | undefined
  #body: unknown

  constructor(parts: {
    context: CloudContext
    request: Request
    url: URL
    serviceUrl: string
    origin: string
    params: Record<string, string>
    requestId: string
    dialect: Dialect
    token: TokenRecord | undefined
    body: unknown
    upload: AsyncIterable<Uint8Array> | null
    peers?: Peers
  }) {
    this.context = parts.context
    this.request = parts.request
    this.url = parts.url
    this.serviceUrl = parts.serviceUrl
    this.origin = parts.origin
    this.params = parts.params
    this.query = new TrackedQuery(parts.url.searchParams)
    this.requestId = parts.requestId
    this.upload = parts.upload
    this.#dialect = parts.dialect
    this.#token = parts.token
    this.#peers = parts.peers
    this.#body = parts.body
  }

  get store() {
    return this.context.store
  }

  get now(): number {
    return this.context.clock.now()
  }

  /** The request's valid token; routes with `access: 'public'` have to look at `tokenIfAny`. */
  get token(): TokenRecord {
    if (!this.#token) throw new ApiError(401, 'The request you have made requires authentication.')
    return this.#token
  }

  get tokenIfAny(): TokenRecord | undefined {
    return this.#token
  }

  /** Project of the token; the empty string for an unscoped one, which owns nothing. */
  get projectId(): string {
    return this.#token?.project?.id ?? ''
  }

  get userId(): string {
    return this.#token?.userId ?? ''
  }

  hasRole(name: string): boolean {
    return this.#token?.roles.some((role) => role.name === name) ?? false
  }

  get isAdmin(): boolean {
    return this.hasRole('admin')
  }

  /** A part of the path; a name that the route does not have is a mistake of the service and throws. */
  param(name: string): string {
    const value = this.params[name]
    if (value === undefined) throw new Error(`the route has no parameter ${name}`)
    return value
  }

  /** The body, checked; what breaks the schema is refused in the words of the service. */
  json<T>(schema: z.ZodType<T>): T {
    const result = schema.safeParse(this.#body)
    if (!result.success) {
      const { release } = this.context.settings
      throw this.#dialect.invalid(schemaProblem(result.error, this.#body, release), release)
    }
    this.unread = unreadFields(this.#body, result.data)
    return result.data
  }

  /** The body as it came, parsed but unchecked; undefined when there was none. */
  get rawJson(): unknown {
    return this.#body
  }

  /**
   * Asks another service with the caller's token, for proxies of its API, and answers the body, read by the schema. What
   * the other refuses is thrown.
   */
  ask<T>(schema: z.ZodType<T>, request: PeerRequest): T {
    if (!this.#peers) throw new Error('a request of a service to another asks no third one')
    return schema.parse(this.#peers(this, request))
  }

  /** Refuses callers without the admin role, naming the rule as the service does. */
  requireAdmin(policy: string): void {
    if (!this.isAdmin) throw this.#dialect.forbidden(policy)
  }
}
