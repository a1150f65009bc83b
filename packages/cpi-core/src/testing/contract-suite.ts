import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type ContractScenario, type CpiContractHarness, createScenario, object, text } from './contract-scenario.ts'
import { describeDisksAndSnapshots } from './disk-contract.ts'
import { describeStemcellsAndVms } from './vm-contract.ts'

/**
 * The promises every CPI makes to its callers (contract §6), as tests against a driver: shapes, idempotence, error
 * types, nothing left behind. Call it at the top level of a vitest file. Optional methods a driver leaves out are
 * expected to answer `NotImplemented`.
 */
export const describeCpiContract = (
  name: string,
  makeHarness: () => Promise<CpiContractHarness> | CpiContractHarness,
): void => {
  describe(`CPI contract: ${name}`, () => {
    let current: ContractScenario
    const scenario = () => current

    beforeEach(async () => {
      current = createScenario(await makeHarness())
    })
    afterEach(async () => {
      await current.harness.close?.()
    })

    describeStemcellsAndVms(scenario)
    describeDisksAndSnapshots(scenario)

    test('contract §6.21, §6.22 a network is made and deleted, and its range is known', async () => {
      const { call, failure, isOffered, expectNothingLeft, harness } = scenario()
      if (harness.network === undefined) {
        if (await isOffered('createNetwork')) return
        const { type } = await failure('create_network', { type: 'manual', range: '192.0.2.0/24' })
        expect(type).toBe('Bosh::Clouds::NotImplemented')
        return
      }
      const created = await call('create_network', [harness.network])
      const [network, address, cloudProperties] = Array.isArray(created) ? created : []
      expect(object(address)['reserved']).toEqual(expect.any(Array))
      if (harness.network['range'] === undefined) expect(object(address)['range']).toEqual(expect.any(String))
      expect(cloudProperties).toEqual(expect.any(Object))
      expect(await call('delete_network', [text(network)])).toBeNull()
      await expectNothingLeft()
    })
  })
}
