import { beyond } from '@openstack-cpi/harness/tenant'
import { expect, inject, test } from 'vitest'
import { useGuestZone } from '../guest-zone.ts'

const zone = useGuestZone()

test('§7.5 the calls of the other files have left nothing', async () => {
  expect(beyond(inject('inventory'), await zone().view.inventory())).toEqual([])
})
