import { describe, expect, test } from 'vitest'
import type { HttpRequest, SendHttp } from '../src/http/exchange.ts'
import { type DriverOnFake, withDriverOnFake } from './driver-on-fake.ts'
import { scriptedCloud } from './scripted-cloud.ts'
import { answer, type Script } from './scripted-server.ts'
import { sendTo } from './send-to-fake.ts'
import { failureOf, givenVm, leftBehind, vmDefaults } from './vm-on-fake.ts'

const page = '<html><body>We are back in a minute</body></html>'

/** A page with status 200 in place of the first answers, then a server. */
const pagesAtFirst = (times: number, body: string): Script => {
  let seen = 0
  return (request, response) => {
    seen += 1
    if (seen <= times) return void response.writeHead(200, { 'content-type': 'text/html' }).end(body)
    answer(response, request.method === 'DELETE' ? 204 : 200, { server: { id: '1', status: 'ACTIVE' } })
  }
}

describe('§3.5 an answer with status 200 that the service cannot have written', () => {
  test.each([
    ['a page of a proxy', page],
    ['an empty body', ''],
    ['JSON that was cut off', '{"server": {"id": "1", "sta'],
  ])('%s: a read is repeated', async (_, body) => {
    const cloud = await scriptedCloud({ service: pagesAtFirst(2, body) })
    expect(await cloud.ctx.services.compute.servers.show('1')).toMatchObject({ id: '1' })
    expect(cloud.clock.slept).toEqual([3_000, 3_000])
  })

  test('so is a deletion', async () => {
    const cloud = await scriptedCloud({ service: pagesAtFirst(1, page) })
    await cloud.ctx.services.compute.servers.delete('1')
    expect(cloud.calls()).toHaveLength(2)
  })

  test('request_retries limits the repetitions, and the error says what came', async () => {
    const cloud = await scriptedCloud({ service: pagesAtFirst(9, page), properties: { request_retries: 2 } })
    await expect(cloud.ctx.services.compute.servers.show('1')).rejects.toMatchObject({
      kind: 'decode',
      message: expect.stringContaining('the answer is not JSON'),
    })
    expect(cloud.calls()).toHaveLength(3)
  })
})

describe('§3.6 a maintenance page with status 200 for everything that is asked of Nova', () => {
  /** From the creation of the server on, for a while. */
  const maintenance = (driver: DriverOnFake, lastsMs: number): SendHttp => {
    const pass = sendTo(driver.cloud)
    let untilMs = 0
    return async (request: HttpRequest) => {
      const isNova = request.url.pathname.startsWith('/compute')
      if (isNova && driver.cloud.clock.now() < untilMs) return { status: 200, headers: {}, body: page }
      const response = await pass(request)
      if (isNova && request.method === 'POST') untilMs = driver.cloud.clock.now() + lastsMs
      return response
    }
  }
  const on = (driver: DriverOnFake, lastsMs: number) => ({
    send: maintenance(driver, lastsMs),
    openstack: { auth_url: driver.cloud.authUrl },
  })

  test('create_vm waits until it is over', () =>
    withDriverOnFake(
      async (driver) => {
        const { vm } = await givenVm(driver, {}, on(driver, 60_000))
        await driver.call().deleteVm(vm)
        expect(leftBehind(driver)).toEqual({})
      },
      { openstack: vmDefaults },
    ))

  test('create_vm that has used up its time leaves nothing, if the page is gone soon after', () =>
    withDriverOnFake(
      async (driver) => {
        await failureOf(givenVm(driver, {}, on(driver, 310_000)))
        expect(leftBehind(driver)).toEqual({})
      },
      { openstack: { ...vmDefaults, request_retries: 2 } },
    ))
})
