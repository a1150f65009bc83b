import type { ApiError } from './api-error.ts'
import type { Release } from './release.ts'
import type { SchemaProblem } from './validation.ts'

/** An answer before it becomes a `Response`. */
export interface Reply {
  status: number
  statusText?: string
  headers?: Record<string, string>
  /** JSON value, text, bytes or a stream; undefined means no body. */
  body?: unknown
  /** Sent as it is, without the headers that the service adds to its answers. */
  isBare?: true
}

/** How one service speaks when it refuses. */
export interface Dialect {
  /** Gives an error its body and headers; `accept` is the request's header, which decides the form of some. */
  error(error: ApiError, accept: string | null): Reply
  /** No token or a bad one; `identityUrl` is the address of the identity service. */
  unauthorized(identityUrl: string, accept: string | null): Reply
  /** The role does not allow it; `policy` is the name of the rule. */
  forbidden(policy: string): ApiError
  /** The body is no JSON; `path` is that of the route, if there is one. */
  malformedJson(path?: string): ApiError
  /** The body breaks the schema; releases word it in different ways. */
  invalid(problem: SchemaProblem, release: Release): ApiError
  /**
   * What a body with another content type than JSON means: `parse` reads it as JSON all the same, an error refuses it.
   */
  otherContentType(contentType: string): 'parse' | ApiError
  /** Refuses a content type before anything is read, for methods without a body too. */
  refusedContentType?(contentType: string): ApiError | undefined
  /** Content types are compared as they are written: `APPLICATION/JSON` is another one. */
  hasExactContentTypes?: true
  /** The body of a DELETE: not looked at, or refused once it has been read. */
  deleteBody?: 'ignored' | ApiError
  /** The path exists, but not with this method. */
  wrongMethod(allowed: readonly string[], method: string): ApiError
  /** No route has this path. */
  unknownRoute(): ApiError
  /** The router comes before the check of the token: unknown paths are reported without a token, too. */
  isRoutedBeforeLogin?: true
  /** The body is read before the path: one that is no JSON object is refused whatever the path and the token. */
  isBodyFirst?: true
  /** What answers without a body say of its type, where the service says something. */
  emptyContentType?: string
  /** Names of the request id headers, as the real service sends them. */
  requestIdHeaders(reply: Reply): readonly string[]
}
