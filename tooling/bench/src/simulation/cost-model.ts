/** What is assumed of cloud and machine. */
export interface Assumptions {
  /** Of the director, each with one call at a time. */
  readonly workers: number
  /** From request to answer, ms. */
  readonly latencyMs: number
  /** A process from its start to its first request, and from its last answer to its end, ms. */
  readonly processMs: number
  /** `wait_resource_poll_interval`, ms. */
  readonly pollIntervalMs: number
  readonly tokenLifeMs: number
}

/** One call of a deployment, as it goes when nothing is amiss. */
export interface CallCost {
  readonly method: string
  /** Requests one after the other, those side by side counted once, polls left out. */
  readonly rounds: number
  /** Requests without polls. */
  readonly requests: number
  readonly waits: readonly WaitCost[]
}

export interface WaitCost {
  /** How long the cloud takes, ms. */
  readonly readyMs: number
  /** The driver does not look before, ms. */
  readonly notBeforeMs: number
}

export interface Cost {
  readonly requests: number
  readonly logins: number
  readonly seconds: number
}

/** `pollTimes` of the driver for one interval: when it looks, ms from the start of the wait. */
export type PollTimes = (intervalMs: number, notBeforeMs: number) => Iterable<number>

/**
 * What `vms` VMs cost, each made by these calls one after the other: a worker takes the next VM when its last one is
 * ready. One login serves all calls until the token ends.
 */
export function costOf(
  vms: number,
  calls: readonly CallCost[],
  { workers, latencyMs, processMs, pollIntervalMs, tokenLifeMs }: Assumptions,
  pollTimes: PollTimes,
): Cost {
  let requestsPerVm = 0
  let msPerVm = 0
  for (const { rounds, requests, waits } of calls) {
    requestsPerVm += requests
    msPerVm += processMs + rounds * latencyMs
    for (const { readyMs, notBeforeMs } of waits) {
      const wait = lookUntil(readyMs, pollTimes(pollIntervalMs, notBeforeMs), latencyMs)
      requestsPerVm += wait.polls
      msPerVm += wait.ms
    }
  }
  const totalMs = Math.ceil(vms / workers) * msPerVm
  const logins = Math.ceil(totalMs / tokenLifeMs)
  return { requests: vms * requestsPerVm + logins, logins, seconds: (totalMs + latencyMs) / 1000 }
}

/** A poll takes a request's time; one that is due meanwhile is made right after. */
function lookUntil(readyMs: number, times: Iterable<number>, latencyMs: number): { polls: number; ms: number } {
  let polls = 0
  let nowMs = 0
  for (const atMs of times) {
    nowMs = Math.max(nowMs, atMs)
    polls++
    // The cloud looks at the object when the request has arrived, which the simulation puts at its end.
    nowMs += latencyMs
    if (nowMs >= readyMs) return { polls, ms: nowMs }
  }
  throw new Error('the list of polls has an end')
}
