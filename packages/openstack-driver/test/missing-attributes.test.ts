import type { Json } from '@openstack-cpi/cpi-core'
import { describe, expect, test } from 'vitest'
import type { SendHttp } from '../src/http/exchange.ts'
import { withDriverOnFake } from './driver-on-fake.ts'
import { givenVm, leftBehind } from './vm-on-fake.ts'

/** Attributes of extensions that a cloud may lack; what is empty may be null. */
const missing: Readonly<Record<string, (value: Json) => Json | undefined>> = {
  'os-extended-volumes:volumes_attached': () => undefined,
  'OS-EXT-STS:task_state': () => undefined,
  'OS-EXT-STS:vm_state': () => undefined,
  'OS-EXT-STS:power_state': () => undefined,
  'OS-FLV-EXT-DATA:ephemeral': () => undefined,
  image: (value) => (value === '' ? null : value),
  attachments: (value) => (Array.isArray(value) && value.length === 0 ? null : value),
}

function without(value: Json): Json {
  if (Array.isArray(value)) return value.map(without)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, inner]) => {
      const kept = missing[key] === undefined ? without(inner) : missing[key](inner)
      return kept === undefined ? [] : [[key, kept]]
    }),
  )
}

/** Sends by fetch, and takes the attributes out of each answer. */
const send: SendHttp = async ({ method, url, headers, body }) => {
  const response = await fetch(url, { method, headers, ...(typeof body === 'string' ? { body } : {}) })
  const text = await response.text()
  const isJson = (response.headers.get('content-type') ?? '').includes('json') && text !== ''
  return {
    status: response.status,
    headers: Object.fromEntries(response.headers),
    body: isJson ? JSON.stringify(without(JSON.parse(text))) : text,
  }
}

describe('§3.6 a cloud without the attributes of extensions', () => {
  test('serves a whole life cycle, and its disks are seen', async () => {
    await withDriverOnFake(async (driver) => {
      const cpi = () => driver.call({ send })
      const { vm } = await givenVm(driver, {}, { send })
      const disk = await cpi().createDisk({ sizeMiB: 1024, cloudProperties: {}, vm })
      await cpi().attachDisk(vm, disk)
      expect(await cpi().getDisks(vm)).toEqual([disk])
      await cpi().setVmMetadata(vm, { job: 'x' })
      await cpi().rebootVm(vm)
      const startMs = driver.cloud.clock.now()
      await cpi().detachDisk(vm, disk)
      await cpi().resizeDisk(disk, 2048)
      await cpi().deleteDisk(disk)
      await cpi().deleteVm(vm)
      expect(driver.cloud.clock.now() - startMs).toBeLessThan(120_000)
      expect(leftBehind(driver)).toEqual({})
    })
  })

  test('the boot volume of a server is no disk, though the server has null for an image', async () => {
    await withDriverOnFake(async (driver) => {
      const cloudProperties = { boot_from_volume: true, root_disk: { size: 2 } }
      const { vm } = await givenVm(driver, { cloudProperties }, { send })
      expect(await driver.call({ send }).getDisks(vm)).toEqual([])
    })
  })

  test('calculate_vm_cloud_properties finds a flavor', async () => {
    await withDriverOnFake(async (driver) => {
      const wanted = { cpu: 1, ramMiB: 512, ephemeralDiskMiB: 1024 }
      expect(await driver.call({ send }).calculateVmCloudProperties(wanted)).toMatchObject({
        instance_type: expect.any(String),
      })
    })
  })

  test('an object without a status is an error that names the attribute, not a JavaScript one', async () => {
    const broken: SendHttp = async (request) => {
      const answer = await send(request)
      return request.url.pathname.includes('/servers/')
        ? { ...answer, status: 200, body: '{"server":{"id":"1"}}' }
        : answer
    }
    await withDriverOnFake(async (driver) => {
      const { vm } = await givenVm(driver)
      await expect(driver.call({ send: broken }).hasVm(vm)).rejects.toThrow(/no valid server \(status: /)
    })
  })
})
