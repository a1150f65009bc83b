import { describe, expect, test } from 'vitest'
import { aRequest, dispatchOnce } from '../../test/dispatch-once.ts'
import { CpiError } from '../errors/cpi-error.ts'
import { InMemoryCpi } from '../testing/in-memory-cpi.ts'

test('contract §12 each call begins and ends with its line', async () => {
  let elapsedMs = 1000
  const clock = { now: () => new Date('2026-08-25T14:42:44.386Z'), monotonicMs: () => elapsedMs }
  const driverThatTakesTime = () => {
    elapsedMs += 1234.56
    return new InMemoryCpi()
  }
  const { lines } = await dispatchOnce(aRequest('has_vm', ['vm-1']), driverThatTakesTime, { clock })
  expect(lines).toEqual([
    'I, [2026-08-25T14:42:44.386000 #13220]  INFO -- [req_id cpi-258561]: Starting has_vm...',
    'I, [2026-08-25T14:42:45.620560 #13220]  INFO -- [req_id cpi-258561]: Finished has_vm in 1.23 seconds',
  ])
})

test('contract §12 a failed call logs its stack trace, each line complete, and tells it in the answer', async () => {
  const { lines, answer } = await dispatchOnce(aRequest('reboot_vm', ['vm-1']))
  const errors = lines.filter((line) => /^E, \[.*\] ERROR -- \[req_id cpi-258561\]: /.test(line))
  expect(errors[0]).toContain("VM 'vm-1' does not exist")
  expect(errors.length).toBeGreaterThan(1)
  expect(lines).toHaveLength(errors.length + 2)
  expect(answer.log).toContain("VM 'vm-1' does not exist\n    at ")
})

test('contract §12 a log that cannot be written does not fail the call', async () => {
  const sink = () => {
    throw new Error('EPIPE')
  }
  const { answer } = await dispatchOnce(aRequest('has_vm', ['vm-1']), undefined, { sink })
  expect(answer).toEqual({ result: false, error: null, log: '' })
})

describe('contract §13.10 no secret gets out', () => {
  const marker = (place: string) => `SeCrEt-${place}-9f8e7d`
  const env = {
    mbus: marker('mbus'),
    bosh: {
      group: 'group-name',
      groups: ['group-name'],
      tags: { tag: 'tag-value' },
      password: marker('password'),
      mbus: {
        cert: { private_key: `-----BEGIN RSA PRIVATE KEY-----\n${marker('key')}\n-----END RSA PRIVATE KEY-----` },
      },
    },
  }
  const context = {
    director_uuid: 'd',
    request_id: 'cpi-1',
    api_key: marker('api'),
    auth_url: `https://user:${marker('url')}@keystone`,
    connection_options: { proxy: `http://me:${marker('proxy')}@proxy:3128`, tokens: { token: marker('token') } },
    region: 'region-one',
    networks: ['network-a'],
  }
  const request = aRequest('create_vm', ['agent', 'stemcell', {}, { a: { ip: '10.0.0.7' } }, [], env], { context })

  test('by a driver that logs and fails with all it was given', async () => {
    const { document, lines } = await dispatchOnce(request, (call) => {
      call.log.debug(`config ${JSON.stringify(call.configOverrides)}`)
      call.log.debug(`in base64 ${Buffer.from(`x:${marker('api')}`).toString('base64')}`)
      const cpi = new InMemoryCpi()
      cpi.createVm = async ({ env }) => {
        call.log.warn(JSON.stringify(env))
        throw new CpiError('VmCreationFailed', `refused: ${JSON.stringify(env)}`, {
          cause: new Error(`POST ${JSON.stringify(call.configOverrides)}`),
        })
      }
      return cpi
    })
    const written = document + lines.join('\n')
    expect(written).toContain('<redacted>')
    expect(written).toContain('group-name')
    expect(written).toContain('tag-value')
    expect(written).toContain('region-one')
    expect(written).toContain('network-a')
    expect(written).not.toMatch(/SeCrEt/)
    expect(written).not.toContain(Buffer.from(marker('api')).toString('base64').slice(2, -4))
  })

  test('by a parser that quotes what it cannot read', async () => {
    const { document, lines } = await dispatchOnce(`{"context":{"api_key":"${marker('api')}"`)
    const garbage = await dispatchOnce(`${marker('garbage')}`)
    expect(document + lines.join('\n') + garbage.document + garbage.lines.join('\n')).not.toMatch(/SeCrEt/)
  })

  test('by a request that is wrong elsewhere', async () => {
    const wrong = await dispatchOnce({ ...request, method: `fly ${marker('api')}` })
    const types = await dispatchOnce({ ...request, arguments: [marker('api'), marker('mbus'), marker('api')] })
    expect(wrong.document + wrong.lines.join('\n') + types.document + types.lines.join('\n')).not.toMatch(/SeCrEt/)
  })
})
