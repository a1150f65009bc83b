/** Where a resource goes when a step fails, as a fault rule says it. */
export interface Failure {
  /** The status to end in, such as `ERROR` or, for a resource that gets stuck, the present one. */
  to: string
  message: string
}

/** The failure that a rule wants of whatever a request makes. Who makes something takes it. */
export class RequestedFailure {
  readonly #failure: Failure
  #isTaken = false

  constructor(failure: Failure) {
    this.#failure = failure
  }

  get isTaken(): boolean {
    return this.#isTaken
  }

  take(): Failure {
    this.#isTaken = true
    return this.#failure
  }
}
