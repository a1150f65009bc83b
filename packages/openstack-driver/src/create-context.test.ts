import { expect, test } from 'vitest'
import { scriptedCloud } from '../test/scripted-cloud.ts'
import { answer } from '../test/scripted-server.ts'
import { waitForServer } from './services/compute/servers.ts'

test("§1.1 the agent's section is the file's alone, whatever a call brings", async () => {
  const { ctx } = await scriptedCloud({
    configOverrides: { agent: { mbus: 'nats://of-the-call' } },
    options: {
      cloudProperties: {
        openstack: { auth_url: 'http://k/v3', username: 'u', api_key: 'p', project: 'p', domain: 'd' },
        agent: { mbus: 'nats://of-the-file' },
      },
    },
  })
  expect(ctx.agent).toEqual({ mbus: 'nats://of-the-file' })
})

test('§1.2 what is not known is warned of in the log of the call', async () => {
  const { log } = await scriptedCloud({ properties: { shiny: 1 }, configOverrides: { newer: true } })
  expect(log).toEqual([
    "warn Unknown OpenStack cloud property 'shiny' is ignored",
    "warn Unknown OpenStack cloud property 'newer' is ignored",
  ])
})

test('§1.1 waits poll at wait_resource_poll_interval and end after state_timeout', async () => {
  const cloud = await scriptedCloud({
    service: (_, response) => answer(response, 200, { server: { id: '1', status: 'BUILD' } }),
    properties: { wait_resource_poll_interval: 40, state_timeout: 200 },
  })
  await expect(waitForServer(cloud.ctx.services.compute.servers, '1', cloud.ctx.pace)).rejects.toMatchObject({
    kind: 'wait-timeout',
  })
  expect(cloud.clock.monotonicMs()).toBe(200_000)
  expect(cloud.clock.slept.slice(-2)).toEqual([40_000, 40_000])
})

test('§3.3 ssl_verify_peer: false is warned of, once per call', async () => {
  const cloud = await scriptedCloud({
    service: (_, response) => answer(response, 200, { server: { id: '1', status: 'ACTIVE' } }),
    properties: { connection_options: { ssl_verify_peer: false } },
  })
  await cloud.ctx.services.compute.servers.show('1')
  await cloud.ctx.forCleanup().services.compute.servers.show('1')
  const warnings = cloud.log.filter((line) => line.includes('ssl_verify_peer'))
  expect(warnings).toEqual([expect.stringMatching(/^warn /)])
})
