import { hasStatus, isNotFound } from '../../http/openstack-error.ts'

/**
 * Asks Cinder to delete something that was made whole. Not for what may still be `creating`: Cinder drops the record of
 * a volume that no backend has yet, whatever the backend makes of it afterwards.
 * @returns `refused` when its state does not allow it
 */
export async function requestKnownDeletion(request: () => Promise<void>): Promise<'accepted' | 'gone' | 'refused'> {
  try {
    await request()
    return 'accepted'
  } catch (error) {
    if (isNotFound(error)) return 'gone'
    if (hasStatus(error, 400)) return 'refused'
    throw error
  }
}
