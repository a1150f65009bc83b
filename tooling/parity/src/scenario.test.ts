import { beforeAll, expect, test } from 'vitest'
import { fakeCloud } from './cloud-under-test.ts'
import { readScenarios, type Scenario, toStep } from './probe-file.ts'
import { runProbes } from './results.ts'
import { runScenario } from './scenario.ts'
import { Session, textAt } from './session.ts'

const session = new Session(fakeCloud('zed'), 'paritysteps')
beforeAll(() => session.start())

const scenario = (...steps: Record<string, unknown>[]): Scenario => ({
  name: 'steps',
  service: 'block-storage',
  steps: steps.map(toStep),
  variables: {},
})

const volumesAfter = async (one: Scenario): Promise<string> => {
  await runScenario(one, session)
  return textAt(await session.send({ service: 'block-storage', method: 'GET', path: '/volumes' }), 'volumes.length')
}

test('a scenario deletes what it has created, also when a later step fails', async () => {
  const create = { POST: '/volumes', body: { volume: { size: 1, name: '$prefix-a' } } }
  expect(await volumesAfter(scenario(create))).toBe('0')
  await expect(volumesAfter(scenario(create, { GET: '/volumes/$nosuch' }))).rejects.toThrow('unknown variable $nosuch')
  expect(await volumesAfter(scenario({ GET: '/volumes' }))).toBe('0')
})

test('a step with an unknown key or without a request is refused', () => {
  expect(() => toStep({ ask: 'x', GET: '/volumes', verison: '3.70' })).toThrow('unknown verison in {"ask":"x"')
  expect(() => toStep({ ask: 'x' })).toThrow('no request in {"ask":"x"}')
})

test('the scenarios leave only what no API deletes: import tasks, and the default security group of a project', async () => {
  const cloud = fakeCloud('zed')
  await runProbes(cloud, 'paritysteps', readScenarios())
  const { image_tasks: _, security_groups: groups, security_group_rules: rules, ...others } = cloud.leftovers()
  expect(others).toEqual({})
  expect(groups).toMatchObject([{ name: 'default' }])
  expect(rules).toHaveLength(4)
})
