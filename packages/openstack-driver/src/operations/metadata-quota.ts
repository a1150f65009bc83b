import { hasStatus, type OpenStackError } from '../http/openstack-error.ts'

/** "Maximum number of metadata items exceeds 128": 403, and the word quota does not occur (driver spec §7.8). */
export function isMetadataQuota(error: unknown): error is OpenStackError {
  return hasStatus(error, 403, 413) && /metadata items|quota.*metadata/i.test(error.fault?.message ?? '')
}
