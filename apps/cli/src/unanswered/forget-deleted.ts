import type { Cpi, OptionalMethods } from '@openstack-cpi/cpi-core'
import type { UnansweredFolder } from './unanswered-folder.ts'

/** The same driver, which also removes the pending-result record of what it has deleted. */
export const forgetDeleted = (cpi: Cpi & OptionalMethods, records: Pick<UnansweredFolder, 'forget'>): Cpi => ({
  ...cpi,
  deleteStemcell: async (id) => {
    await cpi.deleteStemcell(id)
    records.forget({ kind: 'image', id })
  },
  deleteDisk: async (id) => {
    await cpi.deleteDisk(id)
    records.forget({ kind: 'volume', id })
  },
  deleteSnapshot: async (id) => {
    await cpi.deleteSnapshot(id)
    records.forget({ kind: 'snapshot', id })
  },
  deleteNetwork: async (id) => {
    await cpi.deleteNetwork(id)
    records.forget({ kind: 'network', id })
  },
})
