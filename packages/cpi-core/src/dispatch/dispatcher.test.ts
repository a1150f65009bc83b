import { describe, expect, test } from 'vitest'
import { aRequest, dispatchOnce } from '../../test/dispatch-once.ts'
import { CpiError, type CpiErrorCode, cpiErrorTable } from '../errors/cpi-error.ts'
import { InMemoryCpi } from '../testing/in-memory-cpi.ts'

describe('contract §4, §13.1 whatever comes in, one answer with three keys goes out', () => {
  test.each(Object.keys(cpiErrorTable) as CpiErrorCode[])('an error of code %s', async (code) => {
    const fail = () => {
      throw new CpiError(code, 'it failed', { okToRetry: true })
    }
    const { answer } = await dispatchOnce(aRequest('has_vm', ['vm-1']), fail)
    const { wireName: type, retriable } = cpiErrorTable[code]
    expect(answer).toEqual({
      result: null,
      error: { type, message: 'it failed', ok_to_retry: retriable },
      log: expect.stringContaining('it failed'),
    })
  })

  test.each([
    ['empty input', '', 'it is empty'],
    ['blank input', ' \n', 'it is empty'],
    ['garbage', '{"method":', 'it is not valid JSON (wrong at the end of 10 characters)'],
    ['a stray word', '{"method": }', 'it is not valid JSON (12 characters)'],
    ['bytes that are no text', new Uint8Array([0x7b, 0xff, 0xfe]), 'it is not valid UTF-8'],
    ['an array', '[]', 'the request must be a JSON object'],
    ['null', 'null', 'the request must be a JSON object'],
  ])('contract §4.2 %s is an InvalidCall', async (_name, input, details) => {
    const { answer, calls } = await dispatchOnce(input)
    expect(answer.result).toBeNull()
    expect(answer.error?.type).toBe('InvalidCall')
    expect(answer.error?.message).toContain(`Request cannot be deserialized, details: ${details}`)
    expect(calls).toEqual([])
  })

  test('contract §4 half a character is replaced, in result, message and log', async () => {
    const cpi = new InMemoryCpi()
    cpi.calculateVmCloudProperties = async () => ({ name: 'half \ud800' })
    cpi.getDisks = async () => {
      throw new Error('half \ud800')
    }
    const wanted = { cpu: 1, ram: 1, ephemeral_disk_size: 1 }
    const made = await dispatchOnce(aRequest('calculate_vm_cloud_properties', [wanted]), () => cpi)
    expect(made.answer.result).toEqual({ name: 'half \ufffd' })
    const { answer } = await dispatchOnce(aRequest('get_disks', ['vm-1']), () => cpi)
    expect(answer.error?.message).toBe('half \ufffd')
    expect(answer.log).toContain('Error: half \ufffd')
  })

  test('a success has no error and an empty log', async () => {
    const { document } = await dispatchOnce(aRequest('ping'))
    expect(JSON.parse(document)).toEqual({ result: 'pong', error: null, log: '' })
  })
})

test("contract §7 the networks are in the operator's order, whatever their names", async () => {
  const names = ['z', '20', 'a', '3']
  const networks = `{${names.map((name) => `"${name}":{"type":"dynamic"}`).join()}}`
  const seen: string[] = []
  const cpi = new InMemoryCpi()
  cpi.createVm = async (request) => {
    seen.push(...request.networks.map(({ name }) => name))
    throw new CpiError('VmCreationFailed', 'seen enough')
  }
  const request = JSON.stringify(aRequest('create_vm', ['agent', 'stemcell', {}, 'NETWORKS', null, null]))
  await dispatchOnce(request.replace('"NETWORKS"', networks), () => cpi)
  expect(seen).toEqual(names)
})

