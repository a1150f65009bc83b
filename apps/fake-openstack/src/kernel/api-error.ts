/**
 * A refusal that the client gets to see. The service's dialect gives it its shape; `type` and the other extras are for
 * dialects that have such a field.
 */
export class ApiError extends Error {
  override readonly name = 'ApiError'
  readonly status: number
  /** Neutron's exception name (`PortNotFound`), or Nova's fault key where it does not follow from the status. */
  readonly type: string | undefined
  /** Further response headers, such as `Retry-After`. */
  readonly headers: Readonly<Record<string, string>>
  /** A body that replaces the dialect's, for answers outside its form. */
  readonly body: unknown
  /** Glance's explanation in front of the message, where it has one. */
  readonly explanation: string | undefined
  /** Status line text, where the real service's differs from the standard one. */
  readonly statusText: string | undefined
  /** An error of WebOb below the service, in WebOb's form whatever the service's dialect is. */
  readonly isWebob: boolean
  /** The answer leaves out the headers of microversions, as Nova's routing 404 and its 400 for a bad header do. */
  readonly isOutsideApi: boolean

  constructor(
    status: number,
    message: string,
    options: {
      type?: string
      headers?: Record<string, string>
      body?: unknown
      explanation?: string
      statusText?: string
      isWebob?: boolean
      isOutsideApi?: boolean
    } = {},
  ) {
    super(message)
    this.status = status
    this.type = options.type
    this.headers = options.headers ?? {}
    this.body = options.body
    this.explanation = options.explanation
    this.statusText = options.statusText
    this.isWebob = options.isWebob ?? false
    this.isOutsideApi = options.isOutsideApi ?? false
  }
}

export const badRequest = (message: string): ApiError => new ApiError(400, message)
export const forbidden = (message: string): ApiError => new ApiError(403, message)
export const notFound = (message: string): ApiError => new ApiError(404, message)
export const conflict = (message: string): ApiError => new ApiError(409, message)
