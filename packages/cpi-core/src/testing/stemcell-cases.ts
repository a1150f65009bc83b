import { copyFile, mkdtemp, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'vitest'
import type { ContractCase } from './contract-case.ts'
import { object, text } from './contract-scenario.ts'

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
    title: 'contract §6.3 delete_stemcell deletes one stemcell and no other',
    run: async ({ call, createStemcell, createVm }) => {
      const [kept, deleted] = [await createStemcell(), await createStemcell()]
      await call('delete_stemcell', [deleted])
      await createVm(kept)
    },
  },
  {
    title: 'contract §6.2 create_stemcell takes the tags of API version 3',
    run: async ({ call, harness, skip }) => {
      const { imagePath, cloudProperties } = harness.stemcell
      const { api_version: version } = object(await call('info', []))
      if (typeof version === 'number' && version < 3) skip(`the CPI has API version ${version}`)
      text(await call('create_stemcell', [imagePath, cloudProperties, { tags: { team: 'blue' } }], 3))
    },
  },
  {
    title: 'contract §6.3 delete_stemcell succeeds for a stemcell that does not exist',
    run: async ({ call, harness }) => {
      expect(await call('delete_stemcell', [harness.missingCid])).toBeNull()
    },
  },
  {
    title: 'contract §6.2 create_stemcell needs the image no longer when it answers: create_vm works without it',
    run: async ({ createStemcell, createVm, harness, skip }) => {
      const { imagePath } = harness.stemcell
      if (!(await isFile(imagePath))) skip(`the image '${imagePath}' of the harness is no file`)
      const folder = await mkdtemp(join(tmpdir(), 'cpi-contract-'))
      try {
        const copy = join(folder, 'image')
        await copyFile(imagePath, copy)
        const stemcell = await createStemcell(copy)
        await rm(copy)
        await createVm(stemcell)
      } finally {
        await rm(folder, { recursive: true })
      }
    },
  },
]

const isFile = (path: string): Promise<boolean> =>
  stat(path).then(
    (found) => found.isFile(),
    () => false,
  )