test.each([
  ...['info', 'ping', 'create_stemcell', 'delete_stemcell', 'create_vm', 'delete_vm', 'has_vm', 'reboot_vm'],
  ...['set_vm_metadata', 'calculate_vm_cloud_properties', 'create_disk', 'delete_disk', 'has_disk', 'attach_disk'],
  ...['detach_disk', 'resize_disk', 'update_disk', 'set_disk_metadata', 'get_disks', 'snapshot_disk'],
  ...['delete_snapshot', 'create_network', 'delete_network', 'configure_networks'],
])('contract §6 %s is a method of the contract', async (method) => {
  const { answer } = await dispatchOnce(aRequest(method))
  expect(answer.error?.type).not.toBe('Bosh::Clouds::NotImplemented')
})

describe('contract §4.2 checks come in one order, and before the driver is built', () => {
  const wrong = { method: 'has_vm', arguments: [7], api_version: 'two', context: 'none' }
  test.each([
    ['method type', { ...wrong, method: 7 }, 'InvalidCall', 'method must be a string'],
    ['method known', { ...wrong, method: 'fly', arguments: {} }, 'Bosh::Clouds::NotImplemented', "got: 'fly'"],
    ['arguments type', { ...wrong, arguments: {} }, 'InvalidCall', 'arguments must be an array'],
    ['arguments', wrong, 'InvalidCall', 'argument 0 (vm_cid) must be a non-empty string'],
    ['api_version', { ...wrong, arguments: ['vm-1'] }, 'InvalidCall', 'api_version must be a positive integer'],
    ['context', { ...wrong, arguments: ['vm-1'], api_version: 2 }, 'InvalidCall', 'context must be an object'],
    [
      'director_uuid',
      { ...wrong, arguments: ['vm-1'], api_version: 2, context: { director_uuid: 1 } },
      'InvalidCall',
      'context.director_uuid must be a string',
    ],
  ])('%s', async (_name, request, type, message) => {
    const { answer, calls } = await dispatchOnce(request)
    expect(answer.error?.type).toBe(type)
    expect(answer.error?.message).toContain(message)
    expect(calls).toEqual([])
  })

  test('contract §13.2 an unknown method is refused before any configuration is read', async () => {
    const { answer } = await dispatchOnce(aRequest('fly'), () => {
      throw new Error('the configuration was read')
    })
    expect(answer.error?.type).toBe('Bosh::Clouds::NotImplemented')
  })

  test('a driver that cannot be built for want of configuration is a CloudError', async () => {
    const { answer } = await dispatchOnce(aRequest('has_vm', ['vm-1']), () => {
      throw new Error('auth_url is missing')
    })
    expect(answer.error).toMatchObject({ type: 'Bosh::Clouds::CloudError', message: 'auth_url is missing' })
  })

  test('§7.22, contract §6.23 deprecated methods are refused without a driver', async () => {
    const networks = await dispatchOnce(aRequest('configure_networks', ['vm-1', {}]))
    const vmId = await dispatchOnce(aRequest('current_vm_id'))
    expect(networks.answer.error).toMatchObject({
      type: 'Bosh::Clouds::NotSupported',
      message: expect.stringContaining('network configuration change requires VM recreation'),
    })
    expect(vmId.answer.error?.type).toBe('Bosh::Clouds::NotImplemented')
    expect([...networks.calls, ...vmId.calls]).toEqual([])
  })

  test('a method the driver leaves out is NotImplemented', async () => {
    const cpi = new InMemoryCpi()
    const { answer } = await dispatchOnce(aRequest('update_disk', ['disk-1', 1, {}]), () =>
      Object.create(cpi, { updateDisk: { value: undefined } }),
    )
    expect(answer.error?.type).toBe('Bosh::Clouds::NotImplemented')
  })
})

test('contract §5, §6.1, §13.3 info needs no driver, and tells its version to every caller', async () => {
  for (const api_version of [undefined, null, 1, 2, 3]) {
    const { answer, calls } = await dispatchOnce(aRequest('info', [], { api_version }))
    expect(answer.result).toEqual({ api_version: 3, stemcell_formats: ['mem-raw'] })
    expect(calls).toEqual([])
  }
})

