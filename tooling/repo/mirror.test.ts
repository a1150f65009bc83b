import { expect, test } from 'vitest'
import { unmatched } from './mirror.ts'

test('a service module of the driver needs a partner in the fake; what ties modules together needs none', () => {
  const driver = ['services.ts', 'network/network.ts', 'network/ports.ts', 'compute/servers.ts']
  expect(unmatched(driver, ['network/ports.ts', 'network/service.ts'])).toEqual(['compute/servers.ts'])
})
