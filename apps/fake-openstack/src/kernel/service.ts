/**
 * How a service is written. `services/identity` is the pattern; one file per resource, and `service.ts` ties them.
 *
 * 1. **Records.** A resource file declares its record type (`extends StoredRecord`, JSON only, never changed in place)
 *    and its collection: `export const volumes = defineCollection<VolumeRecord>()({ kind: 'volumes', indexes: { name:
 *    (r) => r.name, project: (r) => r.project_id }, sums: { gigabytes: { by: (r) => r.project_id, of: (r) => r.size } }
 *    })`. Declare an index for everything a client filters by often; `where({ project, name })` takes the smallest.
 *    `order` only if lists are not in order of creation (Neutron: `(r) => r.id`).
 * 2. **Routes** are data: `{ method, path, operation, access, handle }`. Paths are relative to the service's `bases`
 *    (`/v2.1`), or, with `atRoot`, to its prefix. Fixed segments win over `:parameters`. Operations are called
 *    `<collection>.<verb>` (`servers.create`, `.list`, `.show`, `.update`, `.delete`, `servers.reboot`); faults and the
 *    journal know requests by them. For Nova's and Cinder's `POST …/action` give `actions` instead of `handle`: the
 *    first key of the body chooses the entry, each with its own operation.
 * 3. **Handlers** are `(call) => Reply`, synchronous except for uploads (`body: 'stream'`, `call.upload`). They read
 * `call.param(…)`,
 *    `call.query`, `call.json(schema)` (zod; what no schema reads is reported in the journal as unread; use
 *    `z.strictObject` where the service refuses unknown fields), `call.projectId`, `call.isAdmin`,
 *    `call.microversion.atLeast('2.47')`, and answer by `ok`, `created`, `accepted`, `noContent` (reply.ts).
 * 4. **Errors** are thrown: `new ApiError(409, message, { type, headers })` or the short forms `badRequest`,
 *    `notFound`, `forbidden`, `conflict`. The service's `dialect` gives them their shape. A handler that throws
 *    changes nothing: everything it stored is taken back, so bulk creates are all or nothing for free.
 * 5. **Access.** Default is any valid token: handlers filter by `call.projectId` and answer 404 for what is not theirs
 *    (admins see all). `access: 'public'` needs no token; `access: { admin: 'policy:name' }` needs the admin role,
 *    and the refusal names the policy.
 * 6. **Lists**: `pageOf(call, collection, { where, matches, reverse, sort })` reads limit and marker and answers the
 *    items and whether there may be a next page; `nextHref(call, last)` writes the link. The service adds its keys.
 * 7. **Time**: `call.now` is epoch ms, `time-format.ts` has each service's notation. States that change by themselves
 *    are lifecycles: `export const build = defineLifecycle({ name: 'servers.build', collection: servers, steps: [{ name:
 *    'spawning', afterMs: 500, apply: (server, { context, payload }) => ({ status: 'ACTIVE' }) }], fail: (server,
 *    failure) => ({ status: failure.to }) })`, listed in `lifecycles` and begun by `call.context.lifecycle.start(build,
 *    id, payload)`. `fail` is what a fault rule's `state` does. Deleting first calls `lifecycle.cancel(servers, id)`.
 * 8. **Quotas**: defaults in `quotas`; `call.context.quotas.exceeded('compute', call.projectId, 'cores', used, adding)`,
 *    with `used` from `collection.count(index, value)` or `collection.sum(name, group)`; the refusal is the service's.
 * 9. **Other services** are reached through the store alone: import the other's collection (`ports` from
 *    `../network/ports.ts`) and use `call.store.of(ports)`; never another service's handlers; only a proxy of
 *    another API (Nova's `os-volumes`) asks it by `call.ask`, as its client. Small functions that
 *    keep records of one service consistent (`unbindPort(context, id)`) live beside that collection and may be imported.
 * 10. **Seed**: `seed/<service>.ts` exports `seedX(context, seed)`, called by `seed/apply-seed.ts`; records are stored
 *    directly, ids come from `context.ids`. Register the service itself with one line in `services/all.ts`.
 * 11. **Tests**: `const cloud = createFakeOpenStack()`, then `cloud.fetch(...)` with a token of `cloud.token('bosh')`,
 *    beside the source. `call.serviceUrl` is what links start with.
 */
