import { expect } from 'vitest'
import type { ContractCase } from './contract-case.ts'
import { text } from './contract-scenario.ts'

/** What contract §6.2 and §6.3 promise of stemcells. */
export const stemcellCases: readonly ContractCase[] = [
  {
    title: 'contract §6.2, §6.3 create_stemcell makes a stemcell, and delete_stemcell succeeds again and again',
    run: async ({ call, createStemcell }) => {
      const stemcell = await createStemcell()
      expect(await createStemcell()).not.toBe(stemcell)
      expect(await call('delete_stemcell', [stemcell])).toBeNull()
      expect(await call('delete_stemcell', [stemcell])).toBeNull()
    },
  },
  {
    title: 'contract §6.2 create_stemcell takes the tags of API version 3',
    run: async ({ call, harness }) => {
      const { imagePath, cloudProperties } = harness.stemcell
      text(await call('create_stemcell', [imagePath, cloudProperties, { tags: { team: 'blue' } }], 3))
    },
  },
  {
    title: 'contract §6.3 delete_stemcell succeeds for a stemcell that does not exist',
    run: async ({ call, harness }) => {
      expect(await call('delete_stemcell', [harness.missingCid])).toBeNull()
    },
  },
]
