import { readFile } from 'node:fs/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { agentEffects } from './effects/agent.ts'
import { Stage } from './effects/effect.ts'
import { loginEffects } from './effects/login.ts'
import { requestEffects } from './effects/requests.ts'
import { resourceEffects } from './effects/resources.ts'
import { hasRuby, Installation } from './installation.ts'

const effects = [...loginEffects, ...requestEffects, ...resourceEffects, ...agentEffects]

/** Blobstores that no manifest for OpenStack is known to use: how they render is in `templates.test.ts`. */
const onlyRendered = ['blobstore.path', 'blobstore.json_key', 'agent.blobstore.json_key']

test('there is no property of the job whose effect nobody has seen', async () => {
  const spec: { properties: object } = parse(await readFile(new URL('../job/spec.yml', import.meta.url), 'utf8'))
  const seen = new Set([...effects.flatMap(({ proves }) => proves), ...onlyRendered])
  expect([...seen].sort()).toEqual(Object.keys(spec.properties).sort())
})

describe.skipIf(!hasRuby)('what the properties of the job do, through bin/cpi', () => {
  let installation: Installation
  beforeAll(async () => {
    installation = await Installation.create()
  })
  afterAll(() => installation.remove())

  test.each(effects)('$job: $name', async (effect) => {
    const stage = await Stage.open(installation, effect)
    try {
      await effect.run(stage)
    } finally {
      await stage.cloud.close()
    }
  })
})