import type { Call } from './call.ts'
import type { AnyCollectionDefinition } from './collection.ts'
import type { Dialect, Reply } from './dialect.ts'
import type { AnyLifecycle } from './lifecycle.ts'
import type { Method } from './method.ts'
import type { MicroversionRange } from './microversion.ts'
import type { PublishedSchemas } from './published-schemas.ts'
import type { Release } from './release.ts'

export type { Method }

/** Who may call: everybody, holders of any valid token (default), or admins by the named policy. */
export type Access = 'public' | 'token' | { admin: string }

export type Handler = (call: Call) => Reply | Promise<Reply>

/** What the first key of an action's body leads to. */
export interface Action {
  operation: string
  access?: Access
  handle: Handler
}

export interface Route {
  method: Method
  /** Relative to each of the service's bases, or to its prefix with `atRoot`. */
  path: string
  atRoot?: boolean
  /** `<collection>.<verb>` */
  operation: string
  access?: Access
  /** What the service looks up before it checks the caller's role: 404 comes in front of 403. */
  beforeRole?: (call: Call) => void
  /**
   * `stream` leaves the body to the handler, of any size; `none` refuses one (400, as Glance does); `presence` says only
   * whether there is one; otherwise it is read as JSON and bounded.
   */
  body?: 'stream' | 'none' | 'presence'
  handle: Handler
  /** The handler refuses what the service refuses, and answers 501 to all else: the route counts as not modelled. */
  endsUnmodelled?: true
  /** Not with `.json` at its end, where the service's other paths are. */
  noJsonSuffix?: true
  /** For `POST …/action`; `handle` then answers bodies whose key is none of these. */
  actions?: Readonly<Record<string, Action>>
}

/** Differences between the services' routers. */
export interface Transport {
  /** A slash at the end: part of no route (404), or left out. */
  trailingSlash: 'unknown' | 'ignored'
  /** `.json` at the end is the format of the answer, not a part of the last segment. */
  jsonSuffix: boolean
  /** Two slashes in a row: one, or (Keystone) a redirection to the path with one. */
  doubleSlash?: 'redirected'
  /** OPTIONS: an empty 200, for anybody (`empty`), the methods of the path (`allow`), or for holders of a token as GET. */
  options: 'empty' | 'allow' | 'get'
}

export interface ServiceDefinition {
  /** Service type in the catalog. */
  type: string
  /** Name used by fault rules and the journal: `block-storage` is `block-storage`, whatever the catalog calls it. */
  name: string
  /** Project name in the catalog, such as `nova`. */
  project: string
  /** First segment of the paths: `/compute`. */
  prefix: string
  /** Versions below the prefix to which routes are added: `/v2.1`, `/v3/:project_id`. */
  bases: readonly string[]
  /** One of the bases, below which requests have no microversion: their headers are ignored. */
  formerBase?: string
  /** Path that the catalog adds to the prefix; `%(project_id)s` is replaced. */
  catalogPath: string
  dialect: Dialect
  microversions?: (release: Release) => MicroversionRange
  /** Largest JSON body; oslo.middleware's default is 114688. */
  maxBodyBytes?: number
  routes: readonly Route[]
  /**
   * Every route of the real service, `GET POST /volumes` a line, relative to `bases`. A request that only the real
   * service has is 501; one that it does not have either is refused as the service does.
   */
  publishedRoutes: string
  /** First keys of the bodies of the real service's `POST …/action` routes, by path. */
  publishedActions?: Readonly<Record<string, readonly string[]>>
  /** Query keys of modelled lists that the service obeys and the fake answers with 501, by path. */
  unmodelledQueryKeys?: Readonly<Record<string, readonly string[]>>
  /** What the service checks bodies and queries by, in front of its handlers and of the caller's role. */
  schemas?: PublishedSchemas
  /** What the service's HTTP server and router do with a request before any handler. */
  transport: Transport
  collections: readonly AnyCollectionDefinition[]
  lifecycles?: readonly AnyLifecycle[]
  /** Quota defaults by resource. */
  quotas?: Readonly<Record<string, number>>
  /** HEAD is answered as GET without the body (Keystone); elsewhere it is a wrong method. */
  headIsGet?: boolean
  /** Runs before each handler, after the token and the version: checks that hold for all routes. */
  before?: (call: Call) => void
}

/** Declares a service; the type checker then knows its parts. */
export const defineService = (definition: ServiceDefinition): ServiceDefinition => definition