describe('contract §13.4 the context', () => {
  test.each([
    ['of the CLI, without request_id', { director_uuid: 'd', vm: { stemcell: {} } }, undefined],
    ['without vm', { director_uuid: 'd' }, undefined],
    ['with a stemcell version', { director_uuid: 'd', vm: { stemcell: { api_version: 3 } } }, 3],
    ['whose vm a CPI config has overwritten', { director_uuid: 'd', vm: 'flavor' }, undefined],
  ])('%s is fine', async (_name, context, stemcellApiVersion) => {
    const { answer, calls } = await dispatchOnce(aRequest('has_vm', ['vm-1'], { context }))
    expect(answer.result).toBe(false)
    expect(calls[0]?.stemcellApiVersion).toBe(stemcellApiVersion)
    expect(calls[0]?.requestId).toBeUndefined()
  })

  test('contract §13.7 reserved keys are no configuration, all others are', async () => {
    const configOverrides = { auth_url: 'https://k', connection_options: { proxy: null }, method: 'x' }
    const reserved = { director_uuid: 'd', request_id: 'cpi-1', vm: { stemcell: { api_version: 2 } } }
    const { calls } = await dispatchOnce(aRequest('has_vm', ['vm-1'], { context: { ...reserved, ...configOverrides } }))
    expect(calls[0]).toMatchObject({ directorUuid: 'd', requestId: 'cpi-1', stemcellApiVersion: 2 })
    expect(calls[0]?.configOverrides).toEqual(configOverrides)
  })
})

describe('contract §5, §13.5 api_version', () => {
  test.each([
    [undefined, null],
    [null, null],
    [1, null],
    [2, null],
    [3, null],
    [4, 'Bosh::Clouds::NotSupported'],
    ['2', 'InvalidCall'],
    [2.5, 'InvalidCall'],
    [0, 'InvalidCall'],
  ])('%j', async (api_version, type) => {
    const { answer, calls } = await dispatchOnce(aRequest('has_vm', ['vm-1'], { api_version }))
    expect(answer.error?.type ?? null).toBe(type)
    expect(calls.map((call) => call.apiVersion)).toEqual(type === null ? [api_version ?? 1] : [])
    if (api_version === 4) expect(answer.error?.message).toMatch(/version 4 .* version 3/)
  })
})

test.each([
  [new Error('QEMU did not start'), 'Bosh::Clouds::VMCreationFailed', 'QEMU did not start'],
  [new Error('outer', { cause: new CpiError('CloudError', 'inner') }), 'Bosh::Clouds::CloudError', 'outer: inner'],
])('contract §4.2 %s out of create_vm is %s, not to be retried', async (error, type, message) => {
  const cpi = new InMemoryCpi()
  cpi.createVm = () => Promise.reject(error)
  const { answer } = await dispatchOnce(aRequest('create_vm', ['agent', 'stemcell', {}, {}]), () => cpi)
  expect(answer.error).toEqual({ type, message, ok_to_retry: false })
})

test('contract §13.11 an answer of several MiB arrives whole', async () => {
  const cpi = new InMemoryCpi()
  const big = 'ä'.repeat(4 * 1024 * 1024)
  cpi.calculateVmCloudProperties = async () => ({ big })
  const wanted = { cpu: 1, ram: 1, ephemeral_disk_size: 1 }
  const { answer } = await dispatchOnce(aRequest('calculate_vm_cloud_properties', [wanted]), () => cpi)
  expect(answer.result).toEqual({ big })
})

test('contract §2 a process that is asked to end begins nothing', async () => {
  const { answer, calls } = await dispatchOnce(aRequest('delete_vm', ['vm-1']), undefined, {
    signal: AbortSignal.abort(),
  })
  expect(answer.error?.message).toContain('delete_vm was interrupted before it began')
  expect(calls).toEqual([])
})
