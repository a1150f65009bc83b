import { readFileSync } from 'node:fs'
import { parse } from 'yaml'
import * as z from 'zod'
import { directorUuid, otherDirectorUuid } from '../cpi-request.ts'
import type { Fixture } from '../fixture.ts'
import type { Scenario } from './scenarios.ts'
import { preparationIn, steps } from './steps.ts'

const text = readFileSync(new URL('../../surroundings.yaml', import.meta.url), 'utf8')
const names = ['administrator', 'pool', 'left-by-director', 'by-hand', 'other-project', 'known-to-director'] as const
const parts = z.record(z.enum(names), steps).parse(parse(text, { maxAliasCount: -1 }))

const take = (part: (typeof names)[number], ...given: Parameters<typeof preparationIn>): Promise<void> =>
  preparationIn(...given).take(parts[part])

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
  await take('other-project', fixture, { user: otherProject, openstack: otherLogin })
  await take('administrator', fixture)
}

/**
 * Creates what must never count as a leftover of the director: what it knows, in all its states, what a second director
 * has, finished and left over, and what operators created by hand.
 */
export async function createExistingResources(fixture: Fixture): Promise<void> {
  await take('pool', fixture)
  const other = { directorUuid: otherDirectorUuid }
  await take('known-to-director', fixture, { directorUuid }, { digit: '1' })
  await take('known-to-director', fixture, other, { digit: '2' })
  await take('left-by-director', fixture, other)
  await take('by-hand', fixture)
}

const beside = (scenario: Scenario, create: (fixture: Fixture) => Promise<void>): Scenario => ({
  ...scenario,
  given: async (fixture) => {
    await create(fixture)
    return await scenario.given(fixture)
  },
})

/** The same scenario in a project that also has resources that operators created by hand. */
export const besideByHand = (scenario: Scenario): Scenario => beside(scenario, (fixture) => take('by-hand', fixture))

/** The same call with an administrator's login, while the director of the call also has resources in another project. */
export const asAdministrator = (scenario: Scenario): Scenario => beside(scenario, createInOtherProject)
