import type { Cpi, OptionalMethods } from '@openstack-cpi/cpi-core'
import type { PendingResultsFolder } from './pending-results-folder.ts'

/** The same driver, which also removes the pending-result record of what it has deleted. */
export const removingRecords = (cpi: Cpi & OptionalMethods, records: Pick<PendingResultsFolder, 'remove'>): Cpi => ({
  ...cpi,
  deleteStemcell: async (id) => {
    await cpi.deleteStemcell(id)
    records.remove({ kind: 'image', id })
  },
  deleteDisk: async (id) => {
    await cpi.deleteDisk(id)
    records.remove({ kind: 'volume', id })
  },
  deleteSnapshot: async (id) => {
    await cpi.deleteSnapshot(id)
    records.remove({ kind: 'snapshot', id })
  },
  deleteNetwork: async (id) => {
    await cpi.deleteNetwork(id)
    records.remove({ kind: 'network', id })
  },
})
