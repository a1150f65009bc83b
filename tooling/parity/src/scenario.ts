import type { Probe, Recorded, Service, Tolerance } from './probe.ts'
import type { Answer, Request, Session } from './session.ts'

export type AskOptions = Partial<Omit<Request, 'method' | 'path'>> & Tolerance

/** What a scenario can do. Everything recorded is a probe; its name is unique in its scenario. */
export interface Stage {
  readonly session: Session
  /** Begins every name. */
  readonly prefix: string
  /** One request whose answer is recorded: `ask('size 0', 'POST /volumes', { body })`. */
  ask(name: string, line: string, options?: AskOptions): Promise<Answer>
  /** The same without recording, for preparations. */
  quiet(line: string, options?: AskOptions): Promise<Answer>
  /** Polls until the value is one of the last ones, recording what it was on the way. */
  states(
    name: string,
    line: string,
    pick: (answer: Answer) => unknown,
    last: readonly unknown[],
    options?: AskOptions,
  ): Promise<void>
  /** Waits, without recording, until the value is the wanted one or 30 s have passed. */
  until(
    line: string,
    pick: (answer: Answer) => unknown,
    wanted: readonly unknown[],
    options?: AskOptions,
  ): Promise<void>
  /** Runs at the end, last first, whatever happened. */
  later(undo: () => Promise<unknown>): void
}

export interface Scenario {
  readonly name: string
  readonly service: Service
  run(stage: Stage): Promise<void>
}

export const scenario = (service: Service, name: string, run: (stage: Stage) => Promise<void>): Scenario => ({
  service,
  name,
  run,
})

type Row = readonly [name: string, line: string, body?: unknown, options?: AskOptions]

/** A scenario of requests that have nothing to do with each other. */
export const table = (service: Service, name: string, rows: readonly Row[]): Scenario =>
  scenario(service, name, async ({ ask }) => {
    for (const [row, line, body, options] of rows)
      await ask(row, line, { ...options, ...(body === undefined ? {} : { body }) })
  })

const pollMs = 40
const maxPolls = 1500
const maxDeletions = 50

/** Plays a scenario on a cloud and answers what was recorded; cleaning up never fails it. */
export async function play(one: Scenario, session: Session): Promise<Probe[]> {
  const probes: Probe[] = []
  const undos: (() => Promise<unknown>)[] = []
  const requestOf = (line: string, options: AskOptions): Request => {
    const [method = '', path = ''] = line.split(' ', 2)
    return { service: one.service, method, path, ...options }
  }
  const keep = (name: string, recorded: Recorded, { list, fleeting, fleetingFields }: Tolerance): void => {
    const full = `${one.name} / ${name}`
    if (probes.some((probe) => probe.name === full)) throw new Error(`two probes are called ${full}`)
    const tolerance = {
      ...(list ? { list } : {}),
      ...(fleeting ? { fleeting } : {}),
      ...(fleetingFields ? { fleetingFields } : {}),
    }
    probes.push({ service: one.service, name: full, recorded, tolerance })
  }
  const quiet = async (line: string, options: AskOptions = {}): Promise<Answer> => {
    const request = requestOf(line, options)
    let answer = await session.send(request)
    // A real service fails now and then: Glance, when an image is deleted that its import has not quite let go of.
    for (let i = 0; i < maxDeletions && request.method === 'DELETE' && answer.status >= 500; i += 1) {
      await session.pause(pollMs)
      answer = await session.send(request)
    }
    return answer
  }
  const poll = async (
    line: string,
    pick: (answer: Answer) => unknown,
    last: readonly unknown[],
    options: AskOptions,
  ) => {
    const seen: unknown[] = []
    for (let i = 0; i < maxPolls; i += 1) {
      const answer = await quiet(line, options)
      const value = pick(answer)
      if (JSON.stringify(seen.at(-1)) !== JSON.stringify(value)) seen.push(value)
      if (last.includes(value)) return { seen, answer }
      await session.pause(pollMs)
    }
    return { seen: [...seen, 'still, after many polls'], answer: await quiet(line, options) }
  }
  try {
    await one.run({
      session,
      prefix: session.prefix,
      quiet,
      ask: async (name, line, options = {}) => {
        const request = requestOf(line, options)
        const answer = await session.send(request)
        keep(name, session.record(request, answer), options)
        return answer
      },
      states: async (name, line, pick, last, options = {}) => {
        const { seen, answer } = await poll(line, pick, last, options)
        keep(name, { ...session.record(requestOf(line, options), answer), body: null, states: seen }, options)
      },
      until: async (line, pick, wanted, options = {}) => {
        await poll(line, pick, wanted, options)
      },
      later: (undo) => undos.push(undo),
    })
  } finally {
    for (const undo of undos.reverse())
      await undo().catch((error: unknown) => console.error(`${one.name}: ${String(error)}`))
  }
  return probes
}

/** The status of a resource, or the HTTP status once it is gone. */
export const statusIn =
  (...keys: string[]) =>
  (answer: Answer): unknown =>
    answer.status === 200 ? answer.at(...keys) : answer.status
