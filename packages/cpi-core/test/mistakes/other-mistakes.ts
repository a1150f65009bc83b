import { CpiError } from '../../src/errors/cpi-error.ts'
import { stemcellCid } from '../../src/model/cid.ts'
import { type Mistake, override } from './mistake.ts'

/** Mistakes in the methods for stemcells and networks, and across methods. */
export const otherMistakes: readonly Mistake[] = [
  [
    'ok_to_retry is always true',
    (cpi) => {
      for (const method of ['createVm', 'attachDisk'] as const) {
        const original = cpi[method].bind(cpi) as (...values: unknown[]) => Promise<unknown>
        override(cpi, {
          [method]: (...values: unknown[]) =>
            original(...values).catch((error: CpiError) => {
              throw new CpiError(error.code, error.message, { okToRetry: true, cause: error })
            }),
        })
      }
    },
  ],
  [
    'the error classes are wrong',
    (cpi) => {
      const attach = cpi.attachDisk.bind(cpi)
      cpi.attachDisk = (vm, disk) => attach(vm, disk).catch((error: Error) => Promise.reject(new Error(error.message)))
    },
  ],
  [
    'create_stemcell adopts an earlier stemcell',
    (cpi) => {
      const create = cpi.createStemcell.bind(cpi)
      cpi.createStemcell = async (request) => [...cpi.cloud.stemcells.keys()][0] ?? (await create(request))
    },
  ],
  [
    'delete_stemcell fails for a missing stemcell',
    (cpi) => {
      const remove = cpi.deleteStemcell.bind(cpi)
      cpi.deleteStemcell = async (stemcell) => {
        if (!cpi.cloud.stemcells.has(stemcellCid(stemcell))) throw new Error('404')
        await remove(stemcell)
      }
    },
  ],
  ['a method is misspelt', (cpi) => override(cpi, { getDisks: undefined, getdisks: async () => [] })],
  [
    'delete_network fails for a missing network',
    (cpi) => {
      const remove = cpi.deleteNetwork.bind(cpi)
      cpi.deleteNetwork = async (network) => {
        if (!cpi.cloud.networks.has(network)) throw new Error('404')
        await remove(network)
      }
    },
  ],
]
