import { beforeAll, describe, expect, test } from 'vitest'
import { fakeCloud } from './cloud-under-test.ts'
import { readScenarios, type Scenario, toStep } from './probe-file.ts'
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

describe('a scenario', () => {
  const create = { POST: '/volumes', body: { volume: { size: 1, name: '$prefix-a' } }, save: { volume: 'volume.id' } }

  test('records the probes and not the preparations, and polls until the value is there', async () => {
    const probes = await runScenario(
      scenario(create, { ask: 'creating', wait: 'volume.status', GET: '/volumes/$volume', until: ['available'] }),
      session,
    )
    expect(probes.map(({ name, recorded }) => [name, recorded.states])).toEqual([
      ['steps / creating', ['creating', 'available']],
    ])
  })

  test('deletes what it has created, also when a later step fails', async () => {
    expect(await volumesAfter(scenario(create))).toBe('0')
    await expect(volumesAfter(scenario(create, { GET: '/volumes/$nosuch' }))).rejects.toThrow(
      'unknown variable $nosuch',
    )
    expect(await volumesAfter(scenario({ GET: '/volumes' }))).toBe('0')
  })
})

test('a step with an unknown key or without a request is refused', () => {
  expect(() => toStep({ ask: 'x', GET: '/volumes', verison: '3.70' })).toThrow('unknown verison in {"ask":"x"')
  expect(() => toStep({ ask: 'x' })).toThrow('no request in {"ask":"x"}')
})

test('every scenario leaves the cloud as it was', async () => {
  const lists = [
    ['compute', 'servers'],
    ['compute', 'os-keypairs'],
    ['image', 'images'],
    ['network', 'networks'],
    ['network', 'ports'],
    ['network', 'security-groups?description='],
    ['network', 'security-groups?description=d'],
    ['load-balancer', 'loadbalancers'],
    ['identity', 'regions'],
    ['identity', 'domains'],
  ] as const
  const listed = () =>
    Promise.all(
      lists.map(async ([service, name]) => {
        const { body } = await session.send({ service, method: 'GET', path: `/${name}`, as: 'admin' })
        return JSON.stringify(body).split('"id":').length
      }),
    )
  const before = await listed()
  for (const one of readScenarios()) await runScenario(one, session)
  await session.start()
  expect(await listed()).toEqual(before)
})
