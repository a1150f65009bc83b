import { readFileSync } from 'node:fs'
import { parse } from 'yaml'
import * as z from 'zod'
import { directorUuid, otherDirectorUuid } from '../cpi-request.ts'
import type { Fixture } from '../fixture.ts'
import type { Scenario } from './scenarios.ts'
import { Preparation, steps } from './steps.ts'

const text = readFileSync(new URL('../../surroundings.yaml', import.meta.url), 'utf8')
const parts = z.record(z.string(), steps).parse(parse(text, { maxAliasCount: -1 }))

async function take(part: string, preparation: Preparation): Promise<void> {
  const found = parts[part]
  if (found === undefined) throw new Error(`no part ${part} in surroundings.yaml`)
  await preparation.take(found)
}

/** The project that the CPI of the scenarios must never touch, and its login as properties of `openstack`. */
export const otherProject = 'other'
export const otherLogin = {
  username: otherProject,
  project: otherProject,
  default_key_name: null,
  default_security_groups: [],
} as const

/** Creates resources of the same director in another project, and makes the CPI's user an administrator. */
export async function createInOtherProject(fixture: Fixture): Promise<void> {
  await take('other-project', new Preparation(fixture, { user: otherProject, openstack: otherLogin }))
  await take('administrator', new Preparation(fixture))
}

/**
 * Creates what must never count as a leftover of the director: what it knows, in all its states, what a second director
 * has, finished and left over, and what operators created by hand.
 */
export async function createExistingResources(fixture: Fixture): Promise<void> {
  await take('pool', new Preparation(fixture))
  const other = { directorUuid: otherDirectorUuid }
  await take('known-to-director', new Preparation(fixture, { directorUuid }, { digit: '1' }))
  await take('known-to-director', new Preparation(fixture, other, { digit: '2' }))
  await take('left-by-director', new Preparation(fixture, other))
  await take('by-hand', new Preparation(fixture))
}

const beside = (scenario: Scenario, create: (fixture: Fixture) => Promise<void>): Scenario => ({
  ...scenario,
  given: async (fixture) => {
    await create(fixture)
    return await scenario.given(fixture)
  },
})

/** The same scenario in a project that also has resources that operators created by hand. */
export const besideByHand = (scenario: Scenario): Scenario =>
  beside(scenario, (fixture) => take('by-hand', new Preparation(fixture)))

/** The same call with an administrator's login, while the director of the call also has resources in another project. */
export const asAdministrator = (scenario: Scenario): Scenario => beside(scenario, createInOtherProject)
