import { expect, test } from 'vitest'
import { useGuestZone } from '../guest-zone.ts'

const zone = useGuestZone()

test('§7.5 the calls of the other files have left nothing in the zone', async () => {
  expect(await zone().empty()).toEqual({ servers: [], ports: [], snapshots: [], volumes: [] })
})
