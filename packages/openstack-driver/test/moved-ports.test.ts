import { expect, test } from 'vitest'
import type { HttpResponse, SendHttp } from '../src/http/exchange.ts'
import { force, made } from './cinder-on-fake.ts'
import { type DriverOnFake, withDriverOnFake } from './driver-on-fake.ts'
import { givenServer } from './nova-on-fake.ts'
import { sendTo } from './send-to-fake.ts'
import { failureOf, givenVm, portsOf, vmDefaults } from './vm-on-fake.ts'

const refusal: HttpResponse = {
  status: 403,
  headers: { 'x-openstack-request-id': 'req-1' },
  body: JSON.stringify({ NeutronError: { type: 'PolicyNotAuthorized', message: 'disallowed by policy', detail: '' } }),
}

/** OpenStack 2026.2, where tenants may not delete bound ports; `afterServer` happens once the server is gone. */
function refusingBoundPorts(driver: DriverOnFake, vm: string, afterServer: () => void): SendHttp {
  const pass = sendTo(driver.cloud)
  return async (request) => {
    const id = request.url.pathname.split('/').at(-1)
    const isPort = request.method === 'DELETE' && request.url.pathname.includes('/ports/')
    if (isPort && made(driver, 'ports').some((port) => port['id'] === id && port['device_id'] !== '')) {
      return refusal
    }
    const response = await pass(request)
    if (request.method === 'DELETE' && id === vm) {
      driver.cloud.clock.advance('10s')
      afterServer()
    }
    return response
  }
}

test('§7.5 delete_vm leaves a port alone that was attached to another server by hand while it ran', () =>
  withDriverOnFake(
    async (driver) => {
      const { vm } = await givenVm(driver)
      const other = await givenServer(driver)
      const [port] = await portsOf(driver, vm)
      const attach = () =>
        force(driver, 'ports', String(port?.['id']), { device_id: other, device_owner: port?.['device_owner'] })
      const send = refusingBoundPorts(driver, vm, attach)
      const call = driver.call({ send, openstack: { auth_url: driver.cloud.authUrl } })
      expect((await failureOf(call.deleteVm(vm))).message).toContain(`attached to server ${other}`)
      expect(await portsOf(driver, other)).toMatchObject([{ id: port?.['id'] }])
    },
    { openstack: vmDefaults },
  ))
