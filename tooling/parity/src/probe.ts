export const services = ['identity', 'compute', 'image', 'block-storage', 'network', 'load-balancer'] as const
export type Service = (typeof services)[number]

/** One answer with everything that differs from run to run taken out. */
export interface Recorded {
  /** `GET /volumes?limit=1`, with placeholders for ids. */
  readonly request: string
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: unknown
  /** For polled resources: the values seen, in order, without repetition. */
  readonly states?: readonly unknown[]
}

/** What a probe allows besides equality. */
export interface Tolerance {
  /** `shape`: lists may differ in length and values; their items must have the same keys and types. */
  readonly list?: 'shape'
  /** States that come and go so quickly that a poll may miss them. */
  readonly fleeting?: readonly unknown[]
  /** Fields of the answer that are there only while the service still works on the object. */
  readonly fleetingFields?: readonly string[]
  /** Timing inside the cloud decides the answer: a real cloud gives this one or another. */
  readonly race?: true
}

/** One request of a scenario, with the response of one cloud. */
export interface Probe {
  readonly service: Service
  /** `<scenario> / <probe>` */
  readonly name: string
  readonly recorded: Recorded
  readonly tolerance: Tolerance
}
