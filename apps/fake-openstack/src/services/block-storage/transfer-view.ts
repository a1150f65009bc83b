import type { Call } from '../../kernel/call.ts'
import type { TransferRecord } from './records.ts'
import { linksOf, storedTime } from './volume-view.ts'

export const transferSummary = (call: Call, transfer: TransferRecord) => ({
  id: transfer.id,
  volume_id: transfer.volume_id,
  name: transfer.name,
  links: linksOf(call, 'os-volume-transfer', transfer.id),
})

export const transferDetail = (call: Call, transfer: TransferRecord) => ({
  ...transferSummary(call, transfer),
  created_at: storedTime(transfer.created_at),
  ...(call.microversion.atLeast('3.55') ? { no_snapshots: transfer.no_snapshots } : {}),
  ...(call.microversion.atLeast('3.57')
    ? { destination_project_id: null, source_project_id: transfer.source_project_id, accepted: false }
    : {}),
})
