import { readFileSync } from 'node:fs'
import { parse } from 'yaml'
import type { Fixture } from '../fixture.ts'
import type { Scenario } from '../scenario.ts'
import { makeAdministrator, otherLogin, otherProject } from './administrator.ts'
import { Preparation, type Step } from './steps.ts'

type Part = 'by-hand' | 'other-project' | 'known-to-director'

const parts: Readonly<Record<Part, readonly Step[]>> = parse(
  readFileSync(new URL('../../surroundings.yaml', import.meta.url), 'utf8'),
)

async function take(part: Part, preparation: Preparation): Promise<void> {
  for (const step of parts[part]) await preparation.take(step)
}

/** Creates resources in the project as operators do, by hand. */
export const createByHand = (fixture: Fixture): Promise<void> => take('by-hand', new Preparation(fixture))

/** Creates what the director has in another project. */
export const createInOtherProject = (fixture: Fixture): Promise<void> =>
  take('other-project', new Preparation(fixture, { user: otherProject, openstack: otherLogin }))

/** Creates what a director knows, in all its states. @param digit keeps the addresses of directors apart */
export const createKnownToDirector = (fixture: Fixture, uuid: string, digit: number): Promise<void> =>
  take('known-to-director', new Preparation(fixture, { directorUuid: uuid }, { digit: String(digit) }))

/** The same scenario in a project that also has resources that operators created by hand. */
export const besideByHand = (scenario: Scenario): Scenario => ({
  ...scenario,
  given: async (fixture) => {
    await createByHand(fixture)
    return await scenario.given(fixture)
  },
})

/** The same call with an administrator's login, while the director of the call also has resources in another project. */
export const asAdministrator = (scenario: Scenario): Scenario => ({
  ...scenario,
  given: async (fixture) => {
    await createInOtherProject(fixture)
    await makeAdministrator(fixture)
    return await scenario.given(fixture)
  },
})
