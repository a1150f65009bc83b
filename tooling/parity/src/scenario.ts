import { isObject } from './compare.ts'
import type { Probe, Recorded, Tolerance } from './probe.ts'
import { readDeletions, type Scenario, type Step } from './probe-file.ts'
import { type Answer, type Request, type Session, textAt } from './session.ts'

const pollMs = 40
const maxPolls = 1500
const maxDeletions = 100
const deletions = readDeletions()

/** Runs a scenario on a cloud and returns what was recorded. What it has created is deleted, also when it fails. */
export async function runScenario(scenario: Scenario, session: Session): Promise<readonly Probe[]> {
  const run = new ScenarioRun(scenario, session)
  try {
    await run.steps(scenario.steps)
  } finally {
    await run.undo()
  }
  return run.probes
}

/** One run of a scenario on a cloud: its variables, the probes, and the undos. */
export class ScenarioRun {
  readonly probes: Probe[] = []
  readonly variables: Map<string, string>
  readonly #scenario: Omit<Scenario, 'steps'>
  readonly #session: Session
  readonly #undos: (readonly Step[])[] = []

  constructor(scenario: Omit<Scenario, 'steps'>, session: Session) {
    this.#scenario = scenario
    this.#session = session
    this.variables = new Map([...session.variables(), ...Object.entries(scenario.variables)])
  }

  async steps(steps: readonly Step[]): Promise<void> {
    for (const step of steps) await this.step(step)
  }

  async step(written: Step): Promise<void> {
    const step = this.#filledIn(written)
    if (step.pause !== undefined) await this.#session.pause(step.pause)
    const request = { ...step, service: step.service ?? this.#scenario.service }
    const { answer, states } = await this.#ask(step, request)
    if (step.ask !== undefined) {
      const recorded = this.#session.record(request, answer)
      this.#keep(step.ask, states === undefined ? recorded : { ...recorded, body: null, states }, step)
    }
    for (const [name, source] of Object.entries(step.save)) {
      const value = savedValue(answer, source)
      if (value === '' && step.method === 'POST') {
        throw new Error(`POST ${step.path}: ${answer.status} ${JSON.stringify(answer.body)} has no ${source}`)
      }
      this.variables.set(name, value)
    }
    this.#undos.push(deletionOf(step, answer), step.undo)
  }

  /** Runs the undos, the last first; one that fails does not stop the others. */
  async undo(): Promise<void> {
    for (const steps of this.#undos.splice(0).reverse()) {
      for (const step of steps) {
        await this.step(step).catch((error: unknown) => console.error(`${this.#scenario.name}: ${String(error)}`))
      }
    }
  }

  async #ask(step: Step, request: Request): Promise<{ answer: Answer; states?: readonly unknown[] }> {
    if (step.wait !== undefined) return this.#poll(step, [step.wait].flat(), request)
    let answer = await this.#session.send(request)
    // A real service fails sometimes: Glance, when an image is deleted that its import still uses. 409: still in use.
    const isRepeated = step.ask === undefined && request.method === 'DELETE'
    for (let i = 0; i < maxDeletions && isRepeated && (answer.status >= 500 || answer.status === 409); i += 1) {
      await this.#session.pause(pollMs)
      answer = await this.#session.send(request)
    }
    return { answer }
  }

  async #poll({ until }: Step, fields: readonly string[], request: Request) {
    const states: unknown[] = []
    for (let i = 0; i < maxPolls; i += 1) {
      const answer = await this.#session.send(request)
      const value = answer.status === 200 ? fields.map((field) => textAt(answer, field)).join('/') : answer.status
      if (states.at(-1) !== value) states.push(value)
      if (until.includes(value)) return { states, answer }
      await this.#session.pause(pollMs)
    }
    return { states: [...states, 'still, after many polls'], answer: await this.#session.send(request) }
  }

  #keep(probe: string, recorded: Recorded, tolerance: Tolerance): void {
    const { service } = this.#scenario
    const name = `${this.#scenario.name} / ${probe}`
    if (this.probes.some((one) => one.name === name)) throw new Error(`two probes are called ${name}`)
    this.probes.push({ service, name, recorded, tolerance })
  }

  /** The step with the values of its variables; those of its undo are filled in with the values of the same moment. */
  #filledIn(step: Step): Step {
    const filled = (written: string, name: string): string => {
      const value = this.variables.get(name)
      if (value === undefined) throw new Error(`${this.#scenario.name}: unknown variable ${written}`)
      return value
    }
    return withTexts(step, (text) => text.replace(/\$([A-Za-z]\w*)/g, filled))
  }
}

/** A value of the same form, with its texts changed at any depth. */
export function withTexts<T>(value: T, change: (text: string) => string): T {
  const changed = (one: unknown): unknown => {
    if (typeof one === 'string') return change(one)
    if (Array.isArray(one)) return one.map(changed)
    if (!isObject(one) || one instanceof Uint8Array) return one
    return Object.fromEntries(Object.entries(one).map(([key, inner]) => [change(key), changed(inner)]))
  }
  return changed(value) as T // only texts have changed
}

/** Who asks for the deletion of what, and how. */
type Sender = Pick<Step, 'service' | 'as' | 'version'>

/** The steps that delete what a POST has created: the response's only object, which has an id or at least a name. */
export function deletionOf(request: Sender & Pick<Step, 'method' | 'path'>, { status, body }: Answer): readonly Step[] {
  const path = request.path.replace(/\/*(\?.*)?$/, '')
  if (request.method !== 'POST' || status >= 300 || /\/(action|metadata)$/.test(path)) return []
  const objects = isObject(body) ? [body, ...Object.values(body)].filter(isObject) : []
  const id = objects.map((one) => one['id'] ?? one['name']).find((one) => typeof one === 'string')
  return id === undefined ? [] : deletionSteps(path, id, request)
}

/** The steps that delete an object of a collection. */
export function deletionSteps(path: string, id: string, { service, as, version }: Sender): readonly Step[] {
  const created = `${path}/${encodeURIComponent(id)}`
  const steps = deletions.get(path) ?? [{ method: 'DELETE', path: created, save: {}, until: [], undo: [] }]
  const sender = { ...(service ? { service } : {}), ...(as ? { as } : {}), ...(version ? { version } : {}) }
  return steps.map((step) => ({ ...step, ...sender, path: step.path.replace('$created', created) }))
}

function savedValue(answer: Answer, source: string): string {
  const [kind, name = ''] = source.split(' ')
  if (kind === 'header') return answer.headers.get(name) ?? ''
  if (kind === 'query') return /\?.*$/.exec(textAt(answer, name))?.[0] ?? ''
  return textAt(answer, source)
}
